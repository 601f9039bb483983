import Analysis
import Foundation
import Kernels
import Machine
import Report
import Runs
import Simulator
import TestSupport
import Testing
import Trace
import Workloads
import weir

@Suite("Runs of many launches")
struct ManyLaunchTests {
    /// Launches of one block and one load each, of the given kernels.
    private func launches(_ kernels: [String]) -> GeneratedLaunches {
        GeneratedLaunches(
            kernels.map { kernel in
                SyntheticSource(
                    launch: KernelLaunch(
                        kernel: kernel, grid: Grid(x: 1), threadsPerBlock: 32, registersPerThread: 32,
                        sharedMemoryBytesPerBlock: 0,
                        tensors: [Tensor(name: "x", baseAddress: 0, byteCount: 1 << 20, elementType: "f32")])
                ) { _, program in
                    program.operations = [
                        .tile(
                            TileAccess(
                                kind: .load, tensor: 0, elementBytes: 4, address: 0, rows: 1, rowBytes: 128,
                                pitchBytes: 128,
                                requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4)), .awaitLoads,
                    ]
                }
            })
    }

    private func smallMachine() throws -> MachineDescription {
        var settings = MachineSettings.h200
        settings.gpu.smCount = 2
        settings.gpcs.count = 2
        settings.gpcs.members = []
        settings.gpcs.partitions = []
        settings.gpcs.dispatchOrder = []
        settings.l2.capacityBytes = 1 << 20
        settings.l2.ways = 16
        return try MachineDescription(settings)
    }

    @Test(
        "Reports written launch by launch are those of the whole run, also where passes wait for later launches in a file"
    )
    func streams() throws {
        let machine = try smallMachine()
        // Of these kernels both passes have launches: what they are is told by the last launch alone, 1.5 MB of JSON
        // later.
        let kernels =
            ["ch_scan_fwd"] + Array(repeating: "ch_state_fwd", count: 290) + [
                "ch_scan_bwd_dz", "ch_state_fwd", "other",
            ]
        try withFolder { folder in
            var whole = try LaunchRunner.run(launches(kernels), machine: machine, cacheMode: .cold)
            whole.cost = nil
            for format in OutputFormat.allCases {
                var text = ""
                var pieces = 0
                var writer = RunWriters.writer(
                    for: format, machine: machine, cacheMode: .cold, temporaryDirectory: folder
                ) {
                    text += $0
                    pieces += 1
                }
                try LaunchRunner.run(launches(kernels), machine: machine, cacheMode: .cold) { try writer.add($0) }
                try writer.finish(cost: nil)
                #expect(text == whole.report(as: format))
                // Text has a row for launches that are alike.
                if format != .text { #expect(pieces > kernels.count) }
                if format == .json {
                    let read = try #require(try parsed(text)["launches"] as? [[String: Any]])
                    #expect(
                        read.compactMap { $0["pass"] as? String } == TrainingStep.passes(of: kernels).map(\.rawValue))
                    #expect(read.compactMap { $0["kernel"] as? String } == kernels)
                }
            }
        }
    }

    @Test("A run of no launch, and of launches of one pass, are whole reports")
    func short() throws {
        let machine = try smallMachine()
        for kernels in [[], ["k"], ["ch_state_fwd", "ch_state_fwd"]] {
            let run = try LaunchRunner.run(launches(kernels), machine: machine, cacheMode: .chained)
            let read = try parsed(run.report(as: .json))
            #expect((read["launches"] as? [Any])?.count == kernels.count)
            #expect((read["totals"] as? [String: Any])?["together"] != nil)
            let rows = run.report(as: .csv).split(separator: "\n").count
            #expect(rows == (kernels.isEmpty ? 0 : kernels.count + 1))
        }
    }

    /// A trace whose launches have very many tensors.
    private func wideTrace(launches: Int, tensors: Int, path: String) throws {
        let file = try AtomicFile(path: path)
        var writer = try TraceWriter(output: try file.output(), options: TraceWriter.Options())
        let launch = KernelLaunch(
            kernel: "wide", grid: Grid(x: 1), threadsPerBlock: 32, registersPerThread: 32, sharedMemoryBytesPerBlock: 0,
            tensors: (0..<tensors).map {
                Tensor(name: "t\($0)", baseAddress: UInt64($0) << 12, byteCount: 4096, elementType: "f32")
            })
        for _ in 0..<launches {
            try writer.begin(launch)
            try writer.append(BlockProgram())
            try writer.endLaunch()
        }
        try writer.finish()
        try file.commit()
    }

    @Test("An inspected trace is reported launch by launch in the bytes of the whole report")
    func inspect() throws {
        try withFolder { folder in
            let path = folder + "/wide.weir"
            try wideTrace(launches: 5, tensors: 4000, path: path)
            let summary = try TraceSummary(reading: ByteInput(path: path))
            for format in OutputFormat.allCases {
                var text = ""
                var none: AccessProfiler?
                var writer: (any LaunchWriter<LaunchSummary>)?
                try TraceSummary.read(
                    ByteInput(path: path), profiler: &none,
                    begin: {
                        writer = InspectWriters.writer(for: format, trace: $0, temporaryDirectory: folder) {
                            text += $0
                        }
                    }, take: { try writer?.add($0) })
                try writer?.finish(cost: nil)
                #expect(text == summary.report(as: format), "\(format)")
                #expect(text.utf8.count > 1 << 20)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["wide.weir"])
        }
    }

    @Test("A sweep runs on the calling thread where the system lends none, with the lines of other sweeps")
    func sweepWithoutThreads() throws {
        try withFolder { folder in
            func sweep(_ name: String) throws -> [String] {
                let words = [
                    "sweep", "bmm_ch_fwd", "--heads", "1", "--groups", "1", "--sequence-length", "256", "--vary",
                    "batch=1,2,3",
                    "--output", folder + "/" + name, "--jobs", "3", "--quiet", "--deterministic",
                ]
                try weir(words)
                return try String(contentsOfFile: folder + "/" + name, encoding: .utf8).split(separator: "\n").map(
                    String.init
                ).sorted()
            }
            WorkerThread.limitStarts(to: 0)
            defer { WorkerThread.limitStarts(to: nil) }
            let alone = try sweep("alone.jsonl")
            WorkerThread.limitStarts(to: 1)
            let one = try sweep("one.jsonl")
            WorkerThread.limitStarts(to: nil)
            #expect(try sweep("all.jsonl") == alone)
            #expect(one == alone)
            #expect(alone.count == 3)
        }
    }
}
