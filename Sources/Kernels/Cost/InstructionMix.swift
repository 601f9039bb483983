import Trace

/// Warp instructions per warp by pipe. They are real numbers because a stage is added up from fractions.
package struct InstructionMix: Equatable, Sendable {
    /// FMA pipe: FFMA, FADD, FMUL, and the IMAD forms that compute addresses and move registers.
    package var fma: Double
    /// ALU pipe: integer, logic, compare, select, minimum, maximum, convert and pack.
    package var alu: Double
    /// XU pipe: exponential, logarithm, reciprocal, and conversions between integer and float.
    package var special: Double
    /// Memory instructions: LDG, STG, LDGSTS, LDS, STS, LDSM, STSM and atomics.
    package var memory: Double
    /// Tensor instructions: HGMMA or HMMA.
    package var tensor: Double
    /// Shuffles: SHFL.
    package var shuffle: Double
    /// What the tensor instructions compute, in products of 16 x 8 by 16 elements. These are no instructions of their
    /// own.
    package var products: Double
    /// The rest: barriers, waits, fences, branches, moves and the uniform datapath.
    package var other: Double

    package init(
        fma: Double = 0, alu: Double = 0, special: Double = 0, memory: Double = 0, tensor: Double = 0,
        shuffle: Double = 0, products: Double = 0, other: Double = 0
    ) {
        self.fma = fma
        self.alu = alu
        self.special = special
        self.memory = memory
        self.tensor = tensor
        self.shuffle = shuffle
        self.products = products
        self.other = other
    }

    /// All warp instructions.
    package var total: Double { fma + alu + special + memory + tensor + shuffle + other }

    /// The mix as whole instructions of a trace operation.
    package var work: ComputeWork {
        func whole(_ value: Double) -> Int { Int(max(0, value).rounded()) }
        return ComputeWork(
            instructions: whole(total), tensor: whole(tensor), fp32: whole(fma), alu: whole(alu),
            special: whole(special), memory: whole(memory), shuffle: whole(shuffle), products: whole(products))
    }

    package static func += (left: inout InstructionMix, right: InstructionMix) {
        left.fma += right.fma
        left.alu += right.alu
        left.special += right.special
        left.memory += right.memory
        left.tensor += right.tensor
        left.shuffle += right.shuffle
        left.products += right.products
        left.other += right.other
    }

    /// Adds `count` times `price`.
    package mutating func add(_ price: InstructionMix, times count: Double = 1) {
        self += InstructionMix(
            fma: price.fma * count, alu: price.alu * count, special: price.special * count,
            memory: price.memory * count, tensor: price.tensor * count, shuffle: price.shuffle * count,
            products: price.products * count, other: price.other * count)
    }
}

extension InstructionMix {
    /// The time that a 4-byte access takes in the memory-instruction pipe, as a share of a 16-byte access's.
    ///
    /// *Source:* docs/validation/h200_stalls_backward.csv. bmm_ch_bwd with 64 x 64 tiles has 1.6 shared-memory
    /// wavefronts a 4-byte load. Tile kernels without such loads have 2.4 to 3.4 a memory instruction.
    private static let narrowShare = 0.57

    /// Adds accesses of 4 bytes a lane. The pipe takes more of them at a time than of 16-byte accesses.
    mutating func addNarrowAccesses(_ count: Double) {
        memory += Self.narrowShare * count
        other += (1 - Self.narrowShare) * count
    }
}

/// The three stages of a kernel while they are being added up.
struct StageMix: Equatable, Sendable {
    var prologue = InstructionMix()
    var trip = InstructionMix()
    var epilogue = InstructionMix()

    /// The stages as whole instructions.
    var costs: StageCosts { StageCosts(prologue: prologue.work, trip: trip.work, epilogue: epilogue.work) }
}
