import ArgumentParser
import Content
import Kernels
import Machine
import Studies
import Suggestions
import Testing
import Workloads
import weir

@Suite("Hints about commands, options, kernels and values")
struct UsageHintTests {
    /// What the command says to these words.
    private func message(_ words: [String]) throws -> String {
        do {
            var command = try Weir.parseAsRoot(words)
            try command.run()
        } catch {
            #expect(
                ErrorReport.message(of: error) != nil
                    ? ErrorReport.exitCode(of: error) == 64 : Weir.exitCode(for: error).rawValue == 64)
            let text =
                ErrorReport.message(of: error) ?? UsageHint.message(of: error, arguments: words)
                ?? Weir.fullMessage(for: error)
            #expect(!text.contains("\n") || UsageHint.message(of: error, arguments: words) == nil)
            return text
        }
        Issue.record("no error")
        return ""
    }

    @Test(
        "An option is named by spelling and by meaning, of those that the command has",
        arguments: [
            ("--seq-len", "--sequence-length"), ("--seqlen", "--sequence-length"), ("-L", "--sequence-length"),
            ("--length", "--sequence-length"), ("--sequence_length", "--sequence-length"),
            ("--sequnce-length", "--sequence-length"),
            ("--context", "--sequence-length"), ("--seqidx", "--seq-idx"), ("--seq-index", "--seq-idx"),
            ("--bs", "--batch"),
            ("--batch-size", "--batch"), ("--btach", "--batch"), ("--nheads", "--heads"), ("--num-heads", "--heads"),
            ("--headdim", "--head-dim"), ("--ngroups", "--groups"), ("--dstate", "--state-dim"),
            ("--d_state", "--state-dim"),
            ("--chunk", "--chunk-size"), ("--data-type", "--dtype"), ("--precision", "--dtype"), ("--gpu", "--machine"),
            ("--device", "--machine"), ("--arch", "--machine"), ("--out", "--output"), ("-o", "--output"),
            ("--json", "--format"),
            ("--num-threads", "--threads"), ("--jobs", "--threads"), ("--config", "--set"), ("--plot", "--chart"),
            ("--perfetto", "--timeline"), ("--d-conv", "--width"), ("--num-warps", "--tiling"),
            ("--glue", "--with-glue"),
            ("--gate", "--z"), ("--reproducible", "--deterministic"), ("--cache-mode", "--cache"),
            ("--sm-count", "--set gpu.smCount=..."),
            ("--l2-size", "--set l2.capacity=..."), ("--associativity", "--set l1.ways=..., --set l2.ways=..."),
        ])
    func options(word: String, meant: String) throws {
        let text = try message(["run", "ssd-forward", word, "4"])
        #expect(text.hasPrefix("weir run has no option '\(word)'; "), "\(text)")
        #expect(text.contains("nearest is \(meant); ") || text.contains("nearest are \(meant); "), "\(text)")
        #expect(text.hasSuffix("; weir run --help lists all"))
        #expect(try message(["run", "ssd-forward", word + "=4"]) == text)
    }

    @Test("Words of meaning that stand for several options name them all")
    func several() throws {
        #expect(
            try message(["run", "mamba1", "--hidden-size", "4"]).contains("nearest are --heads, --head-dim, --dim; "))
        #expect(try message(["run", "mamba1", "--d-model=4"]).contains("nearest are --heads, --head-dim, --dim; "))
        #expect(try message(["sweep", "x", "--nproc", "4"]).contains("nearest are --jobs, --threads; "))
    }

    @Test(
        "Where nothing is near there is no suggestion, but who has it and how to list all",
        arguments: [
            (["run", "--bogus"], "weir run has no option '--bogus'; weir run --help lists all"),
            (["run", "ssd-forward", "-x"], "weir run has no option '-x'; weir run --help lists all"),
            (
                ["replay", "a.weir", "--sequence-length", "4"],
                "weir replay has no option '--sequence-length'; weir run, tune, sweep, fuse have it; weir replay --help lists all"
            ),
            (
                ["check", "a", "--variant", "keep"],
                "weir check has no option '--variant'; weir fuse has it; weir check --help lists all"
            ),
            (["--bogus"], "weir has no option '--bogus'; weir --help lists all"),
            (["frobnicate"], "there is no command 'frobnicate'; weir --help lists them"),
        ])
    func nothing(words: [String], text: String) throws {
        #expect(try message(words) == text)
    }

    @Test(
        "Commands have other names too",
        arguments: [
            ("simulate", "nearest are run, replay"), ("bench", "nearest is microbenchmarks"),
            ("convert", "nearest are import, export"),
            ("inspct", "nearest is inspect"), ("autotune", "nearest is tune"), ("mrc", "nearest is curve"),
            ("sweepchart", "nearest is sweep-chart"),
            ("gpus", "nearest is machines"),
        ])
    func commands(word: String, part: String) throws {
        #expect(try message([word, "x"]) == "there is no command '\(word)'; \(part); weir --help lists them")
    }

    @Test(
        "Values of options are named likewise",
        arguments: [
            (["run", "x", "--dtype", "fp16"], "--dtype cannot be 'fp16'; did you mean f16? (of bf16, f16, f32)"),
            (
                ["run", "x", "--dtype", "bfloat16"],
                "--dtype cannot be 'bfloat16'; did you mean bf16? (of bf16, f16, f32)"
            ),
            (["run", "x", "--format", "cvs"], "--format cannot be 'cvs'; did you mean csv? (of text, json, csv)"),
            (["run", "x", "--cache", "warm"], "--cache cannot be 'warm'; did you mean chained? (of cold, chained)"),
            (["run", "x", "--cache", "hot"], "--cache cannot be 'hot'; did you mean chained? (of cold, chained)"),
            (
                ["run", "x", "--d", "per-head"],
                "--d cannot be 'per-head'; did you mean perHead? (of none, perHead, perChannel)"
            ),
            (
                ["fuse", "x", "--variant", "fused"],
                "--variant cannot be 'fused'; did you mean ssd_fused? (of reordered, persistent, ordered, recompute, keep, ssd_fused)"
            ),
            (["run", "x", "--batch", "4k"], "--batch cannot be '4k': write a number in digits, without unit"),
            (
                ["run", "x", "--batch", "99999999999999999999"],
                "--batch cannot be 99999999999999999999: that is beyond 9223372036854775807"
            ),
            (["run", "x", "--groups", "-1"], "--groups has no value, since '-1' begins with '-'; write --groups=-1"),
        ])
    func values(words: [String], text: String) throws {
        #expect(try message(words) == text)
    }

    @Test(
        "Formats of foreign traces are known by their programs' names",
        arguments: [("dinero", "din"), ("valgrind", "lackey"), ("accelsim", "accel-sim")])
    func formats(word: String, meant: String) throws {
        #expect(
            try message(["import", word, "a", "--output", "b"]).hasPrefix(
                "<format> cannot be '\(word)'; did you mean \(meant)?"))
    }

    @Test("Kinds of charts too", arguments: [("roof", "roofline"), ("hits", "hit-rates"), ("lifetime", "lifetimes")])
    func charts(word: String, meant: String) throws {
        #expect(
            try message(["run", "ch_cumsum_fwd", "--sequence-length=256", "--chart", "\(word)=a.vl.json", "--quiet"])
                .contains("nearest is \(meant); give one of"))
    }

    @Test(
        "A kernel goes by the function that a profiler shows; other names are answered by the nearest",
        arguments: [
            ("_chunk_cumsum_fwd_kernel", ["ch_cumsum_fwd"]), ("_chunk_cumsum_bwd_kernel", ["ch_cumsum_bwd"]),
            ("_chunk_state_fwd_kernel", ["ch_state_fwd"]), ("_chunk_state_bwd_db_kernel", ["ch_state_bwd_db"]),
            ("_state_passing_fwd_kernel", ["state_pass_fwd"]), ("_state_passing_bwd_kernel", ["state_pass_bwd"]),
            ("_bmm_chunk_fwd_kernel", ["bmm_ch_fwd"]), ("_bmm_chunk_bwd_kernel", ["bmm_ch_bwd"]),
            ("_chunk_scan_fwd_kernel", ["ch_scan_fwd"]), ("_chunk_scan_fwd_kernel_0d1d2de3", ["ch_scan_fwd"]),
            ("_chunk_scan_bwd_dz_kernel", ["ch_scan_bwd_dz"]),
            ("_chunk_scan_bwd_dstates_kernel", ["ch_scan_bwd_dstates"]),
            ("_chunk_scan_bwd_dc_kernel", ["ch_scan_bwd_dc"]), ("_chunk_scan_bwd_dcb_kernel", ["ch_scan_bwd_dcb"]),
            ("_chunk_scan_bwd_ddAcs_stable_kernel", ["ch_scan_bwd_ddacs"]),
            ("_chunk_scan_chunk_state_bwd_dx_kernel", ["ch_scan_ch_state_bwd_dx"]),
            ("_fused5_ssd_kernel", ["ssd-forward-fused", "ssd_fused"]),
            ("_layer_norm_fwd_1pass_kernel", ["ln_gated_fwd"]), ("_layer_norm_bwd_kernel", ["ln_gated_bwd"]),
            ("rmsnorm_gated_fwd", ["ln_gated_fwd"]), ("_swiglu_fwd_kernel", ["swiglu_fwd"]),
            ("_swiglu_bwd_kernel", ["swiglu_bwd"]),
            (
                "void selective_scan_fwd_kernel<Selective_Scan_fwd_kernel_traits<128, 16>>(SSMParamsBase)",
                ["sel_scn_fwd"]
            ),
            ("selective_scan_bwd_kernel", ["sel_scn_bwd"]), ("causal_conv1d_fwd_kernel", ["conv1d_fwd"]),
            ("void causal_conv1d_channellast_bwd_kernel<Causal_conv1d_channellast>", ["conv1d_bwd"]),
            ("mamba_chunk_scan_combined", ["ssd-forward", "ssd-training"]),
            ("mamba2", ["ssd-forward", "ssd-backward", "ssd-training"]),
            ("ssd-fwd", ["ssd-forward"]), ("ch_scan_fwdd", ["ch_scan_fwd"]), ("chscan_fwd", ["ch_scan_fwd"]),
            ("cumsum_fwd", ["ch_cumsum_fwd"]),
            // Launched by the libraries, and without a generator: nothing near is right.
            ("_chunk_state_bwd_ddAcs_stable_kernel", []), ("_selective_scan_update_kernel", []),
            ("causal_conv1d_update_kernel", []),
            ("gemm", []), ("flash_attn_fwd", []),
        ])
    func kernels(name: String, meant: [String]) throws {
        if let kernel = Registry.kernel(named: name) {
            #expect(meant.contains(kernel.name))
            let words =
                name.contains("causal") || name.contains("selective")
                ? ["--dim", "64"] : ["--heads", "2", "--groups", "1"]
            let sizes = name.contains("swiglu") ? ["--dim", "64"] : words + (name.contains("dz") ? ["--z"] : [])
            let options = try KernelOptions.parse([name, "--sequence-length", "64"] + sizes)
            var launches = try options.launches(multiprocessors: 132)
            #expect(launches.next()?.launch.kernel == kernel.name)
            return
        }
        #expect(KernelNames.nearest(to: name, among: Workload.groups + Registry.names).names == meant)
        let text = try message(["run", name, "--quiet"])
        #expect(text.hasPrefix("no generator for kernel \"\(name)\"; "))
        #expect(
            text.hasSuffix(
                meant.count == 1
                    ? "nearest is \(meant[0])"
                    : meant.isEmpty ? Registry.names[Registry.names.count - 1] : meant[meant.count - 1]))
    }

    @Test("Every kernel of the reference table is found by its function's name")
    func measuredNames() throws {
        let table = try ReferenceTable(path: "docs/validation/h200_ssd.csv")
        for row in table.rows {
            guard let function = row.text("triton_kernel"), let kernel = row.text("kernel"),
                SSDKernels.kernels.contains(kernel)
            else { continue }
            #expect(Registry.kernel(named: function)?.name == kernel)
        }
    }

    @Test(
        "Models are named likewise",
        arguments: [
            ("state-spaces/mamba2-2.7b", "mamba2-2.7b"), ("mamba2-2.7", "mamba2-2.7b"), ("mamba2_1.3b", "mamba2-1.3b"),
            ("8b", "mamba2-8b"),
        ])
    func models(word: String, meant: String) throws {
        #expect(
            try message(["run", "ssd-forward", "--model", word, "--quiet"]).contains("nearest is \(meant); give one of")
        )
    }

    @Test("What a sweep varies has the same words")
    func sweeps() throws {
        func text(_ vary: String) throws -> String {
            try message(["sweep", "ssd-forward", "--vary", vary, "--output", "/nowhere/x.jsonl", "--dry-run"])
        }
        #expect(try text("seqlen=1,2").hasSuffix("nearest is sequence-length"))
        #expect(try text("l2.bandwidth=1,2").hasSuffix("nearest are l2.sliceBandwidth, l2.fabricBandwidth"))
        #expect(try text("tiling.chunk_scan_fwd.M=64").hasSuffix("nearest is tiling.ch_scan_fwd.M"))
        let named = try SweepParameter(named: "tiling._chunk_scan_fwd_kernel.M", fields: [])
        #expect(named == .tiling(kernel: "ch_scan_fwd", field: "M"))
        #expect(
            try text("zebra=1").hasSuffix(
                "weir machines with the machine's name lists its fields, weir sweep --help the other names"))
        #expect(try text("l2.capacity=25,50").hasSuffix("the unit is missing; write 25MiB, or 25B for so few bytes"))
    }

    @Test("A column that a table lacks is named by what it has")
    func columns() throws {
        let table = try ReferenceTable(text: "kernel,seq_len,n_heads\nch_scan_fwd,1,2\n", name: "t.csv")
        let text =
            "\(#expect(throws: ReferenceError.self) { try table.rows[0].required("seqlen") }.map { "\($0)" } ?? "")"
        #expect(text == "t.csv:2: no value for 'seqlen': add the column; nearest is 'seq_len'")
        let heads =
            "\(#expect(throws: ReferenceError.self) { try table.rows[0].required("nheads") }.map { "\($0)" } ?? "")"
        #expect(heads.hasSuffix("nearest is 'n_heads'"))
    }
}
