extension MachineSettings {
    /// NVIDIA H200 SXM: GH100 with 132 SMs, 60 MiB of L2 and six stacks of HBM3e. Sources: `MachineField.all`.
    package static let h200 = MachineSettings(
        preset: .h200,
        gpu: GPUSettings(name: "NVIDIA H200 SXM", clockHertz: 1.975e9, tensorClockHertz: 1.775e9, smCount: 132),
        sm: .hopper,
        launch: LaunchSettings(
            overheadNanoseconds: 1740, blockIntervalCycles: 1.1, turnaroundCycles: 767, blockBaseCycles: 220,
            firstWaveCycles: 250, firstWaveSpreadCycles: 600, fetchCyclesPerInstruction: 0.65,
            fetchReachBytes: 64 << 10, farFetchCyclesPerInstruction: 8.5, constantSectors: 7000, constantSectorsPerSM: 66,
            constantFabricSectors: 1500, constantFabricSectorsPerSM: 85),
        l1: L1Settings(
            lineBytes: 128, sectorBytes: 32, ways: 16, replacement: .lru, seed: 1, hash: .modulo,
            writePolicy: .writeThrough, allocatesOnWrite: true, hitLatencyCycles: 33, fillBytesPerCycle: 36.9,
            storeBytesPerCycle: 32, backlogCycles: 250, hitBytesPerCycle: 128, missesInFlight: 1024),
        coalescer: CoalescerSettings(enabled: true, entries: 1024, requesters: 4, passageCycles: 205),
        l2: L2Settings(
            capacityBytes: 60 << 20, partitions: 2, slices: 96, ways: 16, lineBytes: 128, sectorBytes: 32,
            replacement: .lru, seed: 1, hash: .blockXor, homeChunkBytes: 4096, writePolicy: .writeBack,
            dirtyShare: 0.4375, cleanAge: 0.8125, copiesFarReads: true, copiesFarWrites: true, fabricHitRefreshesHome: false,
            fetchBytes: 64, nearLatencyCycles: 255, farLatencyCycles: 406, nearSpreadCycles: 35,
            farSpreadCycles: 80, sliceBytesPerCycle: 64,
            fabricBytesPerCycle: 620, fabricBacklogCycles: 1000, reductionSectorCycles: 1.17, reductionRepeatCycles: 3.49),
        hbm: HBMSettings(
            bytesPerSecond: 4.814e12, channels: 96, interleaveBytes: 4096, nearLatencyCycles: 522,
            farLatencyCycles: 688, readEfficiency: 0.962, writeEfficiency: 0.922, turnaroundNanoseconds: 14.1,
            directionBurstBytes: 4096, backlogCycles: 2000,
            jitterCycles: 100, slowShare: 0.04,
            slowCycles: 550),
        gpcs: .gh100With132SMs)
}

extension SMSettings {
    /// The SM of compute capability 9.0.
    package static let hopper = SMSettings(
        warps: 64, threads: 2048, blocks: 32, registers: 65536, registerGranularity: 256, registersPerThread: 255,
        threadsPerBlock: 1024, schedulers: 4, unifiedBytes: 256 << 10, sharedReserveBytes: 1024,
        sharedGranularityBytes: 128, sharedPerBlockBytes: 227 << 10,
        carveOutBytes: [0, 8, 16, 32, 64, 100, 132, 164, 196, 228].map { $0 << 10 },
        carveOutDoublingBytes: 132 << 10, preferSharedBytes: 48 << 10, issueIntervalCycles: 0.9,
        memoryInstructionCycles: 2.84, fp32InstructionCycles: 1, specialInstructionCycles: 8,
        productCycles: 4, controlIntervalCycles: 12, specialIntervalCycles: 29, productIntervalCycles: 2.54,
        productSpecialIntervalCycles: 15.1, shuffleShare: 0.36, aluInstructionCycles: 2, pipeExponent: 3, greedyShare: 0.3,
        fenceCycles: 279, fenceWriteCycles: 134, pollPauseCycles: 60, signalCycles: 535)
}
