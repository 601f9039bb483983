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
            "ssd-forward, ssd-backward, ssd-training, or short kernel names such as ch_scan_fwd, in launch order.", valueName: "kernel"))
    package var kernels: [String]

    @Option(
        help: ArgumentHelp(
            "The model that gives heads, head dim, groups and state dim: mamba2-130m, -370m, -780m, -1.3b, -2.7b or -8b.",
            valueName: "name"))
    package var model = "mamba2-8b"

    @Option(help: "Sequences in the batch.") package var batch = 1
    @Option(help: "Positions of a sequence.") package var sequenceLength = 4096
    @Option(help: "Positions of a chunk, instead of the model's.") package var chunkSize: Int?
    @Option(help: "Heads, instead of the model's.") package var heads: Int?
    @Option(help: "Channels of a head, instead of the model's.") package var headDim: Int?
    @Option(help: "Groups of B and C, instead of the model's.") package var groups: Int?
    @Option(help: "State dimension, instead of the model's.") package var stateDim: Int?
    @Option(help: "Type of x, B, C, z and out: bf16, f16 or f32.") package var dtype = ElementType.bf16
    @Option(help: "Type of the raw time step; as --dtype unless given.") package var timeStepDtype: ElementType?
    @Option(help: "The skip parameter D: none, perHead or perChannel.") package var d = SkipParameter.perHead
    @Flag(name: .customLong("z"), help: "With the gate z.") package var hasGate = false
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
        guard !kernels.isEmpty else { throw ValidationError("name a kernel, or ssd-forward, ssd-backward, ssd-training") }
        guard dtype != .i32, timeStepDtype != .i32 else { throw ValidationError("--dtype is i32 and must be bf16, f16 or f32") }
    }

    /// The problem that the options describe.
    /// - Parameter multiprocessors: SMs that the launcher sees.
    package func shape(multiprocessors: Int) throws -> SSDShape {
        var shape = try Workload.shape(
            model: model, batch: batch, sequenceLength: sequenceLength, chunkSize: chunkSize, heads: heads, headDim: headDim,
            groups: groups, stateDim: stateDim)
        shape.elementType = dtype
        shape.timeStepType = timeStepDtype ?? dtype
        shape.skip = d
        shape.hasTimeStepBias = !hasNoTimeStepBias
        shape.hasGate = hasGate
        shape.hasSequenceIndex = hasSequenceIndex
        shape.hasInitialStates = hasInitialStates
        shape.packedLayout = packed
        shape.multiprocessorCount = multiprocessors
        return shape
    }

    /// The launches, in order.
    package func launches(multiprocessors: Int) throws -> GeneratedLaunches {
        try Workload.launches(
            kernels: kernels, shape: try shape(multiprocessors: multiprocessors), tilings: tiling, withGlue: withGlue)
    }
}
