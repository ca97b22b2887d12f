/// What the allocator holds back of memory that was freed.
package enum FreedMemory {
  /// Gives it back to the system. After work that took much for a moment the allocator would keep it, for as long as the
  /// process lives.
  package static func giveBack() { trimHeap() }
}
