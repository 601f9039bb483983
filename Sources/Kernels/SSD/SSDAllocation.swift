import Trace

/// Addresses and strides of every tensor that the kernels of one call share.
///
/// The backward pass reads the inputs where the forward pass left them. It writes the tensors that it computes again to
/// other places. Where it has freed a block, PyTorch's caching allocator puts the next tensor of that size into it.
package struct SSDAllocation: Equatable, Sendable {
    package let shape: SSDShape
    package let pass: SSDPass
    package private(set) var x: TensorView
    package private(set) var b: TensorView
    package private(set) var c: TensorView
    package private(set) var z: TensorView?
    /// The raw time step. In the backward pass it is the contiguous copy that the pass makes first.
    package private(set) var timeStep: TensorView
    package private(set) var decayRate: TensorView
    package private(set) var timeStepBias: TensorView?
    package private(set) var skip: TensorView?
    package let sequenceIndex: TensorView?
    package let initialStates: TensorView?
    /// dt after bias and softplus, fp32 (batch, heads, chunks, chunk size).
    package let processedTimeStep: TensorView
    /// Cumulative sums of dt A inside each chunk, laid out as `processedTimeStep`.
    package let decaySums: TensorView
    /// Per-chunk states, fp32 (batch, chunks, heads, head dim, state dim).
    package let states: TensorView
    /// States entering each chunk: the element type in the forward pass, fp32 in the backward.
    package let previousStates: TensorView
    package let finalStates: TensorView
    /// Products C Bᵀ inside each chunk, fp32 (batch, chunks, groups, chunk size, chunk size).
    package let products: TensorView
    package private(set) var out: TensorView
    /// The output before gating. It exists only with z.
    package let ungatedOut: TensorView?
    /// The backward pass's own tensors.
    package private(set) var gradients: SSDGradients?
    /// Where the threads' local memory starts. It lies behind all tensors.
    package let localMemoryAddress: UInt64

    /// Lays out the tensors of a call in `memory`, in the order in which a training script makes them.
    package init(shape: SSDShape, pass: SSDPass = .forward, memory: DeviceMemory = DeviceMemory()) {
        self.shape = shape
        self.pass = pass
        var maker = TensorMaker(shape: shape, memory: memory)
        let inputs = maker.inputs()
        x = inputs.x
        b = inputs.b
        c = inputs.c
        z = inputs.z
        decayRate = maker.perHead(.f32)
        timeStepBias = shape.hasTimeStepBias ? maker.perHead(shape.parameterType) : nil
        skip = shape.skip == .none ? nil : maker.skip()
        sequenceIndex = shape.hasSequenceIndex ? maker.sequenceIndex() : nil
        initialStates = shape.hasInitialStates ? maker.headStates(shape.elementType) : nil
        var intermediates = maker.intermediates(statesType: shape.elementType)
        out = maker.sequence(
            rowElements: shape.heads * shape.headDim, headElements: shape.headDim, type: shape.elementType)
        ungatedOut =
            shape.hasGate
            ? maker.sequence(
                rowElements: shape.heads * shape.headDim, headElements: shape.headDim, type: shape.elementType)
            : nil
        if pass == .backward {
            timeStep = maker.sequence(rowElements: shape.heads, headElements: 1, type: shape.timeStepType)
            intermediates = maker.intermediates(statesType: .f32)
        } else {
            timeStep = inputs.timeStep
        }
        processedTimeStep = intermediates.processedTimeStep
        decaySums = intermediates.decaySums
        states = intermediates.states
        previousStates = intermediates.previousStates
        finalStates = intermediates.finalStates
        products = intermediates.products
        gradients = pass == .backward ? SSDGradients(maker: &maker, freedStates: intermediates.states) : nil
        localMemoryAddress = maker.memory.nextSegment
    }
}

extension SSDAllocation {
    /// Puts tensors of the call where the caller has them.
    package mutating func place(_ given: SSDGivenTensors) {
        x = given.x
        b = given.b
        c = given.c
        if let view = given.timeStep { timeStep = view }
        decayRate = given.decayRate
        if skip != nil, let view = given.skip { skip = view }
        if timeStepBias != nil, let view = given.timeStepBias { timeStepBias = view }
        if z != nil, let view = given.z { z = view }
        if let view = given.out { out = view }
        if let own = given.gradients { gradients?.place(own) }
    }

    /// A book whose new tensors lie behind the call's tensors, and so does the local memory of launches.
    var book: TensorBook { TensorBook(memory: DeviceMemory(behind: localMemoryAddress)) }

    /// Tells a run's book of the call. Other kernels' tensors then lie behind the call's, and kernels share the tensors
    /// that one hands to the other:
    ///
    /// - The call's output is the norm's input.
    /// - The gradient that the norm's backward pass makes of that input is the gradient that the call gets.
    /// - In the packed layout, the convolution's output holds x, B and C.
    ///
    /// - Parameter launches: the call's launches. Other tensors lie behind their tensors and their local memory.
    func enter(into book: inout TensorBook, behind launches: some Sequence<KernelLaunch>) {
        book.reserve(behind: end(behind: launches))
        book.enter(out, as: .norm("x"))
        if let gradients { book.enter(gradients.outerOutput, as: .norm("dx")) }
        if shape.packedLayout { book.enter(x, as: .convolution("out")) }
    }

    /// The first address behind the call's tensors and those of `launches`.
    private func end(behind launches: some Sequence<KernelLaunch>) -> UInt64 {
        launches.lazy.flatMap(\.tensors).map { $0.baseAddress + $0.byteCount }.reduce(localMemoryAddress, max)
    }
}
