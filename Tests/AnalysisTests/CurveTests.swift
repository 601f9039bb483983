import Analysis
import Foundation
import Kernels
import Machine
import Simulator
import TestSupport
import Testing
import Trace
import Workloads

@Suite("Curves equal brute force")
struct CurveTests {
    /// Three SMs of two blocks each, so that few blocks make several waves.
    private let small: MachineDescription
    /// The same, and stores of missing lines do not bring them into the L1.
    private let notAllocating: MachineDescription

    /// L1s of eight lines.
    private let smallOptions = [
        "gpu.smCount=3", "sm.blocks=2", "l1.ways=2", "sm.unifiedCapacity=1KiB", "sm.carveOuts=[0]",
        "sm.sharedReserve=0B",
        "sm.sharedPerBlock=0B", "l1.tags=0B", "l1.reserve=0B", "l1.replacement=lru", "l1.hash=modulo",
    ]

    init() throws {
        small = try MachineDescription(named: "h200", options: smallOptions)
        notAllocating = try MachineDescription(named: "h200", options: smallOptions + ["l1.allocatesOnWrite=false"])
    }

    private var everySetting: [CurveSettings] {
        var all: [CurveSettings] = []
        for granularity in CurveGranularity.allCases {
            for order in BlockOrder.allCases {
                var settings = CurveSettings()
                settings.granularity = granularity
                settings.order = order
                settings.level = .l1
                all.append(settings)
                settings.level = .l2
                all.append(settings)
                settings.cacheMode = .chained
                all.append(settings)
                settings.isBehindL1 = true
                all.append(settings)
            }
        }
        return all
    }

    @Test("Fully associative: random launches, both levels, granularities and orders, cold, chained and behind L1s")
    func fullyAssociative() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        var numbers = SeededGenerator(seed: seed)
        let sources = (0..<2).map { _ in randomLaunch(blocks: 15, operations: 40, lines: 16, using: &numbers) }
        for var settings in everySetting {
            settings.capacities = .listed([64, 128, 256, 384, 640, 1024, 1408, 2048, 3000, 4096, 1 << 20])
            try expectExact(sources, settings: settings, machine: small, "seed \(seed)")
            try expectExact(sources, settings: settings, machine: notAllocating, "seed \(seed)")
        }
    }

    @Test("Sets: every number of ways of several numbers of sets, powers of two and others")
    func sets() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        var numbers = SeededGenerator(seed: seed)
        let sources = (0..<2).map { _ in randomLaunch(blocks: 13, operations: 40, lines: 24, using: &numbers) }
        for var settings in everySetting {
            settings.organization = .waysOfSets(sets: [1, 3, 4], ways: 5)
            try expectExact(sources, settings: settings, machine: small, "seed \(seed)")
            try expectExact(sources, settings: settings, machine: notAllocating, "seed \(seed)")
            settings.organization = .setsOfWays(sets: [1, 2, 4, 8], ways: 2)
            try expectExact(sources, settings: settings, machine: small, "seed \(seed)")
        }
    }

    @Test("Other lengths of lines, and every capacity at which misses change")
    func lines() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        var numbers = SeededGenerator(seed: seed)
        let source = randomLaunch(blocks: 8, operations: 30, lines: 10, using: &numbers)
        for (granularity, lineBytes) in [(CurveGranularity.sector, 32), (.sector, 64), (.line, 16), (.line, 1024)] {
            var settings = CurveSettings()
            settings.granularity = granularity
            settings.lineBytes = lineBytes
            settings.capacities = .every
            let result = try CurveRunner.run(GeneratedLaunches([source]), machine: small, settings: settings)
            let launch = result.launches[0]
            // Between two steps nothing changes; at the last one only compulsory misses are left, and that is the
            // footprint.
            #expect(launch.total.misses.last == launch.total.compulsoryMisses)
            #expect(launch.points.last?.capacityBytes == launch.footprintBytes)
            #expect(zip(launch.total.misses, launch.total.misses.dropFirst()).allSatisfy { $0 > $1 })
            try expectExact([source], settings: settings, machine: small, "seed \(seed)")
            let between = (1...launch.points.count + 2).map { UInt64($0 * lineBytes) }
            settings.capacities = .listed(between)
            try expectExact([source], settings: settings, machine: small, "seed \(seed)")
        }
    }

    @Test("Long streams, whose positions are numbered anew many times")
    func longStreams() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        var numbers = SeededGenerator(seed: seed)
        let source = randomLaunch(blocks: 6, operations: 12_000, lines: 300, using: &numbers)
        var settings = CurveSettings()
        settings.capacities = .listed([8, 60, 200, 500].map { $0 * 128 })
        try expectExact([source], settings: settings, machine: small, "seed \(seed)")
    }

    @Test("Small generated launches at many capacities, whole H200")
    func generated() throws {
        let machine = try MachineDescription(named: "h200")
        let shape = SSDShape(
            batch: 1, sequenceLength: 256, heads: 4, headDim: 64, groups: 1, stateDim: 64, chunkSize: 128)
        var sources: [any BlockProgramSource] = []
        var launches = try Workload.launches(kernels: ["ssd-forward"], shape: shape)
        while let source = launches.next() { sources.append(source) }
        let streams = [(CurveLevel.l1, CacheMode.cold, false), (.l2, .chained, false), (.l2, .chained, true)]
        for (level, mode, behind) in streams {
            var settings = CurveSettings()
            settings.level = level
            settings.cacheMode = mode
            settings.isBehindL1 = behind
            settings.capacities = .listed([1 << 10, 7 << 10, 24 << 10, 96 << 10, 400 << 10, 1 << 20])
            try expectExact(sources, settings: settings, machine: machine, "generated")
            settings.organization = .waysOfSets(sets: [96], ways: 24)
            settings.capacities = .ladder
            try expectExact(
                sources, settings: settings, machine: machine, only: { [1, 8, 24].contains($0.ways ?? 0) }, "generated")
        }
    }

    @Test("On a core's trace, the misses of the plain simulator's first level at several ways")
    func plain() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        var numbers = SeededGenerator(seed: seed)
        var core = HandMadeLaunch(blocks: 3, tensors: ["memory"])
        var address: UInt64 = 0
        for access in 0..<6000 {
            address = Bool.random(using: &numbers) ? address + 4 : UInt64.random(in: 0..<3000, using: &numbers) * 4
            core.add(
                block: access / 2000, Bool.random(using: &numbers) ? .load : .store, tensor: 0, [(1 << 24) + address])
        }
        var settings = CurveSettings()
        settings.granularity = .line
        settings.lineBytes = 64
        settings.order = .blocks
        settings.organization = .waysOfSets(sets: [16], ways: 8)
        let curve = try CurveRunner.run(GeneratedLaunches([core]), machine: small, settings: settings).launches[0]
        for ways in [1, 2, 3, 4, 8] {
            let machine = try AnyMachine(
                named: "one-core",
                options: ["d1.capacity=\(1024 * ways)B", "d1.ways=\(ways)", "core.instructionCache=false"])
            guard case .plain(let plain) = machine else { throw MachineError.needsGPU(machine: "", what: "") }
            let counters = try PlainSimulation(machine: plain, cacheMode: .cold).run(core).counters.d1
            #expect(curve.total.accesses == counters.accesses)
            #expect(curve.total.misses[ways - 1] == counters.misses, "seed \(seed), \(ways) ways")
        }
    }

    @Test("A sample repeats exactly, knows its error, and is near the whole")
    func sample() throws {
        var numbers = SeededGenerator(seed: 5)
        var source = HandMadeLaunch(blocks: 1, tensors: ["a"])
        for _ in 0..<60_000 {
            // Some lines are touched far more often than others.
            let bound = UInt64(1) << UInt64.random(in: 8...13, using: &numbers)
            source.add(block: 0, .load, tensor: 0, [(1 << 24) + UInt64.random(in: 0..<bound, using: &numbers) * 128])
        }
        var settings = CurveSettings()
        settings.capacities = .listed([300, 1000, 3000, 6000].map { $0 * 128 })
        let exact = try CurveRunner.run(GeneratedLaunches([source]), machine: small, settings: settings).launches[0]
            .total
        settings.sampling = CurveSampling(rate: 0.2, seed: 1)
        let first = try CurveRunner.run(GeneratedLaunches([source]), machine: small, settings: settings).launches[0]
            .total
        #expect(
            try CurveRunner.run(GeneratedLaunches([source]), machine: small, settings: settings).launches[0].total
                == first)
        settings.sampling = CurveSampling(rate: 0.2, seed: 2)
        #expect(
            try CurveRunner.run(GeneratedLaunches([source]), machine: small, settings: settings).launches[0].total
                != first)
        #expect(first.accesses == exact.accesses)
        for point in exact.misses.indices {
            let error = try #require(first.standardError(point))
            #expect(error > 0 && error < 0.1 && exact.standardError(point) == nil)
            #expect(abs(first.missRatio(point) - exact.missRatio(point)) < 4 * error + 0.002, "point \(point)")
        }
    }
}
