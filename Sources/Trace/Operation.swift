/// How a memory operation reaches the hierarchy.
package enum AccessKind: UInt8, Sendable, CaseIterable {
    /// Plain load into registers through L1 (LDG).
    case load
    /// Plain store (STG). It writes through L1.
    case store
    /// Asynchronous copy to shared memory that bypasses L1 (LDGSTS.BYPASS, cp.async.cg).
    case copyBypass
    /// Asynchronous copy to shared memory through L1 (LDGSTS, cp.async.ca).
    case copyThroughL1
    /// Reduction without result (RED). The L2 slice executes it.
    case reduction
    /// Atomic with result (ATOM). The L2 slice executes it.
    case atomic
    /// Bulk copy from global to shared memory (TMA load). It bypasses L1.
    case bulkLoad
    /// Bulk copy from shared to global memory (TMA store).
    case bulkStore
    /// Load of spilled registers from local memory through L1 (LDL).
    case localLoad
    /// Store of spilled registers to local memory (STL). It writes through L1 and leaves the line there.
    case localStore
    /// Instruction fetch of a CPU trace (`I` of lackey, label 2 of Dinero). Only plain caches look it up. A GPU counts
    /// it.
    case fetch
    /// Writes dirty lines towards memory and keeps them (Dinero IV's copy-back). In each cache these are the lines that
    /// hold a lane's address, or all lines where the access has no lane. Only plain caches do it. A GPU ignores it.
    case copyBack
    /// Drops lines without writing them (Dinero IV's invalidation). These are the lines of each lane, or all lines.
    /// Only plain caches do it.
    case invalidate

    /// Whether the operation brings data to the SM.
    @inlinable package var isRead: Bool {
        switch self {
        case .load, .copyBypass, .copyThroughL1, .bulkLoad, .atomic, .localLoad, .fetch: true
        case .store, .reduction, .bulkStore, .localStore, .copyBack, .invalidate: false
        }
    }

    /// Whether the operation changes the state of cache lines and moves no bytes for its issuer.
    @inlinable package var isMaintenance: Bool { self == .copyBack || self == .invalidate }

    /// Whether only plain caches look the operation up.
    @inlinable package var isOfPlainCaches: Bool { self == .fetch || isMaintenance }

    /// Whether the operation belongs to a group of asynchronous copies.
    @inlinable package var isAsynchronous: Bool {
        switch self {
        case .copyBypass, .copyThroughL1, .bulkLoad: true
        case .load, .store, .reduction, .atomic, .bulkStore, .localLoad, .localStore, .fetch, .copyBack, .invalidate:
            false
        }
    }
}

/// Cache hint of an access.
package enum CacheHint: UInt8, Sendable, CaseIterable {
    case normal, evictFirst, evictLast, noAllocate
    /// For a load: it neither looks at the L1 nor leaves anything there (ld.cg; STRONG.GPU and STRONG.SYS in SASS). For
    /// a reduction: a bulk copy does it (TMA), so that the L1's counters do not see it.
    case bypassL1
    /// For a store: it forms one access with the load before it, which has the same bytes. An instruction that modifies
    /// memory makes both. Plain caches count the two once. A GPU's caches see a load and a store.
    case modify
    /// For a load: what the access did is unknown (Dinero's label 3). Plain caches count it apart. Elsewhere it is a
    /// load.
    case miscellaneous
    /// For an atomic tile: a compare-and-swap that takes the lock at the tile's address, with a fence before it and an
    /// invalidation of the L1 behind it. The block repeats all three until it has the lock. Every lock is free when
    /// the launch begins.
    case takesLock
    /// For an atomic tile: an exchange that gives this lock back, with a fence before it and an invalidation of the L1
    /// behind it.
    case givesLock
    /// For a bulk load: its data go to this many SMs of a cluster, of which the block's own is one (multicast). The L2
    /// is asked once.
    case multicast2, multicast4, multicast8
}

extension CacheHint {
    /// The number of SMs that take the data of a bulk load with this hint.
    @inlinable package var receivers: Int {
        switch self {
        case .multicast2: 2
        case .multicast4: 4
        case .multicast8: 8
        case .normal, .evictFirst, .evictLast, .noAllocate, .bypassL1, .modify, .miscellaneous, .takesLock,
            .givesLock:
            1
        }
    }

    /// The hint of a bulk load whose data go to `receivers` SMs; nil where no cluster has that many.
    package static func multicast(to receivers: Int) -> CacheHint? {
        switch receivers {
        case 1: .normal
        case 2: .multicast2
        case 4: .multicast4
        case 8: .multicast8
        default: nil
        }
    }
}

/// A rectangular tile of memory that all warps of a block read or write, and the way in which warps divide it.
///
/// Only the valid part (after masking) is described: `rows` rows of `rowBytes` bytes, `pitchBytes` apart. A warp
/// request covers `requestRows` consecutive rows. In each row, `lanesPerRow` lanes touch `laneBytes` bytes each,
/// `laneStrideBytes` apart. Where `laneStrideBytes` exceeds `laneBytes`, a thread's elements take several requests
/// (`laneStrideBytes / laneBytes`), each shifted by `laneBytes`. Requests tile the rectangle from its origin. Requests
/// that lie wholly outside the valid part do not exist. Each request is issued `replicas` times.
package struct TileAccess: Equatable, Sendable {
    package var kind: AccessKind
    package var hint: CacheHint
    /// Bytes of an element, for reports and digests.
    package var elementBytes: UInt8
    /// Warps that issue each request redundantly, at least 1.
    package var replicas: UInt8
    /// Index into the launch's tensors.
    package var tensor: UInt16
    package var requestRows: UInt16
    package var lanesPerRow: UInt16
    package var laneBytes: UInt16
    package var laneStrideBytes: UInt16
    package var rows: UInt32
    package var rowBytes: UInt32
    /// Address of the first byte of row 0.
    package var address: UInt64
    package var pitchBytes: Int64

    package init(
        kind: AccessKind, tensor: Int, elementBytes: Int, address: UInt64, rows: Int, rowBytes: Int, pitchBytes: Int,
        requestRows: Int, lanesPerRow: Int, laneBytes: Int, laneStrideBytes: Int, replicas: Int = 1,
        hint: CacheHint = .normal
    ) {
        self.kind = kind
        self.hint = hint
        self.elementBytes = UInt8(elementBytes)
        self.replicas = UInt8(replicas)
        self.tensor = UInt16(tensor)
        self.requestRows = UInt16(requestRows)
        self.lanesPerRow = UInt16(lanesPerRow)
        self.laneBytes = UInt16(laneBytes)
        self.laneStrideBytes = UInt16(laneStrideBytes)
        self.rows = UInt32(rows)
        self.rowBytes = UInt32(rowBytes)
        self.address = address
        self.pitchBytes = Int64(pitchBytes)
    }

    /// Accesses of single lanes that the tile stands for, including replicas.
    package var laneAccesses: UInt64 {
        guard laneBytes > 0 else { return 0 }
        let perRow = (UInt64(rowBytes) + UInt64(laneBytes) - 1) / UInt64(laneBytes)
        return UInt64(rows) * perRow * UInt64(replicas)
    }
}

/// One warp request given lane by lane, as in recorded traces.
package struct LaneAccess: Equatable, Sendable {
    package var kind: AccessKind
    package var hint: CacheHint
    /// Bytes that each lane touches.
    package var laneBytes: UInt16
    package var tensor: UInt16
    /// Start of the active lanes' addresses in the program's `laneAddresses`. There are `laneCount` of them.
    package var firstLane: UInt32
    package var laneCount: UInt32

    package init(
        kind: AccessKind, tensor: Int, laneBytes: Int, firstLane: Int, laneCount: Int, hint: CacheHint = .normal
    ) {
        self.kind = kind
        self.hint = hint
        self.laneBytes = UInt16(laneBytes)
        self.tensor = UInt16(tensor)
        self.firstLane = UInt32(firstLane)
        self.laneCount = UInt32(laneCount)
    }
}

/// Warp instructions that every warp of the block executes between two memory operations.
package struct ComputeWork: Hashable, Sendable {
    /// All warp instructions per warp, including the classes below.
    package var instructions: UInt32
    /// Tensor-core instructions (HGMMA, HMMA).
    package var tensor: UInt32
    /// FFMA, FADD, FMUL.
    package var fp32: UInt32
    /// Integer, compare, select, min, max, convert (ALU pipe).
    package var alu: UInt32
    /// Exponentials and other special functions (XU pipe).
    package var special: UInt32
    /// Shared- and global-memory instructions (LDS, STS, LDSM, STSM, LDGSTS, LDG, STG).
    package var memory: UInt32
    /// Warp shuffles.
    package var shuffle: UInt32
    /// Products of 16 x 8 by 16 elements (2048 multiply-adds, an HMMA.16816) that the tensor instructions amount to.
    /// With 4-byte elements a product is half as deep.
    package var products: UInt32
    /// Cycles that a warp takes for the step if it has its SM to itself, from the machine code's own waits. 0 means
    /// that nobody knows them. Then the machine estimates them from the mix.
    package var cycles: UInt32

    package init(
        instructions: Int, tensor: Int = 0, fp32: Int = 0, alu: Int = 0, special: Int = 0, memory: Int = 0,
        shuffle: Int = 0,
        products: Int = 0, cycles: Int = 0
    ) {
        self.instructions = UInt32(instructions)
        self.tensor = UInt32(tensor)
        self.fp32 = UInt32(fp32)
        self.alu = UInt32(alu)
        self.special = UInt32(special)
        self.memory = UInt32(memory)
        self.shuffle = UInt32(shuffle)
        self.products = UInt32(products)
        self.cycles = UInt32(cycles)
    }
}

extension ComputeWork {
    /// A step without instructions. It says that the block's code has tensor instructions.
    package static let tensorCode = ComputeWork(instructions: 0, tensor: 1)

    /// Operations of one product of 16 x 8 by 16 elements. A multiply-add counts as two.
    package static let operationsPerProduct: UInt64 = 4096
}

/// One step of a thread block's program. A block's warps move together.
package enum Operation: Equatable, Sendable {
    case tile(TileAccess)
    case lanes(LaneAccess)
    /// Waits until all plain loads, local loads and atomics issued so far have returned.
    case awaitLoads
    /// Closes the current group of asynchronous copies.
    case commitGroup
    /// Waits until at most this many committed groups are outstanding.
    case awaitGroups(pending: UInt32)
    /// Block-wide barrier.
    case barrier
    /// Instructions of every warp. A step without any stands for code that the block has and does not execute. Tensor
    /// instructions in it say that the launch uses tensor cores.
    case compute(ComputeWork)
    /// Waits for the block's loads and atomics and then for a fence, and drops the SM's L1 contents, as an acquire does
    /// (CCTL.IVALL). An acquire-release atomic is the atomic followed by this.
    case invalidateL1
    /// Adds one to a flag of the launch once all earlier stores of the block are performed (a release). It is a fence,
    /// followed by a reduction of the flag's word.
    case signal(flag: UInt32)
    /// Waits until a flag of the launch has been signalled `count` times (an acquire). It loads the flag's word past
    /// the L1 and then invalidates the SM's L1, until a load shows the count.
    ///
    /// Flags are the 4-byte words of the launch's tensor with element type `Tensor.flagType`. They are zero when the
    /// launch begins.
    case awaitFlag(flag: UInt32, count: UInt32)
    /// Begins products on the tensor cores, counted as `ComputeWork.products` of every warp. They run while the block
    /// goes on (HGMMA, wgmma.mma_async). The instructions that begin them are part of a `compute` step.
    case beginProducts(UInt32)
    /// Waits until at most this many of the block's last `beginProducts` still run (WARPGROUP.DEPBAR). The number is at
    /// most `Operation.mostPendingProducts`.
    case awaitProducts(pending: UInt32)

    /// The largest number of an `awaitProducts`.
    package static let mostPendingProducts: UInt32 = 3
}
