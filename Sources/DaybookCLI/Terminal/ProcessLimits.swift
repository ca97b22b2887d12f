import Glibc

/// What this process may take from now on, for good: it is killed, or told that there is no more.
struct ProcessLimits {
  var memoryBytes: Int
  var processorSeconds: Int
  var fileBytes: Int
  /// How long it may live.
  var seconds: Int

  func set() throws(SystemFailure) {
    try set(RLIMIT_AS, memoryBytes)
    try set(RLIMIT_CPU, processorSeconds)
    try set(RLIMIT_FSIZE, fileBytes)
    // What it holds in memory is nobody's to find.
    try set(RLIMIT_CORE, 0)
    _ = alarm(UInt32(seconds))
  }

  private func set(_ resource: __rlimit_resource, _ value: Int) throws(SystemFailure) {
    var limit = rlimit()
    try check("look at the limits of this process") { unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) }
    limit.rlim_cur = min(limit.rlim_max, rlim_t(value))
    limit.rlim_max = limit.rlim_cur
    try check("limit this process") { unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit) }
  }
}
