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
    /// The passes of launches as a whole list gives them: from each backward launch back to the last one that is
    /// forward alone.
    private func passes(of kernels: [String]) -> [SSDPass] {
        func isForward(_ kernel: String) -> Bool {
            !TrainingStep.glue.contains(kernel) && !SSDKernels.ssdRecomputed.contains(kernel)
        }
        var passes: [SSDPass] = []
        var rest = kernels[...]
        func appendForward(_ part: ArraySlice<String>) {
            let left = passes.isEmpty ? 0 : part.prefix { TrainingStep.glue.contains($0) }.count
            passes += part.indices.map { $0 - part.startIndex < left ? .backward : .forward }
        }
        while let backward = rest.firstIndex(where: { $0.contains("_bwd") }) {
            let end = rest[..<backward].lastIndex(where: isForward).map { $0 + 1 } ?? rest.startIndex
            appendForward(rest[..<end])
            passes += Array(repeating: .backward, count: backward + 1 - end)
            rest = rest[(backward + 1)...]
        }
        appendForward(rest)
        return passes
    }

    @Test("Passes told launch by launch are those of the whole list")
    func passes() throws {
        let seed = SeededGenerator.printedSeed("passes")
        var generator = SeededGenerator(seed: seed)
        let glue = try #require(TrainingStep.glue.sorted().first)
        for _ in 0..<2000 {
            let kernels = (0..<Int.random(in: 0...14, using: &generator)).map { _ in
                ["a", "ch_scan_fwd", "ch_state_fwd", glue, "ch_scan_bwd_dz"].randomElement(using: &generator) ?? ""
            }
            let passes = TrainingStep.passes(of: kernels)
            #expect(passes == self.passes(of: kernels), "seed \(seed), \(kernels)")
        }
    }

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
                #expect(pieces > kernels.count)
                if format == .json {
                    let read = try #require(try parsed(text)["launches"] as? [[String: Any]])
                    #expect(read.compactMap { $0["pass"] as? String } == passes(of: kernels).map(\.rawValue))
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

@Suite("Accounts of very many lines")
struct FootprintTests {
    @Test(
        "A curve ends with an error before its account of lines takes more than it may, whatever its caches are",
        arguments: [
            (CurveLevel.l1, CurveOrganization.fullyAssociative), (.l2, .fullyAssociative),
            (.l1, .waysOfSets(sets: [4, 8], ways: 2)),
            (.l2, .waysOfSets(sets: [64], ways: 4)), (.l2, .setsOfWays(sets: [1, 2, 4], ways: 4)),
        ])
    func curve(level: CurveLevel, organization: CurveOrganization) throws {
        let launch = KernelLaunch(
            kernel: "wide", grid: Grid(x: 8), threadsPerBlock: 32, registersPerThread: 32, sharedMemoryBytesPerBlock: 0,
            tensors: [Tensor(name: "x", baseAddress: 0, byteCount: 1 << 40, elementType: "f32")])
        // A line of each of 1,024 pages a block; the account has the eight lines of each.
        let source = SyntheticSource(launch: launch) { block, program in
            program.operations = [
                .tile(
                    TileAccess(
                        kind: .load, tensor: 0, elementBytes: 4, address: UInt64(block) << 24, rows: 1024, rowBytes: 4,
                        pitchBytes: 1024, requestRows: 32, lanesPerRow: 1, laneBytes: 4, laneStrideBytes: 4))
            ]
        }
        var settings = CurveSettings()
        settings.level = level
        settings.organization = organization
        // 65,536 lines of 21 bytes and an index of 384 KiB in each of up to three stacks, and counts of half a
        // mebibyte.
        settings.byteLimit = 24 << 20
        let machine = try MachineDescription(named: "h200")
        _ = try CurveRunner.run(GeneratedLaunches([source, source]), machine: machine, settings: settings)
        settings.byteLimit = 1 << 20
        let error = #expect(throws: ExperimentError.self) {
            _ = try CurveRunner.run(GeneratedLaunches([source]), machine: machine, settings: settings)
        }
        #expect(error == .curveFootprint(place: nil, order: 0, kernel: "wide", bytes: 1 << 20))
        #expect(
            error?.description.contains("would take more than 1 MiB") == true
                && error?.description.contains("--sample") == true)
    }

    @Test("Counts of very many tensors are refused before they are held")
    func tensors() throws {
        let tensors = (0..<65_535).map {
            Tensor(name: "t\($0)", baseAddress: UInt64($0) << 12, byteCount: 4096, elementType: "f32")
        }
        let launch = KernelLaunch(
            kernel: "many", grid: Grid(x: 1), threadsPerBlock: 32, registersPerThread: 32, sharedMemoryBytesPerBlock: 0,
            tensors: tensors)
        // The second half of the lines is touched at distance 256, and a distance has a mebibyte of counts.
        let source = SyntheticSource(launch: launch) { _, program in
            program.operations = (0..<512).map {
                .tile(
                    TileAccess(
                        kind: .load, tensor: 0, elementBytes: 4, address: UInt64($0 % 256) << 7, rows: 1, rowBytes: 4,
                        pitchBytes: 4,
                        requestRows: 1, lanesPerRow: 1, laneBytes: 4, laneStrideBytes: 4))
            }
        }
        var settings = CurveSettings()
        settings.byteLimit = 64 << 20
        let machine = try MachineDescription(named: "h200")
        let error = #expect(throws: ExperimentError.self) {
            _ = try CurveRunner.run(GeneratedLaunches([source]), machine: machine, settings: settings)
        }
        #expect(error == .curveFootprint(place: nil, order: 0, kernel: "many", bytes: 64 << 20))
    }
}
