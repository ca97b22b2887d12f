import Foundation

/// Calls of glibc's that its headers show to programs of GNU only.
enum SpawnCalls {
  typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>

  static let changeFolder = unsafe symbol("posix_spawn_file_actions_addchdir_np").map {
    unsafe unsafeBitCast($0, to: (@convention(c) (Actions, UnsafePointer<CChar>) -> Int32).self)
  }
  static let closeFrom = unsafe symbol("posix_spawn_file_actions_addclosefrom_np").map {
    unsafe unsafeBitCast($0, to: (@convention(c) (Actions, Int32) -> Int32).self)
  }

  private static func symbol(_ name: String) -> UnsafeMutableRawPointer? { unsafe dlsym(nil, name) }
}
