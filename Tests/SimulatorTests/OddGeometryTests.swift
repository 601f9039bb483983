import Machine
import Simulator
import TestSupport
import Testing
import Trace

@Suite("Odd machines")
struct OddGeometryTests {
    /// Machines that differ from any GPU in one respect or several.
    private static let changes: [(name: String, change: @Sendable (inout MachineSettings) -> Void)] = [
        (
            "one partition",
            {
                $0.l2.partitions = 1; $0.gpcs.partitions = []
            }
        ),
        (
            "12 ways",
            {
                $0.l2.ways = 12; $0.l1.ways = 12
            }
        ),
        (
            "one way",
            {
                $0.l2.ways = 1; $0.l1.ways = 1
            }
        ),
        (
            "64-byte lines",
            {
                $0.l1.lineBytes = 64; $0.l2.lineBytes = 64
            }
        ),
        (
            "16-byte sectors",
            {
                $0.l1.sectorBytes = 16; $0.l2.sectorBytes = 16
            }
        ),
        (
            "8-byte sectors of 64-byte lines",
            {
                $0.l1.lineBytes = 64; $0.l2.lineBytes = 64; $0.l1.sectorBytes = 8; $0.l2.sectorBytes = 8;
                $0.l2.fetchBytes = 32
            }
        ),
        (
            "64 KiB lines and sectors",
            {
                for path in [
                    \MachineSettings.l1.lineBytes, \.l1.sectorBytes, \.l2.lineBytes, \.l2.sectorBytes, \.l2.fetchBytes,
                    \.l2.homeChunkBytes, \.hbm.interleaveBytes,
                ] { $0[keyPath: path] = 65536 }
                $0.l1.ways = 1; $0.sm.unifiedBytes = 1 << 20; $0.l2.capacityBytes = 64 << 20
            }
        ),
        (
            "seven SMs",
            {
                $0.gpu.smCount = 7; $0.gpcs.count = 2; $0.gpcs.members = []; $0.gpcs.partitions = [];
                $0.gpcs.dispatchOrder = []
            }
        ),
        (
            "five channels, six slices",
            {
                $0.hbm.channels = 5; $0.l2.slices = 6
            }
        ),
        (
            "fifo",
            {
                $0.l2.replacement = .fifo; $0.l1.replacement = .fifo
            }
        ),
        (
            "random",
            {
                $0.l2.replacement = .random; $0.l1.replacement = .random; $0.l2.ways = 5
            }
        ),
        (
            "tree",
            {
                $0.l2.replacement = .treePLRU; $0.l1.replacement = .treePLRU; $0.l2.ways = 24
            }
        ),
        ("write-through", { $0.l2.writePolicy = .writeThrough }),
        ("no coalescer", { $0.coalescer.enabled = false }),
        ("no dirty lines", { $0.l2.dirtyShare = 0 }),
        ("one miss in flight", { $0.l1.missesInFlight = 1 }),
        (
            "windows of one cycle",
            {
                $0.l2.nearLatencyCycles = 1; $0.l2.farLatencyCycles = 1
            }
        ),
    ]

    private func mixed() -> SyntheticSource {
        SyntheticSource(launch: launch(blocks: 200, threads: 128, sharedMemoryBytes: 40 << 10, name: "mixed")) {
            block, program in
            var generator = SeededGenerator(seed: UInt64(block))
            for _ in 0..<8 {
                let address = Int.random(in: 0..<3000, using: &generator) * 2048
                program.operations += [
                    access(.copyBypass, at: address, bytes: 4096), access(.load, at: address / 2, bytes: 1000),
                    .commitGroup,
                    .awaitLoads, .compute(ComputeWork(instructions: 90, tensor: 4, alu: 60, memory: 40)),
                    access(.store, at: (8 << 20) + address, bytes: 2052),
                    access(.atomic, at: (32 << 20) + block % 7 * 256, bytes: 128),
                    access(.reduction, at: (33 << 20) + block % 7 * 256, bytes: 128), .awaitGroups(pending: 1),
                ]
            }
        }
    }

    @Test("Sectors and bytes are conserved, on one thread and on two", arguments: changes.indices)
    func conservation(index: Int) throws {
        var settings = MachineSettings.h200
        settings.l2.capacityBytes = 15 << 20
        Self.changes[index].change(&settings)
        let unit = settings.l2.partitions * settings.l2.ways * settings.l2.lineBytes
        settings.l2.capacityBytes = settings.l2.capacityBytes / unit * unit
        let machine = try MachineDescription(settings)
        var counters: [Counters] = []
        var spans: [Double] = []
        for threads in [1, 2] {
            let simulation = try Simulation(machine: machine, cacheMode: .chained, threads: threads)
            _ = try simulation.run(mixed())
            let result = try simulation.run(mixed())
            counters.append(result.counters)
            spans.append(result.spanCycles)
            #expect(result.lifetimes.count == 200)
            let accounted = result.useCycles.reduce(0, +)
            #expect(abs(accounted - result.lifetimes.sum) <= 1e-6 * result.lifetimes.sum)
        }
        #expect(counters[0] == counters[1], "\(Self.changes[index].name)")
        #expect(spans[0] == spans[1])
        let c = counters[0]
        #expect(c.l2ToL1ReadSectors == c.l1LoadSectors - c.l1LoadHitSectors + c.l1AtomicSectors)
        #expect(c.l1ToL2WriteSectors == c.l1StoreSectors + c.l1ReductionSectors + c.l1AtomicSectors)
        #expect(c.l2TexWriteSectors == c.l1StoreSectors)
        #expect(c.l2TexReductionSectors == c.l1ReductionSectors + c.l1AtomicSectors)
        #expect(c.l2TexReadSectors <= c.l2ToL1ReadSectors)
        #expect(c.hbmReadBytes == c.l2FillSectors * UInt64(settings.l2.sectorBytes))
        #expect(c.l2HitSectors <= c.l2Sectors)
        if settings.l2.writePolicy == .writeThrough {
            let written = c.l2TexWriteSectors + c.l2TexReductionSectors
            #expect(c.hbmWriteBytes == written * UInt64(settings.l2.sectorBytes))
        }
    }

    @Test("Channels that do not divide into the partitions share the whole bandwidth")
    func bandwidth() throws {
        func seconds(channels: Int) throws -> Double {
            var settings = MachineSettings.h200
            settings.hbm.channels = channels
            let simulation = try Simulation(machine: MachineDescription(settings), cacheMode: .cold)
            return try simulation.run(readOnce(blocks: 512, bytesPerBlock: 128 << 10)).spanCycles
        }
        let even = try seconds(channels: 4)
        #expect(abs(try seconds(channels: 5) / even - 1) < 0.05)
    }
}
