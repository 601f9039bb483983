import ArgumentParser
import Experiments
import Kernels

extension ElementType: ExpressibleByArgument {
    /// The types that values can have; i32 is for indices.
    package static var allValueStrings: [String] { allCases.filter { $0 != .i32 }.map(\.rawValue) }
}

extension SkipParameter: ExpressibleByArgument {}

/// Which kernels, on which problem, with which tilings.
package struct KernelOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Groups (ssd-forward, ssd-backward, ssd-training, ssd-forward-fused, mamba1) and kernels, in launch order. Of "
                + "Mamba-2 models: those of the groups ssd-*, such as ch_scan_fwd, and ssd_fused, a forward pass in one launch; "
                + "conv1d_fwd, conv1d_bwd, ln_gated_fwd, ln_gated_bwd, swiglu_fwd, swiglu_bwd. Of Mamba-1 models: conv1d_fwd, "
                + "sel_scn_fwd, sel_scn_bwd, conv1d_bwd, which mamba1 runs.",
            valueName: "kernel"))
    package var kernels: [String] = []

    @Option(
        help: ArgumentHelp(
            "The model that gives the sizes: mamba2-130m, -370m, -780m, -1.3b, -2.7b or -8b, or Mamba-1's mamba-130m, -370m, "
                + "-790m, -1.4b or -2.8b. (default: mamba2-8b; mamba-2.8b where all kernels are Mamba-1's)",
            valueName: "name"))
    package var model: String?

    @Option(help: "Sequences in the batch.") package var batch = 1
    @Option(help: "Positions of a sequence.") package var sequenceLength = 4096
    @Option(help: "Positions of a chunk, instead of the model's.") package var chunkSize: Int?
    @Option(help: "Heads, instead of the model's.") package var heads: Int?
    @Option(help: "Channels of a head, instead of the model's.") package var headDim: Int?
    @Option(help: "Groups of B and C, instead of the model's.") package var groups: Int?
    @Option(help: "State dimension, instead of the model's.") package var stateDim: Int?
    @Option(help: "Channels of Mamba-1's kernels and the convolution, columns of SwiGLU, instead of the model's.")
    package var dim: Int?
    @Option(help: "Taps of the convolution, 2 to 4. (default: 4)") package var width: Int?
    @Flag(help: "Channels of the convolution lie side by side, as Mamba-2's always do.") package var channelLast = false
    @Option(help: "Type of x, B, C, z and out: bf16, f16 or f32.") package var dtype = ElementType.bf16
    @Option(help: "Type of the raw time step; as --dtype unless given.") package var timeStepDtype: ElementType?
    @Option(help: "The skip parameter D: none, perHead or perChannel. (default: perHead)") package var d: SkipParameter?
    @Flag(name: .customLong("z"), help: "SSD with the gate z; Mamba-1's scan and the norm always have one.")
    package var hasGate = false
    @Flag(name: .customLong("seq-idx"), help: "With sequence indices.") package var hasSequenceIndex = false
    @Flag(name: .customLong("initial-states"), help: "With initial states.") package var hasInitialStates = false
    @Flag(name: .customLong("no-dt-bias"), help: "Without a time-step bias.") package var hasNoTimeStepBias = false
    @Flag(name: .customLong("packed"), help: "x, B, C are slices of one tensor, as in the fused block.") package var packed = false

    @Flag(
        name: .customLong("with-glue"),
        help: "With the framework's own launches around the backward kernels: fills, sums, cumulative sums, flips and adds.")
    package var withGlue = false

    @Option(
        help: ArgumentHelp(
            "Replaces parts of a kernel's tiling; repeatable. Without it a kernel has the tiling that the autotuner chose "
                + "for the nearest measured shape.",
            valueName: "KERNEL:M=64,N=64,K=32,warps=4,stages=4"))
    package var tiling: [String] = []

    package init() {}

    package func validate() throws {
        guard dtype != .i32, timeStepDtype != .i32 else { throw ValidationError("--dtype is i32 and must be bf16, f16 or f32") }
    }

    /// Refuses options without a kernel: for the commands that have nothing else to run.
    package func requireKernels() throws {
        guard !kernels.isEmpty else {
            throw ValidationError("name a kernel, or ssd-forward, ssd-backward, ssd-training, ssd-forward-fused, mamba1")
        }
    }

    /// The SSD call that the options describe.
    /// - Parameter multiprocessors: SMs that the launcher sees.
    /// - Throws: `KernelError.unknownModel` for all but Mamba-2 models.
    package func shape(multiprocessors: Int) throws -> SSDShape {
        var shape = try Workload.shape(
            model: model ?? ModelLayer.defaultMamba2, batch: batch, sequenceLength: sequenceLength, chunkSize: chunkSize,
            heads: heads, headDim: headDim, groups: groups, stateDim: stateDim)
        shape.elementType = dtype
        shape.timeStepType = timeStepDtype ?? dtype
        shape.skip = d ?? .perHead
        shape.hasTimeStepBias = !hasNoTimeStepBias
        shape.hasGate = hasGate
        shape.hasSequenceIndex = hasSequenceIndex
        shape.hasInitialStates = hasInitialStates
        shape.packedLayout = packed
        shape.multiprocessorCount = multiprocessors
        return shape
    }

    /// The layer of the model, with the sizes given in place of its own.
    /// - Parameter multiprocessors: SMs that the launcher sees.
    package func layer(multiprocessors: Int) throws -> ModelLayer {
        let model = model ?? ModelLayer.defaultModel(kernels: kernels)
        guard try ModelLayer.isMamba1(model) else {
            var block = Mamba2Block(ssd: try shape(multiprocessors: multiprocessors))
            block.dim = dim
            block.width = width ?? block.width
            return .mamba2(block)
        }
        var shape = try Mamba1Preset.named(model).shape(batch: batch, sequenceLength: sequenceLength)
        shape.dim = dim ?? shape.dim
        shape.stateDim = stateDim ?? shape.stateDim
        shape.groups = groups ?? shape.groups
        shape.width = width ?? shape.width
        shape.isChannelLast = channelLast
        shape.elementType = dtype
        shape.multiprocessorCount = multiprocessors
        return .mamba1(shape)
    }

    /// Options in use that only some kernels take.
    var given: [String] {
        let all: [(name: String, isGiven: Bool)] = [
            ("--chunk-size", chunkSize != nil), ("--heads", heads != nil), ("--head-dim", headDim != nil),
            ("--groups", groups != nil), ("--state-dim", stateDim != nil), ("--dim", dim != nil), ("--width", width != nil),
            ("--channel-last", channelLast), ("--time-step-dtype", timeStepDtype != nil), ("--d", d != nil), ("--z", hasGate),
            ("--seq-idx", hasSequenceIndex), ("--initial-states", hasInitialStates), ("--no-dt-bias", hasNoTimeStepBias),
            ("--packed", packed), ("--with-glue", withGlue),
        ]
        return all.filter(\.isGiven).map(\.name)
    }

    /// All options in use that kernels take, and traces do not.
    var givenToKernels: [String] {
        let all: [(name: String, isGiven: Bool)] = [
            ("--model", model != nil), ("--batch", batch != 1), ("--sequence-length", sequenceLength != 4096),
            ("--dtype", dtype != .bf16), ("--tiling", !tiling.isEmpty),
        ]
        return all.filter(\.isGiven).map(\.name) + given
    }

    /// The launches, in order.
    package func launches(multiprocessors: Int) throws -> GeneratedLaunches {
        try requireKernels()
        return try Workload.launches(
            kernels: kernels, layer: try layer(multiprocessors: multiprocessors), options: given, tilings: tiling,
            withGlue: withGlue)
    }
}
