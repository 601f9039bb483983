import Kernels

/// The parts of a digest's header that a comparison needs.
struct GoldenHeader: Decodable {
    let kernel: String
    let params: Parameters
    let blockConfig: [String: Int]
    let warps: Int
    let stages: Int
    let grid: [Int]
    let allocations: [Allocation]
    let tensors: [TensorRecord]
    let totals: [String: Totals]

    struct Allocation: Decodable {
        let index: Int
        let args: [String]
        let nbytes: Int
    }

    struct TensorRecord: Decodable {
        let arg: String
        let dtype: String
        let strides: [Int]?
        let alloc: Int?
        let offset_bytes: Int?
    }

    struct Totals: Decodable, Equatable {
        var ops: Int
        var elements: Int
        var bytes: Int
        var sectors: Int
    }

    struct Parameters: Decodable {
        let batch: Int?
        let seqlen: Int?
        let nheads: Int?
        let headdim: Int?
        let ngroups: Int?
        let dstate: Int?
        let chunk_size: Int?
        let dtype: String
        let dt_dtype: String?
        let has_D: Bool?
        let D_shape: [Int]?
        let has_z: Bool?
        let has_dt_bias: Bool?
        let has_seq_idx: Bool?
        let has_initial_states: Bool?
        let has_dfinal_states: Bool?
        let packed_layout: Bool?
        let sm_count: Int?
        let phase: String?
        let causal: Bool?
        // Gated norm.
        let M: Int?
        let ncols: Int?
        let group_size: Int?
        let norm_before_gate: Bool?
        let is_rms_norm: Bool?
        let has_bias: Bool?
        let recompute_output: Bool?
        let x_row_stride: Int?
        // The fused forward kernel.
        let use_atomic_pid: Bool?
        let states_in_fp32: Bool?
        let cb_store_fp32: Bool?
        // SwiGLU.
        let rows: Int?
        let cols: Int?
    }

    private enum CodingKeys: String, CodingKey {
        case kernel, params, grid, tensors, totals
        case blockConfig = "block_config"
        case warps = "num_warps"
        case stages = "num_stages"
        case allocations = "allocs"
    }

    /// Only the kernel's name, which decides whether the rest can be understood.
    struct Name: Decodable {
        let kernel: String
    }
}

extension GoldenHeader {
    /// The header has a value that no launch can have.
    struct Misfit: Error {
        let reason: String
    }

    /// The greatest number of bytes of an allocation.
    static let largestBytes = 1 << 46

    /// Checks the numbers that a comparison takes from the header unchanged.
    func validate() throws(Misfit) {
        guard grid.count == 3, grid.allSatisfy({ (1..<1 << 31).contains($0) }) else {
            throw Misfit(reason: "\"grid\" is \(grid); it is three extents from 1 to 2147483647")
        }
        for (name, value, most) in [("num_warps", warps, 32), ("num_stages", stages, 16)]
        where !(1...most).contains(value) {
            throw Misfit(reason: "\"\(name)\" is \(value); it is 1 to \(most)")
        }
        for (name, value) in blockConfig.sorted(by: { $0.key < $1.key }) where !(0...1 << 20).contains(value) {
            throw Misfit(reason: "\"block_config.\(name)\" is \(value); it is 0 to \(1 << 20)")
        }
        for allocation in allocations where !(0...Self.largestBytes).contains(allocation.nbytes) {
            throw Misfit(reason: "\"allocs\" has one of \(allocation.nbytes) bytes; it is 0 to \(Self.largestBytes)")
        }
        for tensor in tensors {
            let numbers = (tensor.strides ?? []) + [tensor.offset_bytes ?? 0]
            guard let wrong = numbers.first(where: { !(0...Self.largestBytes).contains($0) }) else { continue }
            throw Misfit(
                reason:
                    "\"tensors\" has \(tensor.arg) with a stride or an offset of \(wrong); it is 0 to \(Self.largestBytes)"
            )
        }
    }

    /// The problem that the launch belongs to.
    func shape() throws(Misfit) -> SSDShape {
        let groups = try required(params.ngroups, "ngroups")
        var shape = SSDShape(
            batch: try required(params.batch, "batch"), sequenceLength: try required(params.seqlen, "seqlen"),
            heads: params.nheads ?? groups, headDim: params.headdim ?? 64, groups: groups,
            stateDim: try required(params.dstate, "dstate"), chunkSize: try required(params.chunk_size, "chunk_size"))
        shape.elementType = try elementType(params.dtype, of: "dtype")
        shape.timeStepType =
            try params.dt_dtype.map { text throws(Misfit) in try elementType(text, of: "dt_dtype") }
            ?? shape.elementType
        for tensor in tensors where ["D_ptr", "dt_bias_ptr"].contains(tensor.arg) {
            shape.parameterType = try elementType(tensor.dtype, of: tensor.arg)
        }
        shape.skip = params.has_D ?? false ? (params.D_shape?.count == 2 ? .perChannel : .perHead) : .none
        shape.hasTimeStepBias = params.has_dt_bias ?? false
        shape.hasGate = params.has_z ?? false
        shape.hasSequenceIndex = params.has_seq_idx ?? false
        shape.hasInitialStates = params.has_initial_states ?? false
        shape.hasFinalStateGradient = params.has_dfinal_states ?? false
        shape.packedLayout = params.packed_layout ?? false
        shape.multiprocessorCount = params.sm_count ?? 132
        return shape
    }

    /// The launch's kernel by the name that Weir uses.
    var kernelName: String { kernel.lowercased() }

    /// The launch's tiling. It leaves out sizes that the kernel derives from the problem.
    func tiling() throws(KernelError) -> Tiling {
        let names = [
            "M": ["BLOCK_SIZE_M"], "N": ["BLOCK_SIZE_N"],
            "K": ["CS_BLOCK_SIZE_CS_inner", "BLOCK_SIZE_K", "BLOCK_SIZE_CS"], "H": ["BLOCK_SIZE_H"],
            "BLOCK": ["BLOCK_SIZE"],
        ]
        guard let used = Registry.kernel(named: kernelName)?.tilings?.fields else {
            throw .unknownKernel(name: kernelName, known: GoldenCheck.kernels)
        }
        func size(_ field: String) -> Int {
            used.contains(field) ? names[field]?.compactMap { blockConfig[$0] }.first ?? 0 : 0
        }
        return Tiling(
            m: size("M"), n: size("N"), k: size("K"), heads: size("H"), block: size("BLOCK"), warps: warps,
            stages: stages)
    }

    /// The factor whose gradient a bmm_ch_bwd makes. If the gradient of the products is transposed, it is that of C.
    var factor: ProductFactor {
        tensors.first { $0.arg == "dout_ptr" }?.strides?.last == 1 ? .b : .c
    }

    func required(_ value: Int?, _ field: String) throws(Misfit) -> Int {
        guard let value else { throw Misfit(reason: "\"\(field)\" is missing") }
        return value
    }

    func elementType(_ text: String, of field: String) throws(Misfit) -> ElementType {
        switch text {
        case "bf16", "bfloat16": return .bf16
        case "fp16", "float16": return .f16
        case "fp32", "float32": return .f32
        default: throw Misfit(reason: "\(field) is \"\(text)\"; known are bf16, fp16 and fp32")
        }
    }
}
