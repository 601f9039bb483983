import Trace

/// Warp instructions per warp of the selective scan's kernels, divided by the part of the program.
///
/// The prices come from least squares over the SASS of twenty compiled instantiations of each kernel (see
/// `SelectiveScanResources`): 4 to 16 items, even and uneven, gated or not. What branches skip is left out: slow paths
/// of softplus, and one warp's work for the block. docs/mamba1.md has the errors, also against the measured launches.
struct SelectiveScanCost: Sendable {
    /// Before the first chunk.
    let entry: ComputeWork
    /// A chunk before its states.
    let lead: ComputeWork
    /// One state in three parts: up to B's load, up to the use of C, whose load is under way meanwhile, and the rest.
    let state: [ComputeWork]
    /// A chunk after its states.
    let tail: ComputeWork
    let gate: ComputeWork
    /// After the last chunk.
    let exit: ComputeWork

    /// One element of a row whose elements move one by one: address and mask, load or store, and two accesses to shared
    /// memory.
    ///
    /// A memory instruction of up to 4 bytes a lane holds the load-store unit for one cycle, as a shuffle does
    /// (`sm.shuffleShare`). Such instructions are counted with the shuffles; wider ones are memory instructions.
    private static func element(fma: Double, alu: Double) -> InstructionMix {
        InstructionMix(fma: fma, alu: alu, shuffle: 3, other: 0.3)
    }

    private static func rows(_ count: Double, _ element: InstructionMix, _ geometry: SelectiveScanGeometry)
        -> InstructionMix
    {
        var mix = InstructionMix()
        if geometry.isEven {
            // Each vector is loaded or stored once, and accessed twice in shared memory.
            mix.memory += 3 * count * Double(geometry.items * geometry.elementBytes / geometry.laneBytes)
        } else {
            mix.add(element, times: count * Double(geometry.items))
        }
        return mix
    }

    /// `mix` in parts. The percentages say how far the SASS has come when it waits. The last part is the rest.
    private static func parts(of mix: InstructionMix, waits: [Int]) -> [ComputeWork] {
        let work = mix.work
        return zip([0] + waits, waits + [100]).map { work.part(from: $0, to: $1) }
    }

    static func forward(_ shape: Mamba1Shape, _ geometry: SelectiveScanGeometry) -> SelectiveScanCost {
        let items = Double(geometry.items)
        let others = Double(geometry.warps - 1)
        let element = element(fma: 0.6, alu: 3.7)
        var lead = InstructionMix(fma: 20, alu: 16, other: 22)
        lead.add(InstructionMix(fma: 15.8, alu: 11, special: 1, other: 4), times: items)
        lead += rows(2, element, geometry)
        if !shape.hasSoftplus { lead.add(InstructionMix(fma: -12, alu: -8, special: -1, other: -4), times: items) }
        var state = InstructionMix(fma: 27.6, alu: 19, memory: 8, shuffle: 12, other: 11)
        state.add(InstructionMix(fma: 6.2, alu: 4.2, special: 1, other: 0.2), times: items)
        state += rows(2, element, geometry)
        // What each further warp adds: its turn in the scan, and the barriers.
        state.add(InstructionMix(fma: 0.8, alu: 0.8, other: 2), times: others)
        var tail = InstructionMix(fma: 4, alu: 6, other: 6)
        tail.add(InstructionMix(fma: 1, alu: 1, other: 0.5), times: items)
        tail += rows(1, element, geometry)
        var gate = InstructionMix()
        gate.add(InstructionMix(fma: 4.9, alu: 2.6, special: 2, other: 0.8), times: items)
        gate += rows(2, element, geometry)
        return SelectiveScanCost(
            entry: InstructionMix(fma: 34, alu: 47, special: 1, memory: 2, other: 37).work, lead: lead.work,
            state: parts(of: state, waits: [10, 56]), tail: tail.work, gate: gate.work,
            exit: InstructionMix(other: 1).work)
    }

    static func backward(_ shape: Mamba1Shape, _ geometry: SelectiveScanGeometry) -> SelectiveScanCost {
        let items = Double(geometry.items)
        let others = Double(geometry.warps - 1)
        let spills = SelectiveScanResources.backwardSpills(shape, geometry) ?? .init()
        let element = element(fma: 1.1, alu: 2.5)
        var lead = InstructionMix(fma: 60, alu: 70, other: 30)
        lead.add(InstructionMix(fma: 14, alu: 7, special: 1, other: 4), times: items)
        lead += rows(3, element, geometry)
        lead.shuffle += Double(spills.leadLoads + spills.leadStores)
        if !shape.hasSoftplus { lead.add(InstructionMix(fma: -12, alu: -6, special: -1, other: -4), times: items) }
        var state = InstructionMix(fma: 23.4, alu: 17.5, memory: 4, shuffle: 5, other: 15.4)
        // One warp scans for all, forwards and backwards, over totals that the other warps leave in shared memory.
        state.add(InstructionMix(fma: 40, alu: 10, shuffle: 28), times: 1 / Double(geometry.warps))
        if others > 0 { state += InstructionMix(fma: 10, memory: 10, other: 10) }
        // Each gradient of B and C changes lanes, one by one, before it is added.
        state.add(InstructionMix(fma: 21.1, alu: 11.2, special: 1, shuffle: 6, other: 4.2), times: items)
        state += rows(2, element, geometry)
        state.add(InstructionMix(fma: 4, other: 9), times: others)
        state.shuffle += Double(spills.stateLoads + spills.stateStores)
        var tail = InstructionMix(fma: 23, alu: 29, other: 16)
        tail.add(InstructionMix(fma: 7.5, alu: 4, special: 2, other: 2), times: items)
        tail += rows(shape.hasSoftplus ? 3 : 2, element, geometry)
        tail.shuffle += Double(spills.tailLoads + spills.tailStores)
        if !shape.hasSoftplus { tail.add(InstructionMix(fma: -4, alu: -2, special: -2), times: items) }
        var gate = InstructionMix()
        gate.add(InstructionMix(fma: 10.7, alu: 4.4, special: 2, other: 4.2), times: items)
        gate += rows(3, element, geometry)
        if shape.recomputesOutput {
            gate.add(InstructionMix(fma: 1, alu: 0.5), times: items)
            gate += rows(1, element, geometry)
        }
        return SelectiveScanCost(
            entry: InstructionMix(fma: 21.5, alu: 52.5, special: 1, memory: 2, other: 102).work, lead: lead.work,
            state: parts(of: state, waits: [3, 16]), tail: tail.work, gate: gate.work,
            exit: InstructionMix(fma: 17, alu: 20, memory: 6, shuffle: 10, other: 40).work)
    }
}
