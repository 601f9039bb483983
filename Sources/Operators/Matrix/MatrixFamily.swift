import Kernels
import Trace

/// Matrix products, alone and in batches, with and without a bias.
///
/// Inputs of `mm`, `bmm` and `matmul`: left and right. `addmm` and `baddbmm` have what is added before them: a vector
/// of a value for each column, or a matrix. `linear` has the activations, the weights as (columns, depth), and the
/// bias.
struct MatrixFamily: OperatorFamily {
    let operators = ["mm", "bmm", "addmm", "baddbmm", "matmul", "linear"]
    let category = OperatorCategory.gemm

    /// A matrix of a batch: its elements' distances along batch, rows and columns.
    private struct Matrix {
        var tensor: OperatorTensor
        var batch: Int
        var rows: Int
        var columns: Int
        var batchStride: Int
        var rowStride: Int
        var columnStride: Int

        /// Joins all dimensions but the last two to the batch, or to the rows where the tensor is a stack of rows.
        /// - Returns: nil where no matrix has these strides.
        init?(_ tensor: OperatorTensor, stacksRows: Bool = false) {
            self.tensor = tensor
            var (shape, strides) = (tensor.shape, tensor.strides)
            guard shape.count >= 2 else { return nil }
            // Sizes of one have no stride of their own.
            while shape.count > (stacksRows ? 2 : 3) {
                let outer = shape.removeFirst()
                let stride = strides.removeFirst()
                guard outer == 1 || shape[0] == 1 || stride == strides[0] * shape[0] else { return nil }
                if shape[0] == 1 { strides[0] = stride }
                shape[0] *= outer
            }
            let last = shape.count - 1
            batch = shape.count == 3 ? shape[0] : 1
            batchStride = shape.count == 3 ? strides[0] : 0
            rows = shape[last - 1]
            columns = shape[last]
            rowStride = strides[last - 1]
            columnStride = strides[last]
        }

        var transposed: Matrix {
            var other = self
            swap(&other.rows, &other.columns)
            swap(&other.rowStride, &other.columnStride)
            return other
        }

        /// The distance between rows as they lie in memory, and whether the rows lie side by side instead of the
        /// columns; nil where neither do.
        var layout: (stride: Int, isTransposed: Bool)? {
            if columnStride == 1 || columns == 1 {
                return (rows == 1 ? max(columns, rowStride) : rowStride, false)
            }
            if rowStride == 1 || rows == 1 { return (columnStride, true) }
            return nil
        }
    }

    func operations(of op: Operator) -> Double? {
        let factors = ["addmm", "baddbmm"].contains(op.base) ? op.inputs.dropFirst() : op.inputs[...]
        guard let left = factors.first, let depth = left.shape.last, let output = op.outputs.first else { return nil }
        return 2 * Double(output.count) * Double(depth)
    }

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        guard op.outputs.count == 1 else { return nil }
        guard op.outputs[0].count > 0 else { return [] }
        let adds = op.base == "addmm" || op.base == "baddbmm"
        let isLinear = op.base == "linear"
        let factors = adds ? Array(op.inputs.dropFirst()) : op.inputs
        guard factors.count == 2 || (isLinear && factors.count == 3) else { return nil }
        let stacks = isLinear || op.base == "matmul" && factors[1].shape.count == 2
        guard var left = Matrix(factors[0], stacksRows: stacks),
            var right = Matrix(factors[1], stacksRows: stacks),
            var output = Matrix(op.outputs[0], stacksRows: stacks)
        else { return nil }
        if isLinear { right = right.transposed }
        guard left.columns == right.rows, left.rows == output.rows, right.columns == output.columns,
            left.batch == output.batch, right.batch == output.batch
        else {
            throw OperatorDefect(
                "\(op.name): matrices of \(left.rows) x \(left.columns) and \(right.rows) x \(right.columns) do not make "
                    + "\(output.rows) x \(output.columns)", cure: "check the shapes")
        }
        guard left.columns > 0 else { return nil }
        let addend = adds ? op.inputs[0] : isLinear && factors.count == 3 ? factors[2] : nil
        var bias = addend.flatMap { $0.shape.count == 1 ? $0 : nil }
        // cuBLAS writes matrices whose columns or rows lie side by side; the others' product is that of the transposes.
        if let layout = output.layout, layout.isTransposed {
            (left, right, output) = (right.transposed, left.transposed, output.transposed)
            bias = nil
        }
        guard let leftLayout = left.layout, let rightLayout = right.layout, let outputLayout = output.layout,
            !outputLayout.isTransposed, let type = left.tensor.type.value, right.tensor.type == left.tensor.type,
            output.tensor.type == left.tensor.type
        else { return nil }
        let shape = GEMMShape(
            rows: left.rows, columns: right.columns, depth: left.columns, batch: left.batch, elementType: type,
            leftIsTransposed: leftLayout.isTransposed, rightIsTransposed: rightLayout.isTransposed,
            hasBias: bias != nil, accumulates: addend != nil && bias == nil)
        func view(_ matrix: Matrix, _ stride: Int) -> TensorView {
            places.view(of: matrix.tensor, as: type, batchStride: matrix.batchStride, rowStride: stride)
        }
        let tensors = GEMMTensors(
            left: view(left, leftLayout.stride), right: view(right, rightLayout.stride),
            output: view(output, outputLayout.stride), bias: bias.map { places.view(of: $0, as: type) },
            workspace: places.productWorkspace())
        do {
            return try GEMM.launches(shape, tensors: tensors, multiprocessors: places.multiprocessors)
        } catch {
            throw OperatorDefect("\(op.name): \(error)", cure: "check the operator's shapes")
        }
    }
}
