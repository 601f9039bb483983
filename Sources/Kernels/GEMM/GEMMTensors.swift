import Trace

/// The tensors of a matrix product. `rowStride` of a view is the distance between rows in memory, and `batchStride`
/// that between the matrices of a batch, in elements.
package struct GEMMTensors: Equatable, Sendable {
    package var left: TensorView
    package var right: TensorView
    package var output: TensorView
    /// A value for each column; nil where nothing is added.
    package var bias: TensorView?
    /// Where the parts of a divided depth leave their fp32 products. cuBLAS has one workspace for all launches.
    package var workspace: UInt64
    /// What a launch keeps in memory for its tile scheduler: a word.
    var counter: UInt64 { workspace }
    /// First byte of the partial products.
    var partials: UInt64 { workspace + 512 }

    package init(left: TensorView, right: TensorView, output: TensorView, bias: TensorView? = nil, workspace: UInt64) {
        self.left = left
        self.right = right
        self.output = output
        self.bias = bias
        self.workspace = workspace
    }

    /// Fresh tensors, without anything between their rows. The workspace lies behind them.
    package init(_ shape: GEMMShape, memory: inout DeviceMemory) {
        func view(rows: Int, stride: Int) -> TensorView {
            let bytes = shape.batch * rows * stride * shape.elementType.byteCount
            return TensorView(
                allocationAddress: memory.allocate(byteCount: bytes), allocationByteCount: bytes,
                elementType: shape.elementType, batchStride: rows * stride, rowStride: stride)
        }
        left = view(rows: shape.leftIsTransposed ? shape.depth : shape.rows, stride: shape.leftStride)
        right = view(rows: shape.rightIsTransposed ? shape.columns : shape.depth, stride: shape.rightStride)
        output = view(rows: shape.rows, stride: shape.columns)
        bias = shape.hasBias ? view(rows: 1, stride: shape.columns) : nil
        workspace = memory.allocate(byteCount: Self.workspaceBytes)
    }

    /// The workspace that PyTorch gives cuBLAS on Hopper, in bytes.
    package static let workspaceBytes = 32 << 20
}
