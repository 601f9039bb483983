/// Allocates the kinds of tensors that a call needs, one after the other.
struct TensorMaker {
    let shape: SSDShape
    var memory: DeviceMemory

    /// Tensors with values for each position that the caller hands in.
    struct Inputs {
        var x: TensorView
        var b: TensorView
        var c: TensorView
        var z: TensorView?
        var timeStep: TensorView
    }

    /// Tensors that kernels hand to each other.
    struct Intermediates {
        var processedTimeStep: TensorView
        var decaySums: TensorView
        var states: TensorView
        var previousStates: TensorView
        var finalStates: TensorView
        var products: TensorView
    }

    /// x, B, C, z and dt: separate contiguous tensors, or column slices of the block's two projections.
    ///
    /// The packed layout keeps x|B|C in one buffer and z|x|B|C|dt in another. A time step of another width has a tensor
    /// of its own.
    mutating func inputs() -> Inputs {
        let headElements = shape.heads * shape.headDim
        let groupElements = shape.groups * shape.stateDim
        guard shape.packedLayout else {
            let x = sequence(rowElements: headElements, headElements: shape.headDim, type: shape.elementType)
            let timeStep = sequence(rowElements: shape.heads, headElements: 1, type: shape.timeStepType)
            let b = sequence(rowElements: groupElements, headElements: shape.stateDim, type: shape.elementType)
            let c = sequence(rowElements: groupElements, headElements: shape.stateDim, type: shape.elementType)
            let z =
                shape.hasGate
                ? sequence(rowElements: headElements, headElements: shape.headDim, type: shape.elementType) : nil
            return Inputs(x: x, b: b, c: c, z: z, timeStep: timeStep)
        }
        let convolved = headElements + 2 * groupElements
        let sharesProjection = shape.timeStepType.byteCount == shape.elementType.byteCount
        let projected = headElements + convolved + (sharesProjection ? shape.heads : 0)
        let projection = sequence(rowElements: projected, headElements: shape.headDim, type: shape.elementType)
        let buffer = sequence(rowElements: convolved, headElements: shape.headDim, type: shape.elementType)
        let timeStep =
            sharesProjection
            ? slice(projection, column: headElements + convolved, headElements: 1)
            : sequence(rowElements: shape.heads, headElements: 1, type: shape.timeStepType)
        return Inputs(
            x: buffer,
            b: slice(buffer, column: headElements, headElements: shape.stateDim),
            c: slice(buffer, column: headElements + groupElements, headElements: shape.stateDim),
            z: shape.hasGate ? projection : nil,
            timeStep: timeStep)
    }

    mutating func intermediates(statesType: ElementType) -> Intermediates {
        Intermediates(
            processedTimeStep: perPosition(), decaySums: perPosition(), states: chunkStates(.f32),
            previousStates: chunkStates(statesType), finalStates: headStates(.f32), products: products())
    }

    /// A (batch, length, heads or groups, elements) tensor of one value a position and column.
    mutating func sequence(rowElements: Int, headElements: Int, type: ElementType) -> TensorView {
        view(
            elements: shape.batch * shape.sequenceLength * rowElements, type: type,
            batchStride: shape.sequenceLength * rowElements, chunkStride: shape.chunkSize * rowElements,
            headStride: headElements, rowStride: rowElements)
    }

    /// One value a head.
    mutating func perHead(_ type: ElementType) -> TensorView {
        view(elements: shape.heads, type: type, headStride: 1)
    }

    mutating func skip() -> TensorView {
        let width = shape.skip == .perChannel ? shape.headDim : 1
        return view(elements: shape.heads * width, type: shape.parameterType, headStride: width)
    }

    mutating func sequenceIndex() -> TensorView {
        view(
            elements: shape.batch * shape.sequenceLength, type: .i32, batchStride: shape.sequenceLength,
            chunkStride: shape.chunkSize, rowStride: 1)
    }

    /// A (batch, heads, head dim, state dim) tensor.
    mutating func headStates(_ type: ElementType) -> TensorView {
        let dim = shape.headDim * shape.stateDim
        return view(
            elements: shape.batch * shape.heads * dim, type: type, batchStride: shape.heads * dim, headStride: dim,
            rowStride: shape.stateDim)
    }

    /// A (batch, chunks, heads, head dim, state dim) tensor. `rows` replaces the number of chunks where it is given.
    mutating func chunkStates(_ type: ElementType, rows: Int? = nil) -> TensorView {
        let dim = shape.headDim * shape.stateDim
        let rows = rows ?? shape.chunkCount
        return view(
            elements: shape.batch * rows * shape.heads * dim, type: type, batchStride: rows * shape.heads * dim,
            chunkStride: shape.heads * dim, headStride: dim, rowStride: shape.stateDim)
    }

    /// An fp32 (batch, heads, chunks, chunk size) tensor, padded to whole chunks.
    mutating func perPosition() -> TensorView {
        let padded = shape.chunkCount * shape.chunkSize
        return view(
            elements: shape.batch * shape.heads * padded, type: .f32, batchStride: shape.heads * padded,
            chunkStride: shape.chunkSize, headStride: padded, rowStride: 1)
    }

    /// A (batch, chunks, splits, groups, chunk size, chunk size) tensor.
    mutating func products(splits: Int = 1, type: ElementType = .f32) -> TensorView {
        let square = shape.chunkSize * shape.chunkSize
        let perChunk = splits * shape.groups * square
        return view(
            elements: shape.batch * shape.chunkCount * perChunk, type: type, batchStride: shape.chunkCount * perChunk,
            chunkStride: perChunk, headStride: square, rowStride: shape.chunkSize)
    }

    private func slice(_ buffer: TensorView, column: Int, headElements: Int) -> TensorView {
        var slice = buffer
        slice.offsetBytes = column * buffer.elementType.byteCount
        slice.headStride = headElements
        return slice
    }

    /// A new tensor of its own.
    mutating func view(
        elements: Int, type: ElementType, batchStride: Int = 0, chunkStride: Int = 0, headStride: Int = 0,
        rowStride: Int = 0
    ) -> TensorView {
        let bytes = elements * type.byteCount
        return TensorView(
            allocationAddress: memory.allocate(byteCount: bytes), allocationByteCount: bytes, elementType: type,
            batchStride: batchStride, chunkStride: chunkStride, headStride: headStride, rowStride: rowStride)
    }
}
