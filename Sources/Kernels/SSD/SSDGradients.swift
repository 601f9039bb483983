/// Tensors that only the backward kernels of a call touch.
///
/// Workspaces are laid out as the wrappers make them: in fp32, with a dimension for the head splits. torch sums over
/// the splits afterwards.
package struct SSDGradients: Equatable, Sendable {
    /// Gradient of the output that the caller hands in.
    package private(set) var outerOutput: TensorView
    /// Gradient of the output before the gate, which the kernels after ch_scan_bwd_dz take. Without a gate it is
    /// `outerOutput`.
    package private(set) var output: TensorView
    package let z: TensorView?
    /// Gradient of D by row tile, fp32 (tiles of 32 rows, batch, chunks, heads, 1 or head dim). `rowStride` is the
    /// stride of a row tile.
    package let skip: TensorView?
    /// Gradients of the states that enter each chunk, fp32.
    package let previousStates: TensorView
    /// Gradient of the final states, where the caller has one, fp32.
    package let finalStates: TensorView?
    /// Gradients of each chunk's own states, in the element type.
    package let states: TensorView
    /// The entering states in the element type; nil where they have that type already.
    package let convertedStates: TensorView?
    package let initialStates: TensorView?
    /// Gradients of the chunks' last decay sums by block, fp32 (batch, heads, chunks, states over 64).
    package let chunkDecay: TensorView
    package private(set) var x: TensorView
    /// Gradient of the processed time step, fp32, added by atomics.
    package let processedTimeStep: TensorView
    /// Workspaces of dB and dC, fp32 (batch, length, splits, groups, state dim). The index of a head is split * groups
    /// + group.
    package let splitB: TensorView
    package let splitC: TensorView
    /// Gradients of the decay sums from the states after and before a position, fp32, added by atomics.
    package let decayToNext: TensorView
    package let decayFromPrevious: TensorView
    /// Workspace of dCB, fp32 (batch, chunks, splits, groups, chunk size, chunk size).
    package let splitProducts: TensorView
    /// The workspaces summed over the splits.
    package let summedB: TensorView
    package let summedC: TensorView
    package let products: TensorView
    package private(set) var b: TensorView
    package private(set) var c: TensorView
    /// Gradients of the decay sums by row tile, fp32 (batch, heads, chunks, tiles of 32 rows, chunk size).
    package let decayByRows: TensorView
    package let decay: TensorView
    package private(set) var timeStep: TensorView
    package private(set) var decayRate: TensorView
    package let timeStepBias: TensorView?
    /// What the framework's own launches write beside the tensors above.
    package let sums: GlueTensors

    /// - Parameter freedStates: the chunks' fp32 states. They are freed once they have been passed on, and the next
    ///   fp32 states lie there.
    init(maker: inout TensorMaker, freedStates: TensorView) {
        let shape = maker.shape
        let type = shape.elementType
        let rowTiles = shape.chunkSize.dividedRoundingUp(by: 32)
        let dim = shape.headDim * shape.stateDim
        let groupElements = shape.groups * shape.stateDim
        func positions(_ maker: inout TensorMaker) -> TensorView {
            maker.sequence(rowElements: shape.heads * shape.headDim, headElements: shape.headDim, type: type)
        }
        func groupRows(_ maker: inout TensorMaker, splits: Int, type: ElementType) -> TensorView {
            maker.sequence(rowElements: splits * groupElements, headElements: shape.stateDim, type: type)
        }
        outerOutput = positions(&maker)
        previousStates = freedStates
        finalStates = shape.hasFinalStateGradient ? maker.headStates(.f32) : nil
        states = maker.chunkStates(type)
        convertedStates = type == .f32 ? nil : maker.chunkStates(type)
        initialStates = shape.hasInitialStates ? maker.headStates(type) : nil
        let blocks = dim.dividedRoundingUp(by: 64)
        chunkDecay = maker.view(
            elements: shape.batch * shape.heads * shape.chunkCount * blocks, type: .f32,
            batchStride: shape.heads * shape.chunkCount * blocks, chunkStride: blocks,
            headStride: shape.chunkCount * blocks)
        x = positions(&maker)
        processedTimeStep = maker.perPosition()
        let width = shape.skip == .perChannel ? shape.headDim : 1
        let perTile = shape.batch * shape.chunkCount * shape.heads * width
        skip =
            shape.skip == .none
            ? nil
            : maker.view(
                elements: rowTiles * perTile, type: .f32, batchStride: shape.chunkCount * shape.heads * width,
                chunkStride: shape.heads * width, headStride: width, rowStride: perTile)
        if shape.hasGate {
            z = positions(&maker)
            output = positions(&maker)
        } else {
            z = nil
            output = outerOutput
        }
        splitB = groupRows(&maker, splits: shape.headSplits, type: .f32)
        decayToNext = maker.perPosition()
        summedB = groupRows(&maker, splits: 1, type: .f32)
        // dB's workspace is freed once it is summed.
        splitC = splitB
        decayFromPrevious = maker.perPosition()
        summedC = groupRows(&maker, splits: 1, type: .f32)
        splitProducts = maker.products(splits: shape.headSplits)
        products = maker.products()
        b = groupRows(&maker, splits: 1, type: type)
        c = groupRows(&maker, splits: 1, type: type)
        let padded = shape.chunkCount * rowTiles * shape.chunkSize
        decayByRows = maker.view(
            elements: shape.batch * shape.heads * padded, type: .f32, batchStride: shape.heads * padded,
            chunkStride: rowTiles * shape.chunkSize, headStride: padded, rowStride: shape.chunkSize)
        decay = maker.perPosition()
        timeStep = maker.sequence(rowElements: shape.heads, headElements: 1, type: shape.timeStepType)
        decayRate = maker.perHead(.f32)
        timeStepBias = shape.hasTimeStepBias ? maker.perHead(shape.parameterType) : nil
        sums = GlueTensors(
            maker: &maker, workspaceBytes: max(skip?.allocationByteCount ?? 0, chunkDecay.allocationByteCount))
    }
}

extension SSDGradients {
    mutating func place(_ given: SSDGivenTensors.Gradients) {
        // Without a gate, kernels read the gradient that the caller hands in.
        if output == outerOutput { output = given.out }
        outerOutput = given.out
        x = given.x
        b = given.b
        c = given.c
        if let view = given.timeStep { timeStep = view }
    }
}

extension SSDShape {
    /// Heads that one program handles, in the kernels that loop over heads.
    ///
    /// *Source:* the wrappers of ch_state_bwd_db, ch_scan_bwd_dc and ch_scan_bwd_dcb.
    package var headsPerProgram: Int {
        max(1, min((batch * chunkCount * heads).dividedRoundingUp(by: multiprocessorCount), headsPerGroup))
    }

    /// Programs that share a group's heads.
    package var headSplits: Int { headsPerGroup.dividedRoundingUp(by: headsPerProgram) }
}
