// swift-tools-version: 6.1
import Foundation
import PackageDescription

let package = Package(
    name: "weir",
    products: [.executable(name: "weir", targets: ["weir"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CLzma", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"]), .brew(["xz"])]),
        .target(name: "CSupport"),
        .target(name: "Suggestions"),
        .target(name: "Content", dependencies: ["Suggestions"]),
        .target(name: "Trace", dependencies: ["Content", "CSupport", "CZlib"]),
        .target(name: "TraceFormats", dependencies: ["Trace", "Content", "CZlib", "CLzma"]),
        .target(name: "Kernels", dependencies: ["Trace", "Content", "Suggestions"]),
        .target(name: "Replacement"),
        .target(
            name: "Machine",
            dependencies: ["Replacement", "Content", "Suggestions", .product(name: "Yams", package: "Yams")]),
        .target(name: "Simulator", dependencies: ["Trace", "Machine", "Replacement", "Content", "CSupport"]),
        .target(name: "Workloads", dependencies: ["Kernels", "Trace", "Content", "Suggestions"]),
        .target(
            name: "Runs", dependencies: ["Workloads", "Simulator", "Machine", "Kernels", "Trace", "Content"]),
        .target(
            name: "Analysis", dependencies: ["Runs", "Workloads", "Simulator", "Machine", "Trace", "Content"]),
        .target(
            name: "Fusion",
            dependencies: [
                "Analysis", "Runs", "Workloads", "Simulator", "Machine", "Kernels", "Trace", "Content", "Suggestions",
            ]),
        .target(
            name: "Studies",
            dependencies: [
                "Runs", "Workloads", "Simulator", "Machine", "Kernels", "Trace", "Content", "Suggestions", "CZlib",
            ]),
        .target(
            name: "Validation",
            dependencies: [
                "Fusion", "Runs", "Workloads", "Simulator", "Machine", "Kernels", "Trace", "Content", "CZlib",
            ]),
        .target(
            name: "Report",
            dependencies: [
                "Validation", "Studies", "Fusion", "Analysis", "Runs", "Workloads", "Simulator", "Machine", "Kernels",
                "Trace", "Content",
            ]),
        .executableTarget(
            name: "weir",
            dependencies: [
                "Report", "Validation", "Studies", "Fusion", "Analysis", "Runs", "Workloads", "Simulator", "Machine",
                "Kernels", "TraceFormats", "Trace", "Content", "Suggestions",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "weir-benchmark",
            dependencies: [
                "Report", "Analysis", "Runs", "Workloads", "Machine", "Kernels", "Trace",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Benchmark"),
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "TraceTests", dependencies: ["Trace", "TestSupport"], resources: [.copy("Corpus")]),
        .testTarget(
            name: "TraceFormatsTests", dependencies: ["TraceFormats", "Kernels", "Trace", "Content", "TestSupport"],
            resources: [.copy("Corpus")]),
        .testTarget(
            name: "KernelsTests",
            dependencies: [
                "Kernels", "Workloads", "Runs", "Analysis", "Fusion", "Studies", "Validation", "TestSupport",
            ], resources: [.copy("Golden")]),
        .testTarget(
            name: "MachineTests", dependencies: ["Machine", "Replacement", "Suggestions"], resources: [.copy("Corpus")]),
        .testTarget(
            name: "SimulatorTests",
            dependencies: [
                "Simulator", "Replacement", "Kernels", "Workloads", "Runs", "Analysis", "Fusion", "Studies",
                "Validation", "TraceFormats", "TestSupport",
            ]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "weir", "Report", "Workloads", "Runs", "Analysis", "Fusion", "Studies", "Validation", "Simulator",
                "Kernels", "Machine", "Trace", "Content", "Suggestions",
                "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Golden"], resources: [.copy("Corpus")]),
    ],
    swiftLanguageModes: [.v6]
)

// The fuzz harness is built by Scripts/fuzz alone; it needs libFuzzer's runtime.
if ProcessInfo.processInfo.environment["WEIR_FUZZ"] != nil {
    package.targets += [
        .executableTarget(
            name: "weir-fuzz",
            dependencies: [
                "CZlib", "Trace", "TraceFormats", "Machine", "Workloads", "Runs", "Analysis", "Fusion", "Studies",
                "Validation",
            ],
            path: "Tests/Fuzz/WeirFuzz", swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    ]
}

// Continuous integration takes no warnings. The sources of the packages that Weir uses keep theirs.
if ProcessInfo.processInfo.environment["WEIR_STRICT"] != nil {
    for target in package.targets
    where [.regular, .executable, .test].contains(target.type) && target.name != "CSupport" {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-warnings-as-errors"])]
    }
}
