import Trace

/// Where the local memory of threads lies. A trace records a thread's own offset, and the lanes of a warp mostly have
/// the same one.
///
/// The hardware interleaves the words of a warp's lanes. Word w of lane l lies at w * 128 + l * 4 of the warp's memory,
/// as in the local memory of generated kernels. Each warp of a block has memory of its own, and each block has its
/// memory as long as it runs. There are as many places as blocks that can run at once, and block numbers take them in
/// turn.
struct LocalMemoryMap {
    /// Bytes of a thread's window. Offsets are below this, and generic addresses lie in a window of this length.
    private static let windowBytes: UInt64 = 1 << 24
    private static let warpBytes = windowBytes * 32
    /// Where local memory begins here. This is far from the addresses that CUDA's allocators hand out, which are below
    /// 2^41 or from 0x7000_0000_0000 on.
    static let root: UInt64 = 1 << 45
    /// SMs of the GPU, and threads and blocks of an SM. They decide how many blocks run at once. *Source:* H100 and
    /// H200, SXM.
    private static let (multiprocessors, threadsPerSM, blocksPerSM) = (132, 2048, 32)

    /// Blocks that can run at once.
    private let places: UInt64
    private let warps: UInt64
    /// Base of the window in the generic address space; 0 where the trace does not say.
    private let windowBase: UInt64

    init(_ launch: KernelLaunch, windowBase: UInt64) {
        let threads = launch.warpsPerBlock * 32
        let registers = max(1, (launch.registersPerThread + 7) / 8) * 8
        let perSM = min(Self.blocksPerSM, Self.threadsPerSM / threads, RegisterFile.perBlock / (registers * threads))
        places = UInt64(min(launch.grid.blockCount, Self.multiprocessors * max(1, perSM)))
        warps = UInt64(launch.warpsPerBlock)
        self.windowBase = windowBase
    }

    /// Where the memory of a warp begins.
    func base(block: Int, warp: Int) -> UInt64 {
        Self.root + (UInt64(block) % places * warps + UInt64(warp) % warps) * Self.warpBytes
    }

    /// Where a lane's byte lies in the memory from `base` on. `offset` is an offset, or a generic address in the
    /// window.
    @inline(__always)
    func address(base: UInt64, lane: Int, offset: UInt64) -> UInt64 {
        let within = offset &- windowBase < Self.windowBytes ? offset &- windowBase : offset & (Self.windowBytes &- 1)
        return base &+ (within &>> 2) &<< 7 &+ UInt64(lane) &<< 2 &+ within & 3
    }

    /// Number of 32-bit words of a lane with so many bytes. Each word lies in a line of its own.
    @inline(__always)
    static func words(laneBytes: Int) -> Int { (laneBytes + 3) / 4 }

    /// The thread's offset whose words lie in the given line. Exports need this way back.
    @inline(__always)
    static func offset(ofLine line: UInt64) -> UInt64 { (line &<< 2) & (windowBytes &- 1) }
}
