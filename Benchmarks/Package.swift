// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "Daybook", path: ".."),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .target(name: "Measuring"),
    .target(name: "Peers", dependencies: ["CSQLite", "Measuring"]),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CMalloc", "Measuring", "Peers", .product(name: "Daybook", package: "Daybook"),
        .product(name: "DaybookRuntime", package: "Daybook"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
      ]),
  ]
)
