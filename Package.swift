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
        .target(name: "Operators", dependencies: ["Kernels", "Trace", "Content", "Suggestions"]),
        .target(name: "Models", dependencies: ["Operators", "Kernels", "Trace", "Content", "Suggestions"]),
        .target(name: "Replacement"),
        .target(
            name: "Machine",
            dependencies: ["Replacement", "Content", "Suggestions", .product(name: "Yams", package: "Yams")]),
        .target(name: "Simulator", dependencies: ["Trace", "Machine", "Replacement", "Content", "CSupport"]),
        .target(name: "Workloads", dependencies: ["Kernels", "Trace", "Content", "Suggestions"]),
        .target(
            name: "Runs",
            dependencies: [
                "Models", "Operators", "Workloads", "Simulator", "Machine", "Kernels", "Trace", "Content",
            ]),
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
                "Runs", "Models", "Operators", "Workloads", "Simulator", "Machine", "Kernels", "Trace", "Content",
                "Suggestions", "CZlib",
            ]),
        .target(
            name: "Validation",
            dependencies: [
                "Fusion", "Models", "Operators", "Runs", "Workloads", "Simulator", "Machine", "Kernels", "Trace",
                "Content", "CZlib",
            ]),
        .target(
            name: "Report",
            dependencies: [
                "Validation", "Studies", "Fusion", "Analysis", "Models", "Operators", "Runs", "Workloads", "Simulator",
                "Machine", "Kernels", "Trace", "Content",
            ]),
        .executableTarget(
            name: "weir",
            dependencies: [
                "Report", "Validation", "Studies", "Fusion", "Analysis", "Models", "Operators", "Runs", "Workloads",
                "Simulator", "Machine", "Kernels", "TraceFormats", "Trace", "Content", "Suggestions",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "weir-benchmark",
            dependencies: [
                "Report", "Analysis", "Runs", "Workloads", "Machine", "Kernels", "Trace",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Benchmark"),
        .target(name: "TestSupport", dependencies: ["Trace"], path: "Tests/TestSupport"),
        .target(
            name: "RunSupport", dependencies: ["Runs", "Workloads", "Simulator", "Machine", "Kernels", "Trace"],
            path: "Tests/RunSupport"),
        .target(
            name: "SweepSupport", dependencies: ["Studies", "Machine", "Content", "TestSupport"],
            path: "Tests/SweepSupport"),
        .testTarget(name: "TraceTests", dependencies: ["Trace", "TestSupport"], resources: [.copy("Corpus")]),
        .testTarget(
            name: "TraceFormatsTests", dependencies: ["Kernels", "TraceFormats", "Trace", "Content", "TestSupport"],
            resources: [.copy("Corpus")]),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "Trace", "TestSupport"]),
        .testTarget(name: "OperatorsTests", dependencies: ["Operators", "Trace", "TestSupport"]),
        .testTarget(name: "ModelsTests", dependencies: ["Models", "Operators", "Trace"]),
        .testTarget(name: "MachineTests", dependencies: ["Machine", "Suggestions"], resources: [.copy("Corpus")]),
        .testTarget(
            name: "SimulatorTests",
            dependencies: ["Simulator", "Machine", "Replacement", "Kernels", "TraceFormats", "Trace", "TestSupport"]),
        .testTarget(name: "WorkloadsTests", dependencies: ["Workloads", "Kernels", "Trace", "TestSupport"]),
        .testTarget(
            name: "RunsTests",
            dependencies: ["Runs", "Workloads", "Simulator", "Machine", "Kernels", "Trace", "RunSupport"]),
        .testTarget(
            name: "AnalysisTests",
            dependencies: [
                "Analysis", "Runs", "Workloads", "Simulator", "Machine", "Kernels", "Trace", "TestSupport",
                "RunSupport",
            ]),
        .testTarget(
            name: "FusionTests",
            dependencies: [
                "Fusion", "Analysis", "Runs", "Workloads", "Simulator", "Machine", "Kernels", "Trace", "TestSupport",
            ]),
        .testTarget(
            name: "StudiesTests",
            dependencies: ["Studies", "Machine", "Kernels", "Trace", "Content", "TestSupport", "SweepSupport"],
            resources: [.copy("Corpus")]),
        .testTarget(
            name: "ValidationTests",
            dependencies: [
                "Validation", "Models", "Operators", "Simulator", "Machine", "Kernels", "Trace", "Content",
                "TestSupport",
            ],
            resources: [.copy("Corpus"), .copy("Golden")]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "weir", "Report", "Validation", "Studies", "Fusion", "Analysis", "Runs", "Workloads", "Simulator",
                "Machine", "Kernels", "TraceFormats", "Trace", "Content", "Suggestions", "TestSupport", "RunSupport",
                "SweepSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], exclude: ["Golden"]),
    ],
    swiftLanguageModes: [.v6]
)

// The fuzz harness is built by Scripts/fuzz alone; it needs libFuzzer's runtime.
if ProcessInfo.processInfo.environment["WEIR_FUZZ"] != nil {
    package.targets += [
        .executableTarget(
            name: "weir-fuzz",
            dependencies: [
                "CZlib", "Content", "Trace", "TraceFormats", "Machine", "Analysis", "Studies", "Validation",
            ],
            path: "Tests/Fuzz/WeirFuzz", swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    ]
}

// The inner loops count bits. Without this, Swift compiles for x86-64 processors of before 2009, which cannot.
#if arch(x86_64)
    for target in package.targets where ["Trace", "Simulator"].contains(target.name) {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-Xcc", "-march=x86-64-v2"])]
    }
#endif

// Continuous integration takes no warnings. The sources of the packages that Weir uses keep theirs.
if ProcessInfo.processInfo.environment["WEIR_STRICT"] != nil {
    for target in package.targets
    where [.regular, .executable, .test].contains(target.type) && target.name != "CSupport" {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-warnings-as-errors"])]
    }
}
