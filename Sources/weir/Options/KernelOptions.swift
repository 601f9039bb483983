import ArgumentParser
import Kernels
import Models
import Operators
import Workloads

extension ElementType: ExpressibleByArgument {
    package static var allValueStrings: [String] { values.map(\.rawValue) }
}

extension SkipParameter: ExpressibleByArgument {}

/// The options that choose kernels, their problem and their tilings.
package struct KernelOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Groups (\(Workload.groups.joined(separator: ", "))) and kernels, in launch order. " + Self.kernelsByModel,
            valueName: "kernel"))
    package var kernels: [String] = []

    @Option(name: .of(.model), help: .of(.model)) package var model: String?
    @Option(name: .of(.batch), help: .of(.batch)) package var batch: Int?
    @Option(name: .of(.sequenceLength), help: .of(.sequenceLength)) package var sequenceLength: Int?
    @Option(name: .of(.chunkSize), help: .of(.chunkSize)) package var chunkSize: Int?
    @Option(name: .of(.heads), help: .of(.heads)) package var heads: Int?
    @Option(name: .of(.headDim), help: .of(.headDim)) package var headDim: Int?
    @Option(name: .of(.groups), help: .of(.groups)) package var groups: Int?
    @Option(name: .of(.stateDim), help: .of(.stateDim)) package var stateDim: Int?
    @Option(name: .of(.dim), help: .of(.dim)) package var dim: Int?
    @Option(name: .of(.width), help: .of(.width)) package var width: Int?
    @Flag(name: .of(.channelLast), help: .of(.channelLast)) package var channelLast = false
    @Option(name: .of(.dtype), help: .of(.dtype)) package var dtype = ElementType.bf16
    @Option(name: .of(.timeStepDtype), help: .of(.timeStepDtype)) package var timeStepDtype: ElementType?
    @Option(name: .of(.d), help: .of(.d)) package var d: SkipParameter?
    @Flag(name: .of(.gate), help: .of(.gate)) package var gate = false
    @Flag(name: .of(.sequenceIndex), help: .of(.sequenceIndex)) package var sequenceIndex = false
    @Flag(name: .of(.initialStates), help: .of(.initialStates)) package var initialStates = false
    @Flag(name: .of(.noTimeStepBias), help: .of(.noTimeStepBias)) package var noTimeStepBias = false
    @Flag(name: .of(.packed), help: .of(.packed)) package var packed = false
    @Flag(name: .of(.withGlue), help: .of(.withGlue)) package var withGlue = false

    @Option(
        help: ArgumentHelp(
            "Replaces parts of a kernel's tiling; repeatable. Without it a kernel has the tiling that the autotuner chose "
                + "for the nearest measured shape.",
            valueName: "KERNEL:M=64,N=64,K=32,warps=4,stages=4"))
    package var tiling: [String] = []

    /// The short names of all kernels, by the models whose layers launch them.
    private static let kernelsByModel = ModelKind.allCases.map { model in
        "Of \(model.rawValue) models: \(Registry.kernels(of: model).map(\.name).joined(separator: ", "))."
    }.joined(separator: " ")

    @OptionGroup package var modelStep: ModelStepOptions

    package init() {}

    package func validate() throws {
        guard dtype != .i32, timeStepDtype != .i32 else {
            throw ValidationError("--dtype is i32 and must be bf16, f16 or f32")
        }
        _ = try stepArgument()
    }

    /// These options, with the main job's kernels where none is named.
    var orMainJob: KernelOptions {
        var options = self
        if options.kernels.isEmpty { options.kernels = ["ssd-forward"] }
        return options
    }

    /// Refuses options without a kernel. Commands that have nothing else to run call it.
    package func requireKernels() throws {
        guard !kernels.isEmpty else {
            throw ValidationError("name a kernel, or \(Workload.groups.joined(separator: ", "))")
        }
    }

    /// The layer's parameters that the options give.
    package var parameters: LayerParameters {
        var parameters = LayerParameters()
        parameters.model = model
        parameters.batch = batch ?? 1
        parameters.sequenceLength = sequenceLength ?? 4096
        parameters.chunkSize = chunkSize
        parameters.heads = heads
        parameters.headDim = headDim
        parameters.groups = groups
        parameters.stateDim = stateDim
        parameters.dim = dim
        parameters.width = width
        parameters.channelLast = channelLast
        parameters.dtype = dtype
        parameters.timeStepDtype = timeStepDtype
        parameters.d = d
        parameters.gate = gate
        parameters.sequenceIndex = sequenceIndex
        parameters.initialStates = initialStates
        parameters.noTimeStepBias = noTimeStepBias
        parameters.packed = packed
        parameters.withGlue = withGlue
        return parameters
    }

    /// The request that the options make.
    package var request: WorkloadRequest { WorkloadRequest(kernels: kernels, parameters: parameters, tilings: tiling) }

    /// An option in use that kernels take and traces do not; nil without one.
    var firstGiven: String? { request.given.first?.option ?? tiling.first.map { "--tiling \($0)" } }

    /// The argument that stands instead of kernels: a model, `model:NAME`, or a list of operators; nil where there is
    /// none.
    /// - Throws: `ValidationError` for other kernels or options beside it.
    func stepArgument() throws -> String? {
        guard let name = kernels.first(where: { OperatorList.isPath($0) || $0.hasPrefix(ModelCatalogue.prefix) }) else {
            if let option = modelStep.firstGiven {
                throw ValidationError("\(option) is for models, such as model:mamba2-8b; leave it out")
            }
            return nil
        }
        let isModel = !OperatorList.isPath(name)
        let other = isModel ? firstGivenBesideModel : firstGiven ?? modelStep.firstGiven
        guard kernels.count == 1, other == nil else {
            throw ValidationError(
                "\(name): \(isModel ? "a model" : "a list of operators") stands alone; leave "
                    + "\(other ?? "the other kernels") out")
        }
        return name
    }

    /// The list of operators that is read; nil where there is none.
    func operatorList() throws -> String? { try stepArgument().flatMap { OperatorList.isPath($0) ? $0 : nil } }

    /// An option in use that models do not take.
    private var firstGivenBesideModel: String? {
        var own = self
        own.batch = nil
        own.sequenceLength = nil
        return own.firstGiven
    }

    /// The model or the list of operators, which is read; nil where kernels are named.
    /// - Parameter everyLayer: whether no launch may stand for others.
    func stepRequest(everyLayer: Bool = false) throws -> StepRequest? {
        guard let name = try stepArgument() else { return nil }
        if OperatorList.isPath(name) { return .list(try OperatorList(path: name)) }
        var options = modelStep.options
        options.batch = batch
        options.sequenceLength = sequenceLength
        options.everyLayer = options.everyLayer || everyLayer
        return .model(name: name, options: options)
    }

    /// The launches, in order, all layers of a model included.
    package func launches(multiprocessors: Int) throws -> GeneratedLaunches {
        try requireKernels()
        if let step = try stepRequest(everyLayer: true)?.launches(multiprocessors: multiprocessors) {
            return GeneratedLaunches(step.launches.map(\.source))
        }
        return try request.launches(multiprocessors: multiprocessors)
    }
}

extension NameSpecification {
    /// The name of a parameter's option.
    static func of(_ parameter: LayerParameter) -> NameSpecification { .customLong(parameter.name) }
}

extension ArgumentHelp {
    /// The help of a parameter, from the table of parameters.
    static func of(_ parameter: LayerParameter) -> ArgumentHelp {
        ArgumentHelp(parameter.help, valueName: parameter == .model ? "name" : parameter.unit)
    }
}
