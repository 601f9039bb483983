import Machine
import Testing

/// Occupancy against blocks that are placed one after the other until something runs out.
@Suite struct OccupancyLawTests {
    /// Warps that fit the schedulers' register files one by one.
    private func warpsByRegisters(_ sm: SMSettings, registersPerThread: Int) -> Int {
        var perWarp = registersPerThread * 32
        while perWarp % sm.registerGranularity != 0 { perWarp += 1 }
        var warps = 0
        for _ in 0..<sm.schedulers {
            var left = sm.registers / sm.schedulers
            while left >= perWarp {
                left -= perWarp
                warps += 1
            }
        }
        return warps
    }

    @Test func `Each limit is the number of blocks that can be placed before its resource runs out`() throws {
        var few = MachineSettings.h200.sm
        few.warps = 48
        few.blocks = 24
        var fewThreads = MachineSettings.h200.sm
        fewThreads.threads = 1536
        for sm in [MachineSettings.h200.sm, few, fewThreads] {
            for threads in [1, 31, 32, 33, 64, 96, 97, 128, 160, 224, 255, 256, 384] {
                for registers in [16, 21, 24, 33, 40, 41, 57, 64] {
                    for shared in [0, 1, 896, 897, 4096, 10_000, 24_576, 50_000] {
                        let found = try sm.occupancy(
                            threadsPerBlock: threads, registersPerThread: registers, sharedMemoryBytesPerBlock: shared)
                        let warps = threads / 32 + (threads % 32 > 0 ? 1 : 0)
                        var (byWarps, byRegisters, byShared) = (0, 0, 0)
                        while (byWarps + 1) * warps <= sm.warps, (byWarps + 1) * warps * 32 <= sm.threads {
                            byWarps += 1
                        }
                        let all = warpsByRegisters(sm, registersPerThread: registers)
                        while (byRegisters + 1) * warps <= all { byRegisters += 1 }
                        // Each block takes the system's KiB as well, in pieces of 128 bytes.
                        var bytes = shared + 1024
                        while bytes % 128 != 0 { bytes += 1 }
                        while (byShared + 1) * bytes <= 228 << 10 { byShared += 1 }
                        let what = Comment(rawValue: "\(threads) threads, \(registers) registers, \(shared) bytes")
                        #expect(found.warpsPerBlock == warps, what)
                        #expect(found.limitByWarps == byWarps, what)
                        #expect(found.limitByRegisters == byRegisters, what)
                        #expect(found.limitBySharedMemory == byShared, what)
                        #expect(found.limitByBlocks == sm.blocks, what)
                        #expect(found.blocksPerSM == min(sm.blocks, byWarps, byRegisters, byShared), what)
                    }
                }
            }
        }
    }

    @Test func `Code costs its rate up to the reach, and the far rate beyond it`() {
        var launch = MachineSettings.h200.launch
        launch.fetchReachBytes = 1600
        launch.fetchCyclesPerInstruction = 2
        launch.farFetchCyclesPerInstruction = 7
        #expect(launch.fetchCycles(instructions: 0) == 0)
        #expect(launch.fetchCycles(instructions: 99) == 198)
        #expect(launch.fetchCycles(instructions: 100) == 200)
        #expect(launch.fetchCycles(instructions: 103) == 221)
    }

    @Test func `Dirty ways are rounded down, the exact share being whole`() throws {
        for (ways, share, dirty) in [
            (8, 0.4375, 3), (16, 0.4375, 7), (3, 2.0 / 3, 2), (10, 0.7, 7), (10, 0.69, 6), (5, 0, 0), (5, 1, 5),
            (50, 0.58, 29),
        ] {
            var settings = MachineSettings.h200
            settings.l2.ways = ways
            settings.l2.capacityBytes = ways * 2 * 128 * 100
            settings.l2.dirtyShare = share
            #expect(try MachineDescription(settings).derived.dirtyWays == dirty, "\(share) of \(ways)")
        }
    }
}
