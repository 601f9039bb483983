import Machine
import Testing

@Suite("Occupancy")
struct OccupancyTests {
    /// Rows of h200_ssd.csv, h200_tilings.csv and h200_others.csv: threads, registers, limit_blocks_regs.
    @Test(
        "Registers allow as many blocks as Nsight Compute says",
        arguments: [
            (128, 43, 10), (128, 44, 10), (128, 46, 10), (128, 48, 10), (128, 31, 16), (128, 32, 16), (128, 20, 21),
            (128, 21, 21),
            (128, 22, 21), (128, 25, 16), (128, 40, 12), (128, 72, 7), (128, 76, 6), (128, 95, 5), (128, 127, 4),
            (128, 135, 3),
            (128, 144, 3), (128, 168, 3), (128, 180, 2), (128, 255, 2), (64, 121, 8), (64, 166, 6), (64, 255, 4),
            (256, 50, 4),
            (256, 187, 1), (256, 189, 1), (256, 219, 1), (256, 255, 1),
        ])
    func registerLimits(threads: Int, registers: Int, blocks: Int) throws {
        let occupancy = try MachineSettings.h200.sm.occupancy(
            threadsPerBlock: threads, registersPerThread: registers, sharedMemoryBytesPerBlock: 0)
        #expect(occupancy.limitByRegisters == blocks)
        #expect(occupancy.blocksPerSM == min(blocks, 32, 64 / (threads / 32)))
    }

    /// Threads, registers, shared_bytes_per_block less the reserve of 1024, shared_config_bytes, resident blocks of
    /// max_warps_pct.
    @Test(
        "The carve-out is the one that was configured",
        arguments: [
            (128, 32, 0, 32768, 16), (128, 107, 0, 32768, 4), (256, 36, 0, 32768, 6), (512, 24, 0, 16384, 4),
            (512, 61, 0, 16384, 2), (1024, 30, 0, 8192, 2), (32, 16, 0, 32768, 32), (256, 50, 32, 16384, 4),
            (128, 20, 512, 65536, 16), (128, 27, 1024, 65536, 16),
            (128, 32, 2048, 102400, 16), (128, 44, 2048, 65536, 10), (128, 43, 4096, 102400, 10),
            (128, 144, 4096, 32768, 3),
            (64, 166, 6304, 102400, 6), (128, 40, 6144, 135168, 12), (128, 255, 8192, 65536, 2),
            (128, 128, 10560, 102400, 4),
            (128, 168, 34640, 135168, 3), (128, 255, 49152, 135168, 2), (128, 159, 49920, 233472, 3),
            (128, 246, 73984, 233472, 2),
            (256, 187, 147456, 233472, 1), (128, 254, 198144, 233472, 1),
        ])
    func carveOuts(threads: Int, registers: Int, shared: Int, carveOut: Int, blocks: Int) throws {
        let occupancy = try MachineSettings.h200.sm.occupancy(
            threadsPerBlock: threads, registersPerThread: registers, sharedMemoryBytesPerBlock: shared)
        #expect(occupancy.carveOutBytes == carveOut)
        #expect(occupancy.blocksPerSM == blocks)
        #expect(occupancy.l1CapacityBytes == 262_144 - carveOut)
    }

    @Test("The scarcest resource is named")
    func limitedBy() throws {
        let sm = MachineSettings.h200.sm
        func limit(_ threads: Int, _ registers: Int, _ shared: Int) throws -> OccupancyLimit {
            try sm.occupancy(threadsPerBlock: threads, registersPerThread: registers, sharedMemoryBytesPerBlock: shared)
                .limitedBy
        }
        #expect(try limit(32, 16, 0) == .blocks)
        #expect(try limit(256, 16, 0) == .warps)
        #expect(try limit(128, 255, 0) == .registers)
        #expect(try limit(128, 32, 100_000) == .sharedMemory)
    }

    @Test("A block that cannot fit at all is an error that says what it lacks")
    func doesNotFit() {
        let sm = MachineSettings.h200.sm
        #expect(throws: MachineError.blockDoesNotFit(resource: .warps, needed: 1025, available: 1024)) {
            try sm.occupancy(threadsPerBlock: 1025, registersPerThread: 16, sharedMemoryBytesPerBlock: 0)
        }
        #expect(throws: MachineError.blockDoesNotFit(resource: .sharedMemory, needed: 232_449, available: 232_448)) {
            try sm.occupancy(threadsPerBlock: 128, registersPerThread: 16, sharedMemoryBytesPerBlock: 232_449)
        }
        #expect(throws: MachineError.blockDoesNotFit(resource: .registers, needed: 262_144, available: 65536)) {
            try sm.occupancy(threadsPerBlock: 1024, registersPerThread: 255, sharedMemoryBytesPerBlock: 0)
        }
        let registers = #expect(throws: MachineError.self) {
            try sm.occupancy(threadsPerBlock: 32, registersPerThread: 256, sharedMemoryBytesPerBlock: 0)
        }
        #expect(
            registers?.description == "one warp needs 8192 registers, but sm.registersPerThread = 255 leaves it 8160; "
                + "give the threads fewer registers, or the machine more")
        var small = sm
        small.registers = 8192
        #expect(
            throws: MachineError.registersDoNotFit(
                needed: 4096, available: 2048, field: "sm.registers = 8192 over sm.schedulers = 4")
        ) { try small.occupancy(threadsPerBlock: 32, registersPerThread: 128, sharedMemoryBytesPerBlock: 0) }
        #expect(throws: MachineError.badLaunch(what: "threads per block", value: 0)) {
            try sm.occupancy(threadsPerBlock: 0, registersPerThread: 16, sharedMemoryBytesPerBlock: 0)
        }
    }

    @Test("The largest shared memory of a block fits exactly")
    func largestBlock() throws {
        let occupancy = try MachineSettings.h200.sm.occupancy(
            threadsPerBlock: 128, registersPerThread: 128, sharedMemoryBytesPerBlock: 227 << 10)
        #expect(occupancy.blocksPerSM == 1)
        #expect(occupancy.l1CapacityBytes == 28 << 10)
    }
}
