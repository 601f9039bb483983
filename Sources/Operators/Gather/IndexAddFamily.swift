import Kernels
import Trace

/// index_add_ along the first dimension. Inputs: the table, the indices and the rows to add. Output: the table. The
/// attribute `indices` says how the indices are distributed.
struct IndexAddFamily: OperatorFamily {
    let operators = ["index_add"]
    let category = OperatorCategory.gatherScatter

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard op.inputs.count == 3, op.outputs.count == 1, op.inputs[0].id == op.outputs[0].id,
            let rows = op.inputs[0].shape.first, rows > 0, try op.integer("dim") ?? 0 == 0
        else { return nil }
        let (table, indices, source) = (op.outputs[0], op.inputs[1], op.inputs[2])
        let columns = table.count / rows
        guard source.count == indices.count * columns, source.type == table.type else {
            throw OperatorDefect(
                "\(op.name): '\(source.id)' does not hold \(indices.count) rows of \(columns) elements",
                cure: "check the shapes")
        }
        guard source.count > 0 else { return [] }
        // Rows of whole warps, so that a warp adds to one row.
        guard columns % 32 == 0, table.isContiguous, source.isContiguous, indices.isContiguous,
            table.type == .f32 || table.type == .bf16
        else { return nil }
        return [
            IndexAddKernel(
                table: table, indices: indices, source: source, columns: columns,
                distribution: try IndexDistribution(of: op), places: places)
        ]
    }
}
