import Kernels
import Trace

/// Mamba-2's SSD call, forward and backward, with the small launches that PyTorch makes around its kernels.
///
/// Inputs of `_mamba_chunk_scan_combined_fwd`: x (batch, length, heads, head dim), dt (batch, length, heads), A
/// (heads), B and C (batch, length, groups, states), then D, the bias of dt and z where the attributes `has_D`,
/// `has_dt_bias` and `has_z` are true (without them D and the bias are there); output: out.
/// `_mamba_chunk_scan_combined_bwd` has the output's gradient in front and out behind C; outputs: the gradients of x,
/// dt, A, B and C, then of D and the bias. `chunk_size` is a number.
struct ChunkScanFamily: OperatorFamily {
    private static let forward = "mamba_ssm::_mamba_chunk_scan_combined_fwd"
    private static let backward = "mamba_ssm::_mamba_chunk_scan_combined_bwd"

    let operators = [forward, backward]
    let category = OperatorCategory.ssm

    func category(of launch: any BlockProgramSource) -> OperatorCategory {
        switch launch.launch.kernel {
        case "sum", "sum_inner": .reduce
        case let name where FrameworkGlue.kernels.contains(name) || name.hasPrefix("copy"): .elementwise
        default: .ssm
        }
    }

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        let isBackward = op.base == Self.backward
        let hasSkip = try op.flag("has_D") ?? true
        let hasBias = try op.flag("has_dt_bias") ?? true
        let hasGate = try op.flag("has_z") ?? false
        guard !(isBackward && hasGate) else { return nil }
        let count = 5 + [hasSkip, hasBias, hasGate].count { $0 } + (isBackward ? 2 : 0)
        let own = isBackward ? Array(op.inputs.dropFirst()) : op.inputs
        guard op.inputs.count == count, op.outputs.count >= (isBackward ? 5 : 1), own[0].shape.count == 4,
            own[1].shape.count == 3, own[3].shape.count == 4, own[4].shape.count == 4,
            let type = own[0].type.value, let stepType = own[1].type.value,
            let chunk = try op.integer("chunk_size")
        else {
            throw OperatorDefect(
                "\(op.name) has \(op.inputs.count) inputs and should have \(count), and a 'chunk_size'",
                cure: "give x, dt, A, B, C\(isBackward ? ", out" : "") and what 'has_D', 'has_dt_bias' and 'has_z' say")
        }
        var rest = own.dropFirst(isBackward ? 6 : 5)
        let skip = hasSkip ? rest.popFirst() : nil
        let bias = hasBias ? rest.popFirst() : nil
        let gate = hasGate ? rest.popFirst() : nil
        let (x, b) = (own[0], own[3])
        var shape = SSDShape(
            batch: x.shape[0], sequenceLength: x.shape[1], heads: x.shape[2], headDim: x.shape[3], groups: b.shape[2],
            stateDim: b.shape[3], chunkSize: chunk)
        shape.elementType = type
        shape.timeStepType = stepType
        shape.parameterType = (bias ?? skip)?.type.value ?? .f32
        shape.skip = hasSkip ? skip?.shape.count == 2 ? .perChannel : .perHead : .none
        shape.hasTimeStepBias = hasBias
        shape.hasGate = hasGate
        shape.multiprocessorCount = places.multiprocessors
        do { try shape.validate() } catch { throw OperatorDefect("\(op.name): \(error)", cure: "check its shapes") }

        // The backward pass copies a time step that is a slice of the projection.
        var launches: [any BlockProgramSource] = []
        var timeStep = own[1]
        if isBackward, !timeStep.isContiguous {
            let copy = OperatorTensor("dt of line \(op.line)", timeStep.shape, timeStep.type)
            places.add(copy)
            launches.append(
                try IteratorKernel(
                    "copy", output: copy, inputs: [timeStep], price: InstructionMix(), registers: nil, converts: false,
                    places: places))
            timeStep = copy
        }
        let places_ = places
        func view(_ tensor: OperatorTensor) -> TensorView? {
            guard let type = tensor.type.value else { return nil }
            let strides = tensor.strides
            switch strides.count {
            case 3, 4:
                return places_.view(
                    of: tensor, as: type, batchStride: strides[0], chunkStride: chunk * strides[1],
                    headStride: strides[2], rowStride: strides[1])
            default:
                return places_.view(of: tensor, as: type, headStride: strides.first ?? 1)
            }
        }
        guard let xView = view(x), let bView = view(b), let cView = view(own[4]), let rate = view(own[2]) else {
            return nil
        }
        var given = SSDGivenTensors(x: xView, b: bView, c: cView, decayRate: rate)
        given.timeStep = view(timeStep)
        given.skip = skip.flatMap(view)
        given.timeStepBias = bias.flatMap(view)
        given.z = gate.flatMap(view)
        given.out = isBackward ? view(own[5]) : view(op.outputs[0])
        if isBackward {
            guard let out = view(op.inputs[0]), let dx = view(op.outputs[0]), let db = view(op.outputs[3]),
                let dc = view(op.outputs[4])
            else { return nil }
            given.gradients = .init(out: out, x: dx, b: db, c: dc, timeStep: view(op.outputs[1]))
        }
        let call = shape
        let kernels = try places.behind { book throws(KernelError) in
            var allocation = SSDAllocation(
                shape: call, pass: isBackward ? .backward : .forward, memory: DeviceMemory(behind: book.end))
            allocation.place(given)
            var kernels: [any BlockProgramSource] = []
            for launch in isBackward ? SSDKernels.backwardLaunches(shape: call) : SSDKernels.forwardLaunches {
                let tiling = StepTilings.all[launch.kernel]
                if isBackward {
                    kernels += try FrameworkGlue.sources(of: launch, tiling: tiling, allocation: allocation)
                } else {
                    kernels.append(try SSDKernels.makeSource(launch, tiling: tiling, allocation: allocation))
                }
            }
            book.reserve(
                behind: kernels.lazy.flatMap(\.launch.tensors).map { $0.baseAddress + $0.byteCount }.reduce(
                    allocation.localMemoryAddress, max))
            return kernels
        }
        return launches + kernels
    }
}
