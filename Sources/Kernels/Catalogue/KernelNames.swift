import Suggestions

/// What others call the kernels that Weir knows by short names.
///
/// *Source:* the function names of mamba_ssm's Triton kernels (ops/triton) and of the CUDA kernels of mamba_ssm and
/// causal_conv1d, as profilers show them, and the names of the Python functions that launch them.
package enum KernelNames {
    /// Kernels of these libraries that have no generator.
    package static let withoutGenerator: Set<String> = [
        "_chunk_scan_bwd_ddAcs_prev_kernel", "_chunk_scan_bwd_ddAcs_unstable_kernel",
        "_chunk_state_bwd_ddAcs_stable_kernel",
        "_chunk_state_varlen_kernel", "_selective_scan_update_kernel", "causal_conv1d_update_kernel",
    ]

    /// Existing names that `name` may mean; empty where none is near.
    package static func nearest(to name: String, among known: [String]) -> Suggestion {
        let plain = plain(name)
        let isKnownWithout = withoutGenerator.contains { Self.plain($0) == plain }
        return Suggestion(for: isKnownWithout ? "" : plain, among: known, meanings: .kernels, most: 4)
    }

    /// Whether a launch belongs to a backward call and to no other, by its kernel's name. Its description says so; of a
    /// kernel without one the name does, since the libraries write `_bwd` into the names of such functions.
    package static func isBackward(_ name: String) -> Bool {
        Registry.kernel(shortName: name).map { $0.pass == .backward } ?? name.contains("_bwd")
    }

    /// A function's name as its source has it. Return type, namespaces, template arguments, parameters and the endings
    /// that compilers append to a kernel's name are removed.
    static func function(_ name: String) -> String {
        var rest = name.prefix { $0 != "<" && $0 != "(" }
        if let space = rest.lastIndex(of: " ") { rest = rest[rest.index(after: space)...] }
        if let colon = rest.lastIndex(of: ":") { rest = rest[rest.index(after: colon)...] }
        if let end = rest.range(of: "_kernel") { rest = rest[..<end.upperBound] }
        return String(rest)
    }

    /// A function's name without the word that ends every kernel's name.
    private static func plain(_ name: String) -> String {
        let name = function(name)
        return name.hasSuffix("_kernel") ? String(name.dropLast("_kernel".count)) : name
    }
}

extension Meanings {
    /// Names that people use for kernels and groups of them.
    package static let kernels = Meanings(
        whole: [
            "chunk_scan_bwd_ddAcs_stable": ["ch_scan_bwd_ddacs"], "fused5_ssd": ["ssd_fused", "ssd-forward-fused"],
            "fused": ["ssd_fused", "ssd-forward-fused"], "layer_norm_fwd_1pass": ["ln_gated_fwd"],
            "layer_norm_fwd": ["ln_gated_fwd"],
            "layer_norm_bwd": ["ln_gated_bwd"], "rmsnorm_gated_fwd": ["ln_gated_fwd"],
            "rmsnorm_gated_bwd": ["ln_gated_bwd"],
            "rmsnorm_fwd": ["ln_gated_fwd"], "rmsnorm_bwd": ["ln_gated_bwd"],
            "rmsnorm": ["ln_gated_fwd", "ln_gated_bwd"],
            "rmsnorm_fn": ["ln_gated_fwd", "ln_gated_bwd"], "layernorm": ["ln_gated_fwd", "ln_gated_bwd"],
            "layernorm_fn": ["ln_gated_fwd", "ln_gated_bwd"], "norm": ["ln_gated_fwd", "ln_gated_bwd"],
            "causal_conv1d_fwd": ["conv1d_fwd"], "causal_conv1d_bwd": ["conv1d_bwd"],
            "causal_conv1d_fn": ["conv1d_fwd", "conv1d_bwd"],
            "causal_conv1d_channellast_fwd": ["conv1d_fwd"], "causal_conv1d_channellast_bwd": ["conv1d_bwd"],
            "causal_conv1d": ["conv1d_fwd", "conv1d_bwd"], "conv": ["conv1d_fwd", "conv1d_bwd"],
            "selective_scan": ["sel_scn_fwd", "sel_scn_bwd"],
            "selective_scan_fn": ["mamba1", "sel_scn_fwd", "sel_scn_bwd"],
            "mamba_inner_fn": ["mamba1"], "mamba": ["mamba1", "ssd-forward", "ssd-training"],
            "mamba2": ["ssd-forward", "ssd-backward", "ssd-training"], "forward": ["ssd-forward"],
            "backward": ["ssd-backward"],
            "fwd": ["ssd-forward"], "ssd-fwd": ["ssd-forward"], "ssd-bwd": ["ssd-backward"], "bwd": ["ssd-backward"],
            "train": ["ssd-training"], "step": ["ssd-training", "mamba1"],
            "training step": ["ssd-training", "mamba1"], "mamba_chunk_scan_combined": ["ssd-forward", "ssd-training"],
            "mamba_chunk_scan_combined_fwd": ["ssd-forward"], "mamba_chunk_scan_combined_bwd": ["ssd-backward"],
            "mamba_split_conv1d_scan_combined": ["ssd-training"], "swiglu": ["swiglu_fwd", "swiglu_bwd"],
            "chunk_scan": ["ch_scan_fwd"], "chunk_state": ["ch_state_fwd"],
            "state_passing": ["state_pass_fwd", "state_pass_bwd"],
            "bmm_chunk": ["bmm_ch_fwd", "bmm_ch_bwd"], "chunk_cumsum": ["ch_cumsum_fwd", "ch_cumsum_bwd"],
        ],
        parts: [
            "chunk": ["ch"], "selective": ["sel"], "scan": ["scn"], "passing": ["pass"], "forward": ["fwd"],
            "fwd": ["forward"],
            "backward": ["bwd"], "bwd": ["backward"], "conv": ["conv1d"], "dda": ["ddacs"], "dstate": ["dstates"],
        ],
        fillers: ["kernel", "triton", "cuda", "stable"])

    /// Names that people use for models' presets.
    package static let models = Meanings(
        whole: [
            "8b": ["mamba2-8b"], "mamba2": ["mamba2-8b", "mamba2-2.7b", "mamba2-130m"],
            "mamba": ["mamba-2.8b", "mamba-130m", "mamba2-8b"], "mamba1": ["mamba-2.8b", "mamba-130m"],
        ],
        parts: ["mamba1": ["mamba"]])
}
