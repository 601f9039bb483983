import Kernels
import Trace

/// Rows of a table, picked by indices: embedding, index and index_select along the first dimension.
///
/// Inputs: the table and the indices. Output: the rows. The attribute `indices` says how the indices are distributed.
struct GatherFamily: OperatorFamily {
    let operators = ["embedding", "index", "index_select"]
    let category = OperatorCategory.gatherScatter

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard op.inputs.count == 2, op.outputs.count == 1, let rows = op.inputs[0].shape.first, rows > 0,
            try op.integer("dim") ?? 0 == 0
        else { return nil }
        let (table, indices, output) = (op.inputs[0], op.inputs[1], op.outputs[0])
        let rowBytes = table.count / rows * table.type.byteCount
        guard indices.count * rowBytes == output.count * output.type.byteCount, table.type == output.type else {
            throw OperatorDefect(
                "\(op.name): \(indices.count) rows of \(rowBytes) bytes are not what '\(output.id)' holds",
                cure: "check the shapes")
        }
        guard indices.count > 0, rowBytes > 0 else { return [] }
        guard table.isContiguous, output.isContiguous, indices.isContiguous, rowBytes % 16 == 0,
            places.address(of: table) % 16 == 0, places.address(of: output) % 16 == 0
        else { return nil }
        return [
            GatherKernel(
                table: table, indices: indices, output: output, rowBytes: rowBytes,
                distribution: try IndexDistribution(of: op), places: places)
        ]
    }
}
