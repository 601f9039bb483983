import TestSupport
import Testing
import Trace
import TraceFormats

@Suite("Formats told by their content")
struct RecognitionTests {
    private static let launch =
        "MEMTRACE: CTX 0x1 - LAUNCH - Kernel pc 0x2 - Kernel name k(int) - grid launch id 0 - grid size 1,1,1 "
        + "- block size 32,1,1 - nregs 16 - shmem 0 - cuda stream id 0\n"
    private static let record =
        "MEMTRACE: CTX 0x1 - grid_launch_id 0 - CTA 0,0,0 - warp 0 - LDG.E - "
        + String(repeating: "0x1000 ", count: 32) + "\n"

    /// The formats that a text fits.
    private func formats(_ text: String, isWhole: Bool = true) -> [ImportFormat] {
        formats(Array(text.utf8), isWhole: isWhole)
    }

    private func formats(_ bytes: [UInt8], isWhole: Bool = true) -> [ImportFormat] {
        guard case .formats(let found) = FormatRecognition(head: bytes, isWhole: isWhole).finding else { return [] }
        return found.map(\.format)
    }

    @Test(
        "Each format's spellings are told apart",
        arguments: [
            ("0 1000\n1 ff00\n2 401000\n", ImportFormat.din), ("R 1000 4\nW 1000 4\nI 2000 4\n", .din),
            ("r ff 10\nw 8 1\n", .din),
            ("0 1000 a comment\n\n1 fe\n", .din), ("4\n0 dead\n", .din), ("0 0x1000\n4 0xbeef\n2 ab\n", .din),
            ("==12== Lackey, an example Valgrind tool\n==12==\nI  04001090,3\n S 1ffe,8\n", .lackey),
            ("total 48\n-rw-r--r-- 1 root root 12 notes.txt\n L 04222c88,8\n", .lackey),
            ("I  0400d7d4,8\nM 0421c7f0,4\n", .lackey),
            ("SB 04001090\nI\t04001090,3\n", .lackey), ("LD 0x12340\nST 4096\n", .ramulator),
            ("0x12345680 R\n0x4cbd56c0 W\n", .ramulator),
            ("R 0x1000\nW 0x2000\n", .ramulator), ("R 0,1,2,3,4\n", .ramulator),
            ("3 20734016\n17 20734016 8192\n", .ramulator),
            ("12 0x1000\n0 0x2000\n", .ramulator), (launch + record, .nvbit), ("hello\n" + launch, .nvbit),
            ("Running step 1 ... " + record, .nvbit),
            ("Kernel k - Kernel name k - grid size 1,1,1 - block size 1,1,1\n", .nvbit),
            ("-kernel name = k\n-kernel id = 1\n", .accelSim),
            ("\n-grid dim = (1,1,1)\n-accelsim tracer version = 4\n", .accelSim),
            ("MemcpyHtoD,0x7f00,64\nkernel-1.traceg\n", .accelSim), ("kernel-1.traceg.xz\n", .accelSim),
            ("./traces/kernel-2-ctx_0x1.traceg\n", .accelSim), ("5 1000\n5 2000\n0 10a\n", .din),
            ("5 10ab\n0 10ab\n", .din),
            ("# a\n# b\n# c\n0 10ab\n1 20ab\n", .din), ("; a\n// b\n00 10ab\nc 0 0\n5\n", .din),
            ("0x40 R 5\n0x80 W 6\n", .ramulator),
            ("12345680 R\n4cbd56c0 W\n", .ramulator), ("READ 0x40\n", .ramulator), ("0x40 READ\n", .ramulator),
            ("ld 0x40\nst 0x80\n", .ramulator),
            ("r 0x40\nw 0x80\n", .ramulator), ("write 64\nRead 0x80\n", .ramulator), ("40 w 12\n", .ramulator),
            ("12% L 04222c88,8\n", .lackey), ("==9== L 04222c88,8\n", .lackey),
        ])
    func texts(text: String, format: ImportFormat) {
        #expect(formats(text) == [format])
        #expect(formats(text.replacing("\n", with: "\r\n")) == [format])
        #expect(formats("\u{FEFF}" + text) == [format])
    }

    @Test("Where the lines fit two formats, both are named with their commands")
    func ambiguous() throws {
        for text in ["0 1000\n3 1040\n", "2 64\n", "1 10 4\n"] {
            #expect(formats(text) == [.din, .ramulator], "\(text)")
            let message = try #require(failure(of: text, as: .auto))
            #expect(
                message == "input: this fits a trace of Dinero and a trace of Ramulator. Say which: "
                    + "weir import din - --output FILE.weir, or weir import ramulator - --output FILE.weir")
        }
    }

    @Test("A label that Dinero has not may be Ramulator's: both are named, with the line")
    func damagedLabel() throws {
        let text = String(repeating: "0 1000\n", count: 50) + "7 1000\n"
        #expect(formats(text) == [.din, .ramulator] && formats("0 1000\n1 2000\n5 1000\n") == [.din, .ramulator])
        let message = try #require(failure(of: text, as: .auto))
        #expect(
            message.hasPrefix(
                "input: this fits a trace of Dinero, but for line 51 where the label is '7', and a trace of Ramulator. Say which"
            ))
        #expect(
            try #require(failure(of: text, as: .din)).hasPrefix("input, line 51: the label is '7', expected 0 to 5"))
        // Addresses with letters are Dinero's, though few lines have them.
        #expect(formats(String(repeating: "0 1000\n", count: 50) + "0 10ab\n") == [.din])
        // A damaged line is the importer's to name.
        #expect(formats(String(repeating: "0 10ab\n", count: 50) + "7 1000\n") == [.din])
    }

    @Test("Traces of Accel-Sim before post-processing are named with the step that is missing")
    func unprocessed() throws {
        let kernel = traceg([], grid: "(1,1,1)") + "0 0 0 0 0010 ffffffff 0 EXIT 0 0 0\n"
        let list = "a list of Accel-Sim's kernels"
        let cases = [
            (kernel, "a kernel of Accel-Sim"), ("MemcpyHtoD,0x7f,4\nkernel-1.trace\n", list),
            ("/tmp/kernel-1.trace.xz\n", list),
        ]
        for (text, name) in cases {
            #expect(formats(text) == [])
            let message = try #require(failure(of: text, as: .auto))
            #expect(
                message.hasPrefix(
                    "input: this is \(name) before post-processing. Run Accel-Sim's post-traces-processing on "),
                "\(message)")
            let instead = FormatRecognition(head: Array(text.utf8), isWhole: true).insteadOfTrace(path: "x")
            #expect(instead.hasPrefix("this is \(name) before post-processing, no .weir trace. Run "), "\(instead)")
            #expect(!instead.contains("weir import"))
        }
        #expect(formats(traceg([[["0010 ffffffff 0 EXIT 0 0 0"]]])) == [.accelSim])
    }

    @Test("Binary formats are told by their records, whole or cut")
    func binary() throws {
        let instructions =
            champSim(0x40_1000, loads: [64]) + champSim(0x40_1004) + champSim(0x40_1008, stores: [1 << 46])
        #expect(formats(instructions) == [.champsim] && formats(Array(instructions.dropLast(7))) == [.champsim])
        let cloud = champSim(0x40_1000, loads: [64], cloudSuite: true) + champSim(0x40_1004, cloudSuite: true)
        guard case .formats(let found) = FormatRecognition(head: cloud, isWhole: true).finding else {
            Issue.record("no format")
            return
        }
        #expect(found.map(\.isCloudSuite) == [true])
        #expect(
            found[0].command(path: "a/b.champsimtrace.xz")
                == "weir import champsim --cloudsuite a/b.champsimtrace.xz --output a/b.weir")
        #expect(accesses(of: try imported(cloud, as: .auto).launches[0].programs[0]).count == 3)
        for narrow in [false, true] { #expect(formats(memoryTrace([(0, 4, 64)], narrow: narrow)) == [.drmemtrace]) }
        let raw = little(0xC040_0000_0000_0003, 8) + little(0x4000_0000_0000_0064, 8) + little(0x6000_0000_0000_0064, 8)
        #expect(
            try #require(failure(of: raw, as: .auto)).contains(
                "a thread's raw trace of DynamoRIO's drmemtrace. Post-process it"))
        let zip = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26) + Array("chunk.0000".utf8)
        let message = FormatRecognition(head: zip, isWhole: true).insteadOfTrace(path: "t.zip")
        #expect(
            message.hasSuffix("Convert it first: unzip -p t.zip | weir import drmemtrace - --output FILE.weir"),
            "\(message)")
    }

    @Test("Random traces of each kind are told at any cut behind their first lines")
    func random() {
        let seed = SeededGenerator.printedSeed("recognition")
        var random = SeededGenerator(seed: seed)
        func hex() -> String { String(UInt64.random(in: 0...UInt64.max >> 16, using: &random), radix: 16) }
        for _ in 0..<20 {
            let kinds: [(ImportFormat, () -> String)] = [
                (.din, { "\(Int.random(in: 0...2, using: &random)) \(hex())" }),
                (
                    .din,
                    {
                        "\(["r", "W", "i"].randomElement(using: &random) ?? "r") \(hex()) \(Int.random(in: 1...8, using: &random))"
                    }
                ),
                (
                    .lackey,
                    { [" L ", " S ", "I  ", " M "].randomElement(using: &random).map { $0 + hex() + ",4" } ?? "" }
                ),
                (.ramulator, { "0x\(hex()) \(Bool.random(using: &random) ? "R" : "W")" }),
                (.ramulator, { "\(Bool.random(using: &random) ? "LD" : "ST") 0x\(hex())" }),
                (
                    .ramulator,
                    { "\(Int.random(in: 5...90, using: &random)) \(UInt64.random(in: 0...1 << 40, using: &random))" }
                ),
            ]
            for (format, line) in kinds {
                let text = (0..<60).map { _ in line() + "\n" }.joined()
                let cut = Array(text.utf8.prefix(Int.random(in: 600...text.utf8.count, using: &random)))
                #expect(formats(cut, isWhole: false) == [format], "seed \(seed): \(text.prefix(60))")
            }
        }
    }

    @Test("Long output of the application before the first record is read on")
    func late() throws {
        let output = (0..<4000).map { "step \($0) of 4000, residual 0.5e-\($0)\n" }.joined()
        #expect(output.utf8.count > 100_000)
        #expect(try imported(output + Self.launch + Self.record, as: .auto).summary.accesses == 1)
    }

    @Test("Other files are named, and none is taken for a trace")
    func others() throws {
        let cases: [(String, String)] = [
            ("{\"a\": 1}\n", "JSON"), ("kernel,time\na,1\n", "a CSV table"), ("preset: h200\n", "a machine file"),
            ("", "an empty file"),
            ("some words\nand more\n", "text of no format that Weir knows"), ("0 xyz\n", "text of no format"),
        ]
        for (text, name) in cases {
            let message = try #require(failure(of: text, as: .auto))
            #expect(message.hasPrefix("input: this is \(name)"), "\(message)")
            #expect(message.hasSuffix("Give a trace of a format that 'weir import --help' lists"), "\(message)")
        }
        let seed = SeededGenerator.printedSeed("other files")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let noise = (0..<Int.random(in: 64...2000, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(formats(noise) == [], "seed \(seed)")
        }
        #expect(formats([UInt8](repeating: 0, count: 640)) == [])
    }

    @Test("What is given as a .weir trace and is none gets the import's command, with a name beside it")
    func instead() {
        func message(_ bytes: [UInt8], _ path: String?) -> String {
            FormatRecognition(head: bytes, isWhole: true).insteadOfTrace(path: path)
        }
        #expect(
            message(Array("LD 0x40\n".utf8), "dir/dram.trace.gz")
                == "this is no .weir trace but a trace of Ramulator. Import it first: "
                + "weir import ramulator dir/dram.trace.gz --output dir/dram.weir")
        #expect(
            message(CompressedInputs.twoXZStreams, nil)
                == "this is no .weir trace but a trace of Ramulator within an xz stream. Import it first: "
                + "weir import ramulator - --output FILE.weir")
        #expect(
            message(CompressedInputs.bzip2, "my trace.bz2")
                == "this is a bzip2 stream, no .weir trace. Convert it first: "
                + "bzip2 -dc 'my trace.bz2' | weir import auto - --output FILE.weir")
        #expect(
            message(Array("{}".utf8), "x")
                == "this is JSON, no .weir trace. Give a .weir trace, which weir generate and weir import write")
    }
}
