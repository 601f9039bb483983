/// One streaming multiprocessor: what limits its resident blocks, and how fast its warps issue.
package struct SMSettings: Equatable, Sendable {
    /// Most resident warps.
    package var warps = 0
    /// Most resident threads.
    package var threads = 0
    /// Most resident blocks.
    package var blocks = 0
    /// 32-bit registers, split evenly over the schedulers.
    package var registers = 0
    /// Registers of one warp are rounded up to this many.
    package var registerGranularity = 0
    /// Most registers that a thread may have.
    package var registersPerThread = 0
    /// Most threads that a block may have.
    package var threadsPerBlock = 0
    /// Warp schedulers. Each has its share of the registers.
    package var schedulers = 0
    /// Bytes shared by L1 and shared memory.
    package var unifiedBytes = 0
    /// Shared memory in bytes that the system takes for each block.
    package var sharedReserveBytes = 0
    /// Shared memory of a block is rounded up to this many bytes.
    package var sharedGranularityBytes = 0
    /// Most shared memory of one block in bytes, without the reserve.
    package var sharedPerBlockBytes = 0
    /// Shared-memory carve-outs that can be configured, in bytes, ascending.
    package var carveOutBytes: [Int] = []
    /// Up to this size in bytes, the driver doubles the carve-out that the resident blocks need.
    package var carveOutDoublingBytes = 0
    /// The largest carve-out for blocks without shared memory of their own, in bytes.
    package var carveOutWithoutSharedBytes = 0
    /// Blocks with more shared memory than this (bytes, without the reserve) get the largest carve-out.
    package var preferSharedBytes = 0
    /// Cycles between the instructions of a lone warp in launches without tensor products, if no class of instructions
    /// adds to them.
    package var issueIntervalCycles: Double = 0
    /// Cycles of the SM's memory-instruction pipe per warp instruction (LDS, STS, LDSM, LDGSTS, LDG, STG).
    package var memoryInstructionCycles: Double = 0
    /// Cycles of a scheduler's fp32 pipe per fp32 warp instruction.
    package var fp32InstructionCycles: Double = 0
    /// Cycles of a scheduler's special-function pipe per warp instruction.
    package var specialInstructionCycles: Double = 0
    /// Cycles of a scheduler's tensor core per product of 16 x 8 by 16 two-byte elements.
    package var productCycles: Double = 0
    /// Further cycles between a lone warp's instructions if all of them are branches, barriers, moves or instructions
    /// of the uniform datapath.
    package var controlIntervalCycles: Double = 0
    /// Further cycles between a lone warp's instructions if all of them are special functions.
    package var specialIntervalCycles: Double = 0
    /// Replaces `issueIntervalCycles` and `specialIntervalCycles` in launches with tensor products.
    package var productIntervalCycles: Double = 0
    package var productSpecialIntervalCycles: Double = 0
    /// A shuffle's share of `memoryInstructionCycles`.
    package var shuffleShare: Double = 0
    /// Cycles of a scheduler's ALU pipe per integer, compare, select, minimum or conversion warp instruction.
    package var aluInstructionCycles: Double = 0
    /// Exponent p of the soft maximum (a^p + b^p)^(1/p) of interval, issue and pipes.
    package var pipeExponent: Double = 0
    /// Share of an SM's issue, 0 to 0.99, that computing blocks get one after another. The block with the fewest
    /// instructions left comes first.
    package var greedyShare: Double = 0
    /// Width of the random part of a compute step's time, as a share of it. It applies while several blocks are on the
    /// SM.
    package var stepJitter: Double = 0
    /// Least cycles of a fence and its L1 invalidation, if nothing was written since the last fence.
    package var fenceCycles: Double = 0
    /// Cycles of a fence after writes and of its L1 invalidation, in addition to the way to the L2 and back.
    package var fenceWriteCycles: Double = 0
    /// Cycles between the answer to a poll of a flag and the next poll: invalidation, two barriers, the comparison.
    package var pollPauseCycles: Double = 0
    /// Cycles from the end of a signal's fence to the first lookup of the flag at the L2 that shows the signal.
    package var signalCycles: Double = 0
}
