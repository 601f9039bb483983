import Trace

/// Warp instructions per warp of the selective scan's kernels, by the part of the program.
///
/// Prices are least squares over the SASS of twenty compiled instantiations a kernel (see `SelectiveScanResources`), from 4 to 16
/// items, even and uneven, gated or not: mean errors of a part's total 2 to 4 %, worst 11 %. What branches skip (slow paths of
/// softplus, one warp's work for the block) is left out; docs/mamba1.md compares the sums with the measured launches.
struct SelectiveScanCost: Sendable {
    /// Before the first chunk.
    let entry: ComputeWork
    /// A chunk before its states.
    let lead: ComputeWork
    let state: ComputeWork
    /// A chunk behind its states.
    let tail: ComputeWork
    let gate: ComputeWork
    /// Behind the last chunk.
    let exit: ComputeWork

    /// A row's element that moves alone: address and mask, load or store, and shared memory both ways.
    static let guardedElement = InstructionMix(fma: 0.6, alu: 3.7, memory: 2.7, other: 0.3)
    /// Of each further warp: its turn in the scan, and the barriers.
    private static let scanningWarp = InstructionMix(fma: 0.8, alu: 0.8, other: 2)

    private static func rows(_ count: Double, _ geometry: SelectiveScanGeometry) -> InstructionMix {
        var mix = InstructionMix()
        if !geometry.isEven { mix.add(guardedElement, times: count * Double(geometry.items)) }
        return mix
    }

    static func forward(_ shape: Mamba1Shape, _ geometry: SelectiveScanGeometry) -> SelectiveScanCost {
        let items = Double(geometry.items)
        let others = Double(geometry.warps - 1)
        var lead = InstructionMix(fma: 20, alu: 16, other: 22)
        lead.add(InstructionMix(fma: 15.8, alu: 11, special: 1, memory: 0.5, other: 4), times: items)
        lead += rows(2, geometry)
        if !shape.hasSoftplus { lead.add(InstructionMix(fma: -12, alu: -8, special: -1, other: -4), times: items) }
        var state = InstructionMix(fma: 27.6, alu: 19, memory: 3.5, shuffle: 12, other: 11)
        state.add(InstructionMix(fma: 6.2, alu: 4.2, special: 1, memory: 1, other: 0.2), times: items)
        state += rows(2, geometry)
        state.add(scanningWarp, times: others)
        var tail = InstructionMix(fma: 4, alu: 6, other: 6)
        tail.add(InstructionMix(fma: 1, alu: 1, memory: 0.3, other: 0.5), times: items)
        tail += rows(1, geometry)
        var gate = InstructionMix()
        gate.add(InstructionMix(fma: 4.9, alu: 2.6, special: 2, memory: 0.7, other: 0.8), times: items)
        gate += rows(2, geometry)
        return SelectiveScanCost(
            entry: InstructionMix(fma: 34, alu: 47, special: 1, memory: 2, other: 37).work, lead: lead.work,
            state: state.work, tail: tail.work, gate: gate.work, exit: InstructionMix(other: 1).work)
    }

    static func backward(_ shape: Mamba1Shape, _ geometry: SelectiveScanGeometry) -> SelectiveScanCost {
        let items = Double(geometry.items)
        let others = Double(geometry.warps - 1)
        let spills = SelectiveScanResources.backwardSpills(shape, geometry) ?? .init()
        var lead = InstructionMix(fma: 60, alu: 70, other: 30)
        lead.add(InstructionMix(fma: 14, alu: 7, special: 1, memory: 1, other: 4), times: items)
        lead += rows(3, geometry)
        lead.memory += Double(spills.leadLoads + spills.leadStores)
        if !shape.hasSoftplus { lead.add(InstructionMix(fma: -12, alu: -6, special: -1, other: -4), times: items) }
        var state = InstructionMix(fma: 63.4, alu: 27.5, memory: 2.5, shuffle: 5, other: 15.4)
        // One warp scans for all, forwards and backwards.
        state.shuffle += 28 / Double(geometry.warps)
        state.add(InstructionMix(fma: 21.1, alu: 11.2, special: 1, memory: 6.7, other: 4.2), times: items)
        state += rows(2, geometry)
        state.add(InstructionMix(fma: 2, other: 7), times: others)
        state.memory += Double(spills.stateLoads + spills.stateStores)
        var tail = InstructionMix(fma: 23, alu: 29, other: 16)
        tail.add(InstructionMix(fma: 7.5, alu: 4, special: 2, memory: 1, other: 2), times: items)
        tail += rows(shape.hasSoftplus ? 3 : 2, geometry)
        tail.memory += Double(spills.tailLoads + spills.tailStores)
        if !shape.hasSoftplus { tail.add(InstructionMix(fma: -4, alu: -2, special: -2), times: items) }
        var gate = InstructionMix()
        gate.add(InstructionMix(fma: 10.7, alu: 4.4, special: 2, memory: 1.5, other: 4.2), times: items)
        gate += rows(3, geometry)
        if shape.recomputesOutput {
            gate.add(InstructionMix(fma: 1, alu: 0.5, memory: 0.3), times: items)
            gate += rows(1, geometry)
        }
        return SelectiveScanCost(
            entry: InstructionMix(fma: 21.5, alu: 52.5, special: 1, memory: 2, other: 102).work, lead: lead.work,
            state: state.work, tail: tail.work, gate: gate.work,
            exit: InstructionMix(fma: 17, alu: 20, memory: 6, shuffle: 10, other: 40).work)
    }
}
