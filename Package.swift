// swift-tools-version: 6.3
import PackageDescription

/// One set of compiler settings for every Swift target: the strictest the language offers.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let sortedCollections = Target.Dependency.product(name: "SortedCollections", package: "swift-collections")

let package = Package(
  name: "Daybook",
  products: [
    .library(name: "Daybook", targets: ["Daybook"]),
    .library(name: "DaybookRuntime", targets: ["DaybookRuntime"]),
    .executable(name: "daybook", targets: ["DaybookCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(
      url: "https://github.com/apple/swift-collections", from: "1.6.0", traits: ["UnstableSortedCollections"]),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: "CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),

    .target(name: "Documents", swiftSettings: strict),
    .target(name: "Storage", dependencies: [logging], swiftSettings: strict),
    .target(name: "Git", dependencies: ["CGit2", crypto], swiftSettings: strict),
    .target(name: "Sodium", dependencies: ["CSodium"], swiftSettings: strict),
    .target(
      name: "Daybook", dependencies: ["Documents", "Storage", "Git", "Sodium", logging], swiftSettings: strict,
      plugins: ["BundleFiles"]),
    // Rules of each kind on top of the library: what the command and the service share.
    .target(
      name: "DaybookRuntime",
      dependencies: ["Daybook", "Documents", "Sodium", asyncHTTPClient, nioCore, nioHTTP1, nioPosix],
      swiftSettings: strict),
    .target(
      name: "DaybookServer",
      dependencies: [
        "DaybookRuntime", "Daybook", "Documents", crypto, httpTypes, hummingbird, hummingbirdCore, hummingbirdTLS,
        logging, nioCore, nioHTTP1, nioHTTPTypes, nioSSL, serviceLifecycle, unixSignals,
      ], swiftSettings: strict),
    .executableTarget(
      name: "DaybookCLI",
      dependencies: [
        "DaybookServer", "DaybookRuntime", "Daybook", "Documents", argumentParser, logging, serviceLifecycle,
      ],
      swiftSettings: strict),

    // Compiles Schemas/ and store-template/ into the library.
    .plugin(name: "BundleFiles", capability: .buildTool(), dependencies: ["FileBundler"]),
    .executableTarget(name: "FileBundler", swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["Daybook", "Storage", "Documents", logging], path: "Tests/TestSupport",
      swiftSettings: strict),
    // Writes until it is killed: the other side of the crash tests.
    .executableTarget(
      name: "CrashWriter", dependencies: ["Daybook", "TestSupport"], path: "Tests/CrashWriter", swiftSettings: strict),
    // The long versions of tests, which want a release build: what `make campaign` and `make faults` run.
    .executableTarget(
      name: "Campaign", dependencies: ["TestSupport", "Daybook", "CrashWriter"], path: "Tests/Campaign",
      swiftSettings: strict),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "StorageTests", dependencies: ["Storage", "TestSupport", sortedCollections], swiftSettings: strict),
    .testTarget(name: "GitTests", dependencies: ["Git", "Daybook", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "SodiumTests", dependencies: ["Sodium"], swiftSettings: strict),
    .testTarget(
      name: "DaybookTests", dependencies: ["Daybook", "Git", "TestSupport", "CrashWriter"], swiftSettings: strict),
    .testTarget(
      name: "RuntimeTests", dependencies: ["DaybookRuntime", "Daybook", "Sodium", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ServerTests",
      dependencies: [
        "DaybookServer", "DaybookRuntime", "Daybook", "TestSupport", asyncHTTPClient, httpTypes, hummingbird, logging,
        nioCore, nioHTTP1, nioPosix, nioSSL, "DaybookCLI",
      ], swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: ["DaybookCLI", "Daybook", "Documents", "Git", "TestSupport", argumentParser], swiftSettings: strict),
    .testTarget(name: "PackageTests", dependencies: ["Daybook", "Documents"], swiftSettings: strict),
  ]
)
