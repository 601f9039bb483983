import Content
import Foundation
import Kernels
import Machine
import RunSupport
import TestSupport
import Testing
import TraceFormats
import Workloads
import weir

@Suite("Options and errors")
struct OptionTests {
    /// Runs a command line as the process would.
    private func run(_ words: String...) throws {
        var command = try Weir.parseAsRoot(words)
        try command.run()
    }

    /// The error that a command line ends with.
    private func error(_ words: String...) throws -> any Error {
        try #require(throws: (any Error).self) {
            var command = try Weir.parseAsRoot(words)
            try command.run()
        }
    }

    @Test("Every parameter of the table is an option, and the option sets it alone")
    func table() throws {
        for parameter in LayerParameter.all {
            let value = parameter.isSize ? "3" : parameter.choices.last ?? ""
            let words = parameter.choices == ["true", "false"] ? [parameter.option] : [parameter.option, value]
            let parsed = try KernelOptions.parse(["ch_scan_fwd"] + words).parameters
            #expect(parameter.text(in: parsed) == (words.count == 1 ? "true" : value))
            #expect(LayerParameter.all.filter { $0.isGiven(in: parsed) } == [parameter])
        }
    }

    @Test("The help names every group and kernel under its kind of model, and every import format with its content")
    func help() throws {
        func words(_ text: String) -> String { text.split { $0.isWhitespace }.joined(separator: " ") }
        let run = words(Weir.helpMessage(for: RunCommand.self, columns: 1000))
        for group in Workload.groups { #expect(run.contains(group), "\(group)") }
        for kind in ModelKind.allCases {
            let start = try #require(run.firstRange(of: "Of \(kind.rawValue) models: ")).upperBound
            let names = run[start...].prefix { $0 != "." }.split(separator: ", ").map(String.init)
            let families = Registry.families.filter { $0.models.contains(kind) }
            #expect(names == families.flatMap { $0.kernels.map(\.name) })
        }
        let imports = words(Weir.helpMessage(for: ImportCommand.self, columns: 1000))
        for format in ImportFormat.all { #expect(imports.contains("\(format.rawValue) (\(format.holds))")) }
    }

    @Test("The main job's options give the main job's shape")
    func mainJob() throws {
        let command = try #require(
            try Weir.parseAsRoot([
                "run", "ssd-forward", "--model", "mamba2-8b", "--batch", "1", "--sequence-length", "4096",
                "--chunk-size", "256",
                "--machine", "h200",
            ]) as? RunCommand)
        var expected = SSDShape(
            batch: 1, sequenceLength: 4096, heads: 128, headDim: 64, groups: 8, stateDim: 128, chunkSize: 256)
        expected.multiprocessorCount = 132
        #expect(try #require(command.kernels.request.layer(multiprocessors: 132).block).ssd == expected)
        #expect(try command.kernels.launches(multiprocessors: 132).launchCount == 5)
    }

    @Test("Sizes and switches replace the model's")
    func shapeOptions() throws {
        let command = try #require(
            try Weir.parseAsRoot([
                "generate", "ch_scan_fwd", "--output", "x.weir", "--model", "mamba2-130m", "--heads", "16",
                "--head-dim", "32",
                "--groups", "2", "--state-dim", "64", "--dtype", "f32", "--d", "none", "--z", "--seq-idx",
                "--initial-states",
                "--packed", "--no-dt-bias", "--batch", "3",
            ]) as? GenerateCommand)
        let shape = try #require(command.kernels.request.layer(multiprocessors: 100).block).ssd
        let sizes: [Int] = [shape.heads, shape.headDim, shape.groups, shape.stateDim, shape.batch]
        #expect(sizes == [16, 32, 2, 64, 3])
        #expect(shape.elementType == .f32 && shape.timeStepType == .f32 && shape.skip == .none)
        #expect(shape.hasGate && shape.hasSequenceIndex && shape.hasInitialStates && shape.packedLayout)
        #expect(!shape.hasTimeStepBias && shape.multiprocessorCount == 100)
    }

    @Test("--with-glue adds the framework's launches around the backward kernels alone")
    func withGlue() throws {
        func kernels(_ words: String...) throws -> [String] {
            let sizes = ["--sequence-length", "512", "--heads", "8", "--groups", "1", "--output", "x.weir"]
            let command = try #require(try Weir.parseAsRoot(["generate"] + words + sizes) as? GenerateCommand)
            var launches = try command.kernels.launches(multiprocessors: 132)
            var names: [String] = []
            while let source = launches.next() { names.append(source.launch.kernel) }
            return names
        }
        #expect(try kernels("ssd-forward", "--with-glue") == SSDKernels.ssdForward)
        #expect(try kernels("ch_cumsum_bwd") == ["ch_cumsum_bwd"])
        #expect(try kernels("ch_cumsum_bwd", "--with-glue") == ["fill", "fill", "ch_cumsum_bwd"])
        #expect(try kernels("ch_state_bwd_db", "--with-glue") == ["fill", "ch_state_bwd_db", "sum", "cumsum"])
        #expect(try kernels("ssd-training").count == 19)
        #expect(try kernels("ssd-training", "--with-glue").count == 40)
        let backward = try kernels("ssd-backward", "--with-glue")
        #expect(backward.filter { !FrameworkGlue.kernels.contains($0) } == (try kernels("ssd-backward")))
        #expect(backward.suffix(5) == ["add", "add", "fill", "fill", "ch_cumsum_bwd"])
    }

    @Test("A tiling replaces the parts that it names and keeps the others")
    func tiling() throws {
        let option = try TilingOption("ch_scan_fwd:M=128,warps=8")
        let base = try SSDKernels.kernel(named: "ch_scan_fwd").defaultTiling(shape: smallShape)
        let tiling = try option.tiling(base: base)
        #expect(tiling.m == 128 && tiling.warps == 8)
        #expect(tiling.n == base.n && tiling.k == base.k && tiling.stages == base.stages)
        var launches = try Workload.launches(
            kernels: ["ch_scan_fwd"], shape: smallShape, tilings: ["ch_scan_fwd:M=128,warps=8"])
        #expect(launches.next()?.launch.tiling == tiling.description)
    }

    @Test(
        "Wrong usage ends with 64 and one line that says what is wrong",
        arguments: [
            (["run", "ch_scan_fwdd"], "ch_scan_fwdd"),
            (["run", "ssd-forward", "--model", "mamba3"], "mamba3"),
            (["run", "ssd-forward", "--tiling", "M=64"], "KERNEL:"),
            (["run", "ch_state_fwd", "--tiling", "ch_scan_fwd:M=64"], "not run"),
            (["run", "ch_scan_fwd", "--tiling", "ch_scan_fwd:M=64", "--tiling", "ch_scan_fwd:N=64"], "already"),
            (["run", "ch_scan_fwd", "--tiling", "ch_scan_fwd:M=65"], "65"),
            (["run", "ch_scan_fwd", "--tiling", "ch_scan_fwd:Q=64"], "Q=64"),
            (["run", "ssd-forward", "--heads", "7"], "groups"),
            (["run", "ssd-forward", "--batch", "0"], "batch"),
            (["run", "ssd-forward", "--batch", "999999999999"], "batch"),
            (["run", "ssd-forward", "--machine", "h900"], "h900"),
            (["run", "ssd-forward", "--set", "l2.capacty=25MiB"], "l2.capacity"),
            (["run", "ssd-forward", "--set", "l2.capacity=25bananas"], "--set"),
        ])
    func usage(words: [String], part: String) throws {
        let error = try #require(throws: (any Error).self) {
            var command = try Weir.parseAsRoot(words)
            try command.run()
        }
        let message = try #require(ErrorReport.message(of: error))
        #expect(message.contains(part))
        #expect(!message.contains("\n"))
        #expect(ErrorReport.exitCode(of: error) == 64)
    }

    @Test(
        "The parser's own errors end with 64 too",
        arguments: [
            ["generate"], ["run", "ssd-forward", "--threads", "0"], ["run", "ssd-forward", "--format", "xml"],
            ["frobnicate"],
        ])
    func parserUsage(words: [String]) throws {
        let error = try #require(throws: (any Error).self) { _ = try Weir.parseAsRoot(words) }
        #expect(Weir.exitCode(for: error).rawValue == 64)
    }

    @Test("A file that is missing, foreign or cut ends with 1 and names the file")
    func badInput() throws {
        try withFolder { folder in
            let whole = try smallTrace()
            try Data("no trace at all".utf8).write(to: URL(fileURLWithPath: folder + "/text.weir"))
            try Data(whole.prefix(whole.count / 2)).write(to: URL(fileURLWithPath: folder + "/cut.weir"))
            for name in ["missing.weir", "text.weir", "cut.weir"] {
                for command in ["replay", "inspect"] {
                    let error = try error(command, folder + "/" + name, "--quiet")
                    let message = try #require(ErrorReport.message(of: error))
                    #expect(message.contains(folder + "/" + name))
                    #expect(ErrorReport.exitCode(of: error) == 1)
                }
            }
        }
    }

    @Test("A launch that fits no SM is named with its kernel")
    func doesNotFit() throws {
        let error = try error(
            "run", "ch_scan_fwd", "--set", "sm.sharedPerBlock=16KiB", "--quiet", "--sequence-length", "512")
        let message = try #require(ErrorReport.message(of: error))
        #expect(message.hasPrefix("launch 0 (ch_scan_fwd): "))
        #expect(ErrorReport.exitCode(of: error) == 1)
    }

    @Test("run, and generate then replay, write equal files; a failed command leaves none")
    func files() throws {
        try withFolder { folder in
            let small = ["--model", "mamba2-130m", "--sequence-length", "512", "--quiet"]
            func weir(_ words: [String]) throws {
                var command = try Weir.parseAsRoot(words + ["--quiet"])
                try command.run()
            }
            let result = ["--format", "json", "--deterministic", "--output"]
            try weir(["run", "ssd-forward", "--threads", "1"] + result + [folder + "/run.json"] + small.dropLast())
            try weir(["generate", "ssd-forward", "--output", folder + "/trace.weir"] + small.dropLast())
            try weir(["replay", folder + "/trace.weir", "--threads", "2"] + result + [folder + "/replay.json"])
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(files == ["replay.json", "run.json", "trace.weir"])
            let run = try Data(contentsOf: URL(fileURLWithPath: folder + "/run.json"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/replay.json")) == run)
            _ = try error(
                "generate", "ssd-forward", "--heads", "5", "--groups", "2", "--output", folder + "/none.weir", "--quiet"
            )
            _ = try error(
                "run", "ssd-forward", "--output", folder + "/no/folder/x.json", "--quiet", "--sequence-length", "256")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == files)
        }
    }

    @Test("A printed machine reads back as the same machine")
    func machines() throws {
        try withFolder { folder in
            try run("machines", "h200", "--set", "l2.capacity=30MiB", "--output", folder + "/small.yaml")
            let machine = try MachineDescription(named: folder + "/small.yaml")
            #expect(machine == (try MachineDescription(named: "h200", options: ["l2.capacity=30MiB"])))
        }
    }

    @Test("Options of an export that its format has not are usage errors; a trace that is not there is bad input")
    func exportOptions() throws {
        for words in [
            ["accel-sim", "a.weir", "--output", "-"], ["accel-sim", "a.weir", "--output", "b", "--granularity", "32"],
            ["din", "a.weir", "--output", "b", "--granularity", "16"],
            ["ramulator", "a.weir", "--output", "b", "--no-compute"],
            ["xml", "a.weir", "--output", "b"], ["din", "a.weir"],
        ] {
            let error = try #require(throws: (any Error).self) { try Weir.parseAsRoot(["export"] + words) }
            #expect(Weir.exitCode(for: error).rawValue == ExitStatus.badUsage, "\(words)")
        }
        let missing = try error("export", "din", "/no/such/trace.weir", "--output", "-")
        #expect(ErrorReport.exitCode(of: missing) == ExitStatus.badInput)
        #expect(try #require(ErrorReport.message(of: missing)).hasPrefix("/no/such/trace.weir: open failed"))
    }
}
