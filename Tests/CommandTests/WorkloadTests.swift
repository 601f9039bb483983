import Kernels
import Machine
import Report
import Runs
import Simulator
import Testing
import Trace
import Workloads
import weir

@Suite("Kernels beside SSD's as workloads")
struct WorkloadTests {
    /// The options of a command line.
    private func options(_ words: [String]) throws -> KernelOptions {
        try #require(try Weir.parseAsRoot(["generate", "--output", "x.weir"] + words) as? GenerateCommand).kernels
    }

    /// The launches of a command line.
    private func launches(_ words: [String]) throws -> [KernelLaunch] {
        var sequence = try options(words).launches(multiprocessors: 132)
        var launches: [KernelLaunch] = []
        while let source = sequence.next() { launches.append(source.launch) }
        return launches
    }

    private static let smallMamba1 = ["mamba1", "--dim", "64", "--sequence-length", "2100", "--batch", "2"]
    private static let smallBlock = ["--model", "mamba2-130m", "--sequence-length", "512"]
    private static let wholeBlock = [
        "conv1d_fwd", "ssd-forward", "ln_gated_fwd", "swiglu_fwd", "swiglu_bwd", "ln_gated_bwd", "ssd-backward",
        "conv1d_bwd",
    ]

    @Test("Without a model, Mamba-1's kernels alone are mamba-2.8b's, others mamba2-8b's")
    func defaultModels() throws {
        guard case .mamba1(let shape) = try options(["mamba1"]).request.layer(multiprocessors: 78) else {
            Issue.record("mamba1 is no Mamba-1 layer")
            return
        }
        var expected = Mamba1Shape(batch: 1, dim: 5120, sequenceLength: 4096)
        expected.hasGate = true
        expected.multiprocessorCount = 78
        #expect(shape == expected)
        #expect(Workload.defaultModel(kernels: ["sel_scn_bwd", "conv1d_bwd"]) == "mamba-2.8b")
        #expect(Workload.defaultModel(kernels: ["conv1d_fwd", "ssd-forward"]) == "mamba2-8b")
        #expect(Workload.defaultModel(kernels: ["ln_gated_fwd"]) == "mamba2-8b")
    }

    @Test("Options replace a Mamba-1 model's sizes")
    func mamba1Sizes() throws {
        let words = [
            "conv1d_fwd", "--model", "MAMBA-370m", "--dim", "96", "--width", "3", "--channel-last", "--batch", "3",
            "--sequence-length", "100", "--dtype", "f32",
        ]
        var expected = Mamba1Shape(batch: 3, dim: 96, sequenceLength: 100)
        expected.hasGate = true
        expected.width = 3
        expected.isChannelLast = true
        expected.elementType = .f32
        #expect(try options(words).request.layer(multiprocessors: 132) == .mamba1(expected))
        let scan = try launches(["sel_scn_fwd", "--model", "mamba-130m", "--state-dim", "8", "--groups", "2"])[0]
        #expect(scan.grid == Grid(x: 1, y: 1536))
        #expect(scan.tensors.first { $0.name == "B" }?.byteCount == 2 * 8 * 4096 * 2)
    }

    @Test("A Mamba-2 block gives the sizes of the kernels around the SSD call")
    func mamba2Sizes() throws {
        let layer = try options(["conv1d_fwd", "--model", "mamba2-8b", "--batch", "2"]).request.layer(
            multiprocessors: 132)
        guard case .mamba2(let block) = layer else {
            Issue.record("mamba2-8b is no Mamba-2 layer")
            return
        }
        #expect(block.convolution.dim == 128 * 64 + 2 * 8 * 128 && block.convolution.isChannelLast)
        #expect(block.norm == GatedNormShape(rows: 2 * 4096, columns: 8192, groupSize: 1024))
        #expect(block.swiglu == SwigluShape(rows: 2 * 4096, columns: 8192))
        let wide = try launches([
            "swiglu_fwd", "conv1d_bwd", "--dim", "1024", "--sequence-length", "64", "--width", "2",
        ])
        #expect(wide[0].grid == Grid(x: 64, y: 1))
        #expect(wide[1].tensors.first { $0.name == "weight" }?.byteCount == 1024 * 2 * 2)
        let tiled = try launches(["swiglu_fwd", "--tiling", "swiglu_fwd:BLOCK=256,warps=8"])[0]
        #expect(tiled.grid == Grid(x: 4096, y: 32) && tiled.threadsPerBlock == 256)
    }

    @Test(
        "What a model or kernel does not have is refused in one line with its cure",
        arguments: [
            (["sel_scn_fwd", "--model", "mamba2-8b"], ["sel_scn_fwd", "Mamba-2", "mamba-2.8b"]),
            (["ch_scan_fwd", "--model", "mamba-2.8b"], ["ch_scan_fwd", "Mamba-1", "mamba2-8b"]),
            (["ssd-training", "--model", "mamba-130m"], ["ssd-training", "Mamba-1"]),
            (["ln_gated_fwd", "--model", "mamba-130m"], ["ln_gated_fwd", "Mamba-1"]),
            (["mamba1", "--model", "mamba2-130m"], ["mamba1", "Mamba-2", "mamba-130m"]),
            (["mamba1", "ch_scan_fwd"], ["mamba1", "Mamba-2"]),
            (["mamba1", "--model", "mamba-3b"], ["mamba-3b", "mamba-2.8b", "mamba2-8b"]),
            (["mamba1", "--chunk-size", "128"], ["--chunk-size", "leave it out"]),
            (["mamba1", "--heads", "8"], ["--heads"]), (["mamba1", "--z"], ["--z"]),
            (["mamba1", "--d", "none"], ["--d:"]),
            (["mamba1", "--with-glue"], ["--with-glue"]), (["mamba1", "--channel-last"], ["--channel-last", "scan"]),
            (["sel_scn_fwd", "--width", "3"], ["--width"]), (["conv1d_fwd", "--state-dim", "8"], ["--state-dim"]),
            (["ssd-forward", "--dim", "64"], ["--dim"]), (["ln_gated_fwd", "--dim", "64"], ["--dim"]),
            (["swiglu_fwd", "--dim", "64", "--heads", "8"], ["--heads"]),
            (["conv1d_fwd", "--tiling", "conv1d_fwd:M=64"], ["conv1d_fwd:M=64", "leave it out"]),
            (["mamba1", "--tiling", "ch_scan_fwd:M=64"], ["not run", "leave it out"]),
            (["swiglu_fwd", "--tiling", "swiglu_fwd:M=64"], ["M is 64", "BLOCK"]),
            (["mamba1", "--width", "5"], ["width is 5"]), (["mamba1", "--dim", "3", "--groups", "2"], ["groups"]),
        ])
    func refusals(words: [String], parts: [String]) throws {
        let error = try #require(throws: (any Error).self) { try launches(words) }
        let message = try #require(ErrorReport.message(of: error))
        for part in parts { #expect(message.contains(part), "\(message)") }
        #expect(!message.contains("\n"))
        #expect(ErrorReport.exitCode(of: error) == 64)
    }

    /// The arguments at each address that several launches or names have.
    private func shared(_ launches: [KernelLaunch]) -> Set<Set<String>> {
        var names: [UInt64: Set<String>] = [:]
        for launch in launches {
            for tensor in launch.tensors {
                names[tensor.baseAddress, default: []].insert("\(launch.kernel) \(tensor.name)")
            }
        }
        return Set(names.values.filter { $0.count > 1 })
    }

    @Test("mamba1 launches in order, and hands tensors on where they lie")
    func mamba1Addresses() throws {
        let launches = try launches(Self.smallMamba1)
        #expect(launches.map(\.kernel) == ["conv1d_fwd", "sel_scn_fwd", "sel_scn_bwd", "conv1d_bwd"])
        var expected: Set<Set<String>> = [
            ["conv1d_fwd out", "sel_scn_fwd u", "sel_scn_bwd u"], ["sel_scn_bwd du", "conv1d_bwd dout"],
        ]
        for name in ["delta", "A", "B", "C", "D", "delta_bias", "out", "x", "z"] {
            expected.insert(["sel_scn_fwd \(name)", "sel_scn_bwd \(name)"])
        }
        for name in ["x", "weight", "bias"] { expected.insert(["conv1d_fwd \(name)", "conv1d_bwd \(name)"]) }
        #expect(shared(launches) == expected)
    }

    @Test("Norms, SwiGLU and the convolution share what both passes take, and with the SSD call its output")
    func mamba2Addresses() throws {
        let around = ["ln_gated_fwd", "ln_gated_bwd", "conv1d_fwd", "conv1d_bwd", "swiglu_fwd", "swiglu_bwd"]
        let common: Set<Set<String>> = [
            ["ln_gated_fwd Z", "ln_gated_bwd Z"], ["ln_gated_fwd W", "ln_gated_bwd W"],
            ["ln_gated_fwd Rstd", "ln_gated_bwd Rstd"], ["conv1d_fwd x", "conv1d_bwd x"],
            ["conv1d_fwd weight", "conv1d_bwd weight"], ["conv1d_fwd bias", "conv1d_bwd bias"],
            ["swiglu_fwd X", "swiglu_fwd Y", "swiglu_bwd X", "swiglu_bwd Y"], ["swiglu_bwd DX", "swiglu_bwd DY"],
        ]
        let alone = shared(try launches(around + Self.smallBlock))
        #expect(alone == common.union([["ln_gated_fwd X", "ln_gated_bwd X"]]))
        let block = try launches(Self.wholeBlock + ["--packed"] + Self.smallBlock)
        func tensor(_ kernel: String, _ name: String) throws -> Tensor {
            let launch = try #require(block.last { $0.kernel == kernel })
            return try #require(launch.tensors.first { $0.name == name })
        }
        for (one, other) in [
            (("ch_scan_fwd", "out"), ("ln_gated_fwd", "X")), (("ln_gated_bwd", "DX"), ("ch_scan_bwd_dstates", "dout")),
            (("conv1d_fwd", "out"), ("ch_scan_fwd", "x")),
        ] {
            let (first, second) = (try tensor(one.0, one.1), try tensor(other.0, other.1))
            #expect(first.baseAddress == second.baseAddress && first.byteCount == second.byteCount)
        }
        #expect(common.isSubset(of: shared(block)))
    }

    @Test(
        "No two tensors of a run overlap but as a whole",
        arguments: [
            smallMamba1, smallMamba1 + ["mamba1"],
            ["conv1d_fwd", "conv1d_bwd", "--channel-last", "--sequence-length", "300"],
            wholeBlock + smallBlock, wholeBlock + smallBlock + ["--packed", "--z"],
            ["conv1d_fwd", "ssd-forward", "swiglu_bwd", "--dim", "1000"] + smallBlock + ["--packed"],
        ])
    func overlaps(words: [String]) throws {
        let tensors = Set(
            try launches(words).flatMap(\.tensors).map { $0.baseAddress..<($0.baseAddress + $0.byteCount) })
        let sorted = tensors.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        for (one, next) in zip(sorted, sorted.dropFirst()) {
            #expect(one.upperBound <= next.lowerBound, "\(one), \(next)")
        }
        #expect(sorted.count > 4)
    }

    private func run(_ words: [String], cache: CacheMode = .cold) throws -> RunResult {
        try LaunchRunner.run(
            try options(words).launches(multiprocessors: 132), machine: try MachineDescription(named: "h200"),
            cacheMode: cache)
    }

    @Test("In a chained run the scan finds the convolution's output in the L2, and totals have both passes")
    func chained() throws {
        let words = ["mamba1", "--dim", "128", "--sequence-length", "2048"]
        let cold = try run(words)
        let chained = try run(words, cache: .chained)
        let outBytes = UInt64(128 * 2048 * 2)
        #expect(cold.launches[0].counters.hbmReadBytes == chained.launches[0].counters.hbmReadBytes)
        let saved = cold.launches[1].counters.hbmReadBytes - chained.launches[1].counters.hbmReadBytes
        #expect(saved == outBytes)
        let totals = StepTotals(of: cold.launches)
        #expect(totals.passes == [.forward, .forward, .backward, .backward])
        #expect(totals.forward.split.percent(.vector) == 100 && totals.backward.split.percent(.vector) == 100)
        #expect(RunText(tables: .totals).render(cold).contains("\nTotals of the training step"))
    }

    @Test(
        "A replayed trace gives what run gives",
        arguments: [smallMamba1, ["ln_gated_fwd", "swiglu_bwd", "conv1d_bwd"] + smallBlock])
    func replay(words: [String]) throws {
        let buffer = ByteOutput.Buffer()
        try TraceGeneration.write(try options(words).launches(multiprocessors: 132), to: ByteOutput(buffer: buffer))
        let replayed = try LaunchRunner.run(
            TraceLaunches(inputs: [ByteInput(bytes: buffer.bytes)]), machine: try MachineDescription(named: "h200"),
            cacheMode: .chained)
        #expect(RunJSON().render(replayed) == RunJSON().render(try run(words, cache: .chained)))
    }

    @Test(
        "What CUDA refuses to launch is refused with kernel, axis and limit, and so are packed rows that are no multiples of 8",
        arguments: [
            (
                "run ch_scan_fwd --model mamba2-130m --batch 4096 --sequence-length 4352 --chunk-size 256",
                "ch_scan_fwd: grid y is 69632"
            ),
            (
                "run ch_state_fwd --heads 66000 --groups 1 --head-dim 8 --sequence-length 64 --chunk-size 64",
                "ch_state_fwd: grid z is 66000"
            ),
            (
                "run state_pass_fwd --batch 70000 --sequence-length 64 --chunk-size 64 --heads 1 --groups 1 --head-dim 8 --state-dim 16",
                "state_pass_fwd: grid y is 70000"
            ),
            (
                "generate ch_state_fwd --heads 66000 --groups 1 --head-dim 8 --sequence-length 64 --chunk-size 64 --output /dev/null",
                "CUDA launches at most 65535"
            ),
            ("run conv1d_fwd ssd-forward --packed --heads 3 --groups 1 --sequence-length 64", "rows of 643 elements"),
            ("run conv1d_fwd --dim 100 --channel-last --sequence-length 64", "give a multiple of 8"),
        ])
    func refusedLaunches(words: String, part: String) throws {
        let error = try #require(throws: KernelError.self) {
            try weir(words.split(separator: " ").map(String.init) + ["--quiet"])
        }
        #expect(error.description.contains(part) && ErrorReport.exitCode(of: error) == 64, "\(error)")
    }
}
