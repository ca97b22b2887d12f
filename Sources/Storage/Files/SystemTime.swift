import Glibc

/// The system's time of day, and waiting.
package enum SystemTime {
  /// Milliseconds since 1970, UTC. It can jump, also backwards.
  package static var milliseconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Blocks this thread. Never call it where Swift tasks run.
  package static func pause(milliseconds: Int) {
    usleep(UInt32(clamping: milliseconds * 1000))
  }
}
