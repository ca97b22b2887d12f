// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "Daybook", path: "..")],
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
      ]),
  ]
)
