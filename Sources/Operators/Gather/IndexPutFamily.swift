import Kernels
import Trace

/// index_put with accumulation along the first dimension, which is the gradient of picking rows: indices are wrapped
/// and made linear, sorted, and each row adds up what its indices name.
///
/// Inputs: the table, the indices, the values; output: the table. *Source:* the launches of index_bwd in
/// docs/validation/h200_operators_dev.csv.
struct IndexPutFamily: OperatorFamily {
    let operators = ["index_put", "_index_put_impl"]
    let category = OperatorCategory.gatherScatter

    func category(of launch: any BlockProgramSource) -> OperatorCategory {
        let name = launch.launch.kernel
        return name.hasPrefix("sort") || name == "index_put" ? .gatherScatter : .elementwise
    }

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard op.inputs.count == 3, op.outputs.count == 1, op.inputs[0].shape.count >= 1,
            op.attributes["accumulate"] != .flag(false), op.inputs[1].type == .i64
        else { return nil }
        let (table, indices, values) = (op.inputs[0], op.inputs[1], op.inputs[2])
        guard let rows = table.shape.first, rows > 0, indices.count > 0, table.isContiguous, values.isContiguous,
            indices.isContiguous, values.count == indices.count * (table.count / rows)
        else { return nil }
        let columns = table.count / rows
        let linear = OperatorTensor("linear indices of line \(op.line)", [indices.count], .i64)
        places.add(linear)
        var launches: [any BlockProgramSource] = []
        for (name, input) in [("remainder", indices), ("mul", linear), ("floor_divide", linear)] {
            let step = Operator("aten::" + name, inputs: [input], outputs: [linear])
            guard let own = try ElementwiseFamily().launches(of: step, places: &places) else { return nil }
            launches += own
        }
        let bits = Int.bitWidth - (rows - 1).leadingZeroBitCount
        let sorted = SortedIndices(linear, line: op.line, places: &places)
        launches += sorted.launches(digits: max(1, bits.dividedRoundingUp(by: 8)), places: places)
        let laneBytes = values.type.byteCount
        // Sorted indices of one row follow each other, so that a block's four mostly name the same one.
        let again = min(4, max(1, indices.count / rows))
        let times = max(1, indices.count / rows / again)
        launches.append(
            StreamKernel(
                "index_put",
                grid: Grid(x: indices.count.dividedRoundingUp(by: 4), y: columns.dividedRoundingUp(by: 128)),
                threads: 128, registers: 30,
                reads: [
                    .init(sorted.sortedKeys), .init(sorted.sortedPositions), .init(values, laneBytes: laneBytes),
                    .init(table, laneBytes: laneBytes, times: times, again: again),
                ], writes: [.init(table, laneBytes: laneBytes, times: times, again: again)],
                work: InstructionMix(fma: 20, alu: 80, memory: 17, other: 58), isChain: true, places: places))
        return launches
    }
}
