import Machine
import Trace

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How long a warp's instruction takes when warps share the SM's issue slots and pipes.
///
/// `cycles per instruction = (c^p + (U w)^p)^(1/p)`. Here w is the number of computing warps per scheduler, c is the
/// interval between a lone warp's instructions, and U is the use of the busiest resources per instruction.
/// *Source:* time-mechanism.md, section 1.
///
/// If all warps had equal shares they would stay in step for ever: warps that wait together would compute together.
/// Real schedulers are greedier. The model therefore gives a share of the total throughput (`greedyShare`) to the
/// blocks in turn: each block gets what it adds to the throughput of the blocks ahead of it.
struct PipeModel: Sendable {
    private let interval: Double
    private let controlInterval: Double
    private let specialInterval: Double
    private let memoryCycles: Double
    private let shuffleShare: Double
    private let aluCycles: Double
    private let fp32Cycles: Double
    private let specialCycles: Double
    private let productCycles: Double
    private let schedulers: Double
    private let exponent: Double
    private let greedyShare: Double

    /// - Parameter hasProducts: whether the launch has tensor products. Compilers batch the other instructions around
    ///   them.
    init(settings: SMSettings, hasProducts: Bool) {
        interval = hasProducts ? settings.productIntervalCycles : settings.issueIntervalCycles
        controlInterval = hasProducts ? 0 : settings.controlIntervalCycles
        specialInterval = hasProducts ? settings.productSpecialIntervalCycles : settings.specialIntervalCycles
        memoryCycles = settings.memoryInstructionCycles
        shuffleShare = settings.shuffleShare
        aluCycles = settings.aluInstructionCycles
        fp32Cycles = settings.fp32InstructionCycles
        specialCycles = settings.specialInstructionCycles
        productCycles = settings.productCycles
        schedulers = Double(settings.schedulers)
        exponent = settings.pipeExponent
        greedyShare = settings.greedyShare
    }

    /// Use of issue slots and pipes together, in scheduler cycles per instruction of the mix `work`.
    func usePerInstruction(of work: ComputeWork) -> Double {
        let instructions = Double(max(1, work.instructions))
        let memory = (Double(work.memory) + shuffleShare * Double(work.shuffle)) / instructions
        let vector =
            power(aluCycles * Double(work.alu) / instructions) + power(fp32Cycles * Double(work.fp32) / instructions)
            + power(specialCycles * Double(work.special) / instructions)
        let products = power(productCycles * Double(work.products) / instructions)
        return root(1 + power(schedulers * memoryCycles * memory) + vector + products)
    }

    /// Cycles between two instructions of a lone warp with the mix `work`. They are the issue interval plus two
    /// latencies, as far as warps wait for them: that of special functions, and that of instructions without a class
    /// (branches, barriers, moves, the uniform datapath). If the step has a time of its own, that decides.
    func interval(of work: ComputeWork) -> Double {
        if work.cycles > 0 { return max(1, Double(work.cycles) / Double(max(1, work.instructions))) }
        let classes =
            Double(work.memory) + Double(work.shuffle) + Double(work.tensor) + Double(work.fp32) + Double(work.alu)
            + Double(work.special)
        let waits =
            controlInterval * max(0, Double(work.instructions) - classes) + specialInterval * Double(work.special)
        return max(1, interval + waits / Double(max(1, work.instructions)))
    }

    /// Cycles between two instructions of a warp where `blocks` blocks of `warps` warps each compute. `ahead` of these
    /// blocks go first.
    func cyclesPerInstruction(use: Double, interval: Double, warps: Int, blocks: Int, ahead: Int) -> Double {
        let alike = cyclesPerInstruction(use: use, interval: interval, warps: warps * blocks)
        guard greedyShare > 0, blocks > 1 else { return alike }
        let without =
            ahead == 0 ? 0 : Double(ahead) / cyclesPerInstruction(use: use, interval: interval, warps: warps * ahead)
        let with =
            ahead + 1 == blocks
            ? Double(blocks) / alike
            : Double(ahead + 1) / cyclesPerInstruction(use: use, interval: interval, warps: warps * (ahead + 1))
        return 1 / ((1 - greedyShare) / alike + greedyShare * (with - without))
    }

    /// Cycles that the tensor cores of an SM take for products of one warp each.
    func productCycles(products: Double) -> Double { products * productCycles / schedulers }

    private func cyclesPerInstruction(use: Double, interval: Double, warps: Int) -> Double {
        root(power(interval) + power(use * Double(warps) / schedulers))
    }

    private func power(_ value: Double) -> Double { exponent == 3 ? value * value * value : pow(value, exponent) }
    private func root(_ value: Double) -> Double { exponent == 3 ? cbrt(value) : pow(value, 1 / exponent) }
}
