extension SMSettings {
    /// The occupancy of a launch.
    ///
    /// A warp takes `registersPerThread * 32` registers, rounded up to `registerGranularity`, from one scheduler's
    /// share. A block's warps may lie on any schedulers. This rule gives `limit_blocks_regs` of all 253 launches of
    /// h200_ssd.csv, h200_tilings.csv and h200_others.csv.
    /// - Parameter sharedMemoryBytesPerBlock: static and dynamic bytes, without the reserve.
    /// - Throws: `MachineError.blockDoesNotFit` if not even one block fits, `.registersDoNotFit` if not even one warp
    ///   does, `.badLaunch` for sizes that no launch has.
    package func occupancy(
        threadsPerBlock: Int, registersPerThread: Int, sharedMemoryBytesPerBlock: Int
    ) throws(MachineError) -> Occupancy {
        guard threadsPerBlock > 0 else { throw .badLaunch(what: "threads per block", value: threadsPerBlock) }
        guard registersPerThread >= 0 else { throw .badLaunch(what: "registers per thread", value: registersPerThread) }
        guard sharedMemoryBytesPerBlock >= 0 else {
            throw .badLaunch(what: "bytes of shared memory per block", value: sharedMemoryBytesPerBlock)
        }
        let threadLimit = min(self.threadsPerBlock, threads, warps * 32)
        guard threadsPerBlock <= threadLimit else {
            throw .blockDoesNotFit(resource: .warps, needed: threadsPerBlock, available: threadLimit)
        }
        guard registersPerThread <= self.registersPerThread else {
            throw .registersDoNotFit(
                needed: registersPerThread * 32, available: self.registersPerThread * 32,
                field: "sm.registersPerThread = \(self.registersPerThread)")
        }
        guard sharedMemoryBytesPerBlock <= sharedPerBlockBytes else {
            throw .blockDoesNotFit(
                resource: .sharedMemory, needed: sharedMemoryBytesPerBlock, available: sharedPerBlockBytes)
        }
        let warpsPerBlock = (threadsPerBlock + 31) / 32
        let byWarps = min(warps / warpsPerBlock, threads / (warpsPerBlock * 32))
        guard byWarps > 0 else {
            throw .blockDoesNotFit(resource: .warps, needed: warpsPerBlock * 32, available: min(threads, warps * 32))
        }

        let registersPerWarp = (registersPerThread * 32).roundedUp(to: registerGranularity)
        let warpsByRegisters =
            registersPerWarp == 0 ? warps : registers / schedulers / registersPerWarp * schedulers
        guard registersPerWarp == 0 || warpsByRegisters > 0 else {
            throw .registersDoNotFit(
                needed: registersPerWarp, available: registers / schedulers,
                field: "sm.registers = \(registers) over sm.schedulers = \(schedulers)")
        }
        let byRegisters = registersPerWarp == 0 ? blocks : warpsByRegisters / warpsPerBlock
        guard byRegisters > 0 else {
            throw .blockDoesNotFit(
                resource: .registers, needed: registersPerWarp * warpsPerBlock,
                available: warpsByRegisters * registersPerWarp)
        }

        let sharedPerBlock = (sharedMemoryBytesPerBlock + sharedReserveBytes).roundedUp(to: sharedGranularityBytes)
        let largestCarveOut = carveOutBytes[carveOutBytes.count - 1]
        let byShared = sharedPerBlock == 0 ? blocks : largestCarveOut / sharedPerBlock
        guard byShared > 0 else {
            throw .blockDoesNotFit(resource: .sharedMemory, needed: sharedPerBlock, available: largestCarveOut)
        }

        let resident = min(blocks, byWarps, byRegisters, byShared)
        let carveOut =
            sharedMemoryBytesPerBlock == 0
            ? carveOutWithoutShared(reservedBytes: min(blocks, byWarps) * sharedPerBlock)
            : carveOut(
                residentBytes: resident * sharedPerBlock, prefersShared: sharedMemoryBytesPerBlock > preferSharedBytes)
        return Occupancy(
            blocksPerSM: resident, warpsPerBlock: warpsPerBlock, limitByBlocks: blocks, limitByWarps: byWarps,
            limitByRegisters: byRegisters, limitBySharedMemory: byShared,
            limitedBy: resident == byShared
                ? .sharedMemory
                : resident == byRegisters ? .registers : resident == byWarps ? .warps : .blocks,
            carveOutBytes: carveOut, l1CapacityBytes: unifiedBytes - carveOut)
    }

    /// The carve-out for blocks without shared memory of their own. `reservedBytes` are the reserves of as many blocks
    /// as fit by their warps.
    ///
    /// It is the smallest step above twice the reserves, and at most `carveOutWithoutSharedBytes`. Registers do not
    /// matter.
    ///
    /// *Source:* `shared_config_bytes` of the 22 launches of that kind in h200_ssd.csv, h200_tilings.csv and
    /// h200_triton_dev.csv, and of 178 launches of PyTorch operators: 1024 threads get 8 KiB, 512 get 16, fewer get 32.
    package func carveOutWithoutShared(reservedBytes: Int) -> Int {
        let step = carveOutBytes.first { $0 > 2 * reservedBytes } ?? carveOutBytes[carveOutBytes.count - 1]
        let most = carveOutBytes.first { $0 >= carveOutWithoutSharedBytes } ?? step
        return min(step, most)
    }

    /// The carve-out for resident blocks that together need `residentBytes` of shared memory, including the reserve.
    ///
    /// It is the smallest step of at least max(x, min(2 x, `carveOutDoublingBytes`)), where x is `residentBytes`. It is
    /// the largest step if the launcher prefers shared memory, as Triton's does above 48 KiB.
    ///
    /// *Source:* `shared_config_bytes` of h200_ssd.csv, h200_tilings.csv and h200_others.csv, 240 of 253 launches.
    package func carveOut(residentBytes: Int, prefersShared: Bool) -> Int {
        let largest = carveOutBytes[carveOutBytes.count - 1]
        if prefersShared { return largest }
        let wanted = max(residentBytes, min(2 * residentBytes, carveOutDoublingBytes))
        return carveOutBytes.first { $0 >= wanted } ?? largest
    }
}

extension Int {
    /// The smallest multiple of `step` that is at least this non-negative number.
    func roundedUp(to step: Int) -> Int { (self + step - 1) / step * step }
}
