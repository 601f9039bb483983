import Trace

/// Addresses and strides of every tensor of one fused forward call.
///
/// Inputs and output are those of `SSDAllocation`. The tensors that only the fused kernel writes lie behind them, in
/// the order in which its wrapper makes them. *Source:* fused.md section 2.
package struct FusedTensors: Equatable, Sendable {
    package let shape: SSDShape
    package let options: FusedOptions
    package var x: TensorView
    package var b: TensorView
    package var c: TensorView
    package var z: TensorView?
    package var timeStep: TensorView
    package var decayRate: TensorView
    package var timeStepBias: TensorView?
    package var skip: TensorView?
    package var sequenceIndex: TensorView?
    package let initialStates: TensorView?
    package var out: TensorView
    package var ungatedOut: TensorView?
    /// dt after bias and softplus, and the running sums of dt times A, both fp32 (batch, heads, chunks, chunk size).
    package let processedTimeStep: TensorView
    package let decaySums: TensorView
    /// Products C Bᵀ inside each chunk (batch, chunks, groups, chunk size, chunk size), of x's type.
    package let products: TensorView
    /// States before each chunk and after the last (batch, chunks + 1, heads, head dim, state dim), of B's type.
    package let states: TensorView
    /// Chain counters, the ticket and ready counters, in 4-byte words.
    package let sync: TensorView
    package let finalStates: TensorView

    /// - Parameter memory: where the call's own tensors go; nil puts them behind `allocation`.
    package init(allocation: SSDAllocation, options: FusedOptions = FusedOptions(), memory: DeviceMemory? = nil) {
        let shape = allocation.shape
        self.shape = shape
        self.options = options
        (x, b, c, z) = (allocation.x, allocation.b, allocation.c, allocation.z)
        (timeStep, decayRate, timeStepBias) = (allocation.timeStep, allocation.decayRate, allocation.timeStepBias)
        (skip, sequenceIndex, initialStates) = (allocation.skip, allocation.sequenceIndex, allocation.initialStates)
        (out, ungatedOut) = (allocation.out, allocation.ungatedOut)
        var maker = TensorMaker(shape: shape, memory: memory ?? DeviceMemory(behind: allocation.localMemoryAddress))
        processedTimeStep = maker.perPosition()
        decaySums = maker.perPosition()
        products = maker.products(type: options.hasFloatProducts ? .f32 : shape.elementType)
        let stateType = options.hasFloatStates ? .f32 : shape.elementType
        states = maker.chunkStates(stateType, rows: shape.chunkCount + 1)
        sync = maker.view(elements: Self.syncWords(shape), type: .i32)
        finalStates = maker.headStates(stateType)
    }

    // MARK: Words of the synchronisation tensor

    /// Words from one counter to the next. Each counter has a 128-byte line of its own.
    private static let lineWords = 32

    /// Words before the ticket. Each chain uses one of them.
    private static func chainWords(_ shape: SSDShape) -> Int {
        shape.batch * shape.heads * shape.headDim * shape.stateDim
    }

    /// Number of words of the synchronisation tensor.
    static func syncWords(_ shape: SSDShape) -> Int {
        chainWords(shape) + lineWords + shape.batch * shape.chunkCount * lineWords
    }

    /// The word that hands out block numbers.
    var ticketWord: Int { Self.chainWords(shape) }

    /// The word that counts the blocks of roles 1 and 2 that have finished their part of a chunk.
    func readyWord(batch: Int, chunk: Int) -> Int {
        ticketWord + Self.lineWords + (batch * shape.chunkCount + chunk) * Self.lineWords
    }

    /// The word that counts the chunks whose states have been passed on, for one channel tile and one state tile.
    func chainWord(batch: Int, head: Int, channelTile: Int, stateTile: Int) -> Int {
        ((batch * shape.heads + head) * shape.headDim + channelTile) * shape.stateDim + stateTile
    }

    /// One word of `sync`.
    func region(ofWord word: Int) -> TileRegion { sync.region(column: word, rows: 1, columns: 1) }
}
