import Foundation
import TestSupport
import Testing
import weir

@Suite("Files of other kinds given to commands")
struct ForeignInputTests {
    /// The line that a command line ends with.
    private func line(_ words: [String]) throws -> String {
        let error = try #require(throws: (any Error).self) {
            var command = try Weir.parseAsRoot(words)
            try command.run()
        }
        return ErrorReport.message(of: error) ?? "usage: \(Weir.message(for: error))"
    }

    private func write(_ bytes: some Sequence<UInt8>, _ path: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Each command that reads a trace, with `path` as the trace.
    private func readers(_ path: String, _ folder: String) -> [[String]] {
        [
            ["replay", path, "--quiet"], ["inspect", path, "--quiet"], ["curve", "--trace", path, "--quiet"],
            ["sweep", "--trace", path, "--vary", "l2.capacity=25MiB", "--output", folder + "/s.jsonl", "--quiet"],
            ["export", "din", path, "--output", folder + "/o.din", "--quiet"],
            ["fuse", path, "--variant", "reordered", "--order", "linear", "--quiet"],
        ]
    }

    @Test("A foreign trace is recognised by every command that reads .weir, and the import's command printed")
    func foreignTraces() throws {
        try withFolder { folder in
            let cases: [(name: String, text: String, found: String, command: String)] = [
                ("t.din", "0 1000\n1 ff00\n", "a trace of Dinero", "din"),
                ("t.weir", "LD 0x40\n", "a trace of Ramulator", "ramulator"),
                ("l.txt", "I  04000a10,3\n", "the output of valgrind's lackey", "lackey"),
                ("kernelslist.g", "kernel-1.traceg\n", "a list of Accel-Sim's kernels", "accel-sim"),
            ]
            for (name, text, found, format) in cases {
                let path = try write(text.utf8, "\(folder)/\(name)")
                let output = "\(folder)/" + name.split(separator: ".")[0] + ".weir"
                for words in readers(path, folder) {
                    #expect(
                        try line(words)
                            == "\(path): this is no .weir trace but \(found). Import it first: weir import \(format) \(path) --output \(output)",
                        "\(words)")
                }
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                    "kernelslist.g", "l.txt", "t.din", "t.weir",
                ])
        }
    }

    @Test("Files of other kinds and directories are named for what they are")
    func others() throws {
        try withFolder { folder in
            let cases: [(String, [UInt8], String)] = [
                ("a.json", Array("{\"a\": 1}".utf8), "this is JSON, no .weir trace. Give"),
                ("a.csv", Array("kernel,time\nk,1\n".utf8), "this is a CSV table, no .weir trace. Give"),
                (
                    "m.yaml", Array("preset: h200\n".utf8),
                    "this is a machine file (YAML), which --machine reads, no .weir trace. Give"
                ),
                (
                    "r.ncu-rep", [0x4E, 0x56, 0x52, 0, 1],
                    "this is a report of Nsight Compute (.ncu-rep), no .weir trace. Give"
                ),
                (
                    "e", [0x7F, 0x45, 0x4C, 0x46, 2],
                    "this is an ELF file (a program, a library or a cubin), no .weir trace. Give"
                ),
                ("d.pdf", Array("%PDF-1.7".utf8), "this is a PDF document, no .weir trace. Give"),
                (
                    "z.bz2", Array("BZh91AY&SY".utf8),
                    "this is a bzip2 stream, no .weir trace. Convert it first: bzip2 -dc "
                ),
                ("empty", [], "this is an empty file, no .weir trace. Check"),
            ]
            for (name, bytes, beginning) in cases {
                let path = try write(bytes, "\(folder)/\(name)")
                for words in readers(path, folder) {
                    let line = try line(words)
                    #expect(line.hasPrefix("\(path): \(beginning)"), "\(words): \(line)")
                }
            }
            for words in readers(folder, folder) {
                #expect(try line(words) == "\(folder): this is a directory, not a trace. Give a file in it", "\(words)")
            }
            _ = try write("kernel-1.traceg\n".utf8, folder + "/kernelslist.g")
            #expect(
                try line(["replay", folder])
                    == "\(folder): this is a directory, not a trace. It holds traces of Accel-Sim: "
                    + "weir import accel-sim \(folder)/kernelslist.g --output \(folder).weir")
        }
    }

    @Test("Options of one format are taken with auto, and refused where the content has another format")
    func autoOptions() throws {
        try withFolder { folder in
            let din = try write("0 1007\n2 ff00\n".utf8, folder + "/t.din")
            let lackey = try write("I  04000a10,3\n".utf8, folder + "/t.lackey")
            // Two instructions of ChampSim's without accesses.
            let records = [UInt8](
                [0x10, 0x40] + [UInt8](repeating: 0, count: 62) + [0x14, 0x40] + [UInt8](repeating: 0, count: 62))
            let champSim = try write(records, folder + "/t.champsim")
            let output = folder + "/o.weir"
            func run(_ words: [String]) throws {
                var command = try Weir.parseAsRoot(["import"] + words + ["--output", output, "--quiet"])
                try command.run()
            }
            try run(["auto", din, "--access-bytes", "16", "--no-fetches", "--kernel", "mine"])
            let automatic = try Data(contentsOf: URL(fileURLWithPath: output))
            try run(["din", din, "--access-bytes", "16", "--no-fetches", "--kernel", "mine"])
            #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == automatic)
            try FileManager.default.removeItem(atPath: output)
            let refused: [([String], String)] = [
                (["auto", lackey, "--access-bytes", "8"], "--access-bytes: the lines of lackey name their sizes"),
                (["auto", din, "--cloudsuite"], "--cloudsuite: din has no such layout"),
                (["din", din, "--cloudsuite"], "--cloudsuite: din"),
                (
                    ["auto", champSim, "--cloudsuite"],
                    "--cloudsuite: the records have ChampSim's standard layout; leave it out"
                ),
                (
                    ["nvbit", din, "--launch", "3..2"],
                    "--launch cannot be '3..2': the range ends before it begins; write 2..3"
                ),
                (["drmemtrace", din, "--access-bytes", "8"], "--access-bytes"),
                (["nvbit", din, "--no-fetches"], "--no-fetches: nvbit"),
            ]
            for (words, text) in refused {
                let line = try line(["import"] + words + ["--output", output, "--quiet"])
                #expect(line.hasPrefix("usage: ") && line.contains(text), "\(line)")
                #expect(!FileManager.default.fileExists(atPath: output))
            }
        }
    }

    @Test("An import as another format says which it is")
    func misdirected() throws {
        try withFolder { folder in
            let path = try write("I  04000a10,3\n L 1ffe,8\n".utf8, folder + "/a.txt")
            #expect(
                try line(["import", "din", path, "--output", folder + "/o.weir", "--quiet"])
                    == "\(path): this is the output of valgrind's lackey, not a trace of Dinero. Import it as what it is: "
                    + "weir import lackey \(path) --output \(folder)/a.weir")
            let bad = try write(
                "0 1000\n1 zz\n0 ff0\n".utf8 + (0..<30).flatMap { "0 a\($0)\n".utf8 }, folder + "/b.din")
            #expect(
                try line(["import", "din", bad, "--output", folder + "/o.weir", "--quiet"]).hasPrefix(
                    "\(bad), line 2: the address"))
        }
    }

    @Test(
        "Machine files, lists of points and tables in other encodings or compressed are named; a mark of UTF-8 is passed by"
    )
    func texts() throws {
        try withFolder { folder in
            let machine = "preset: h200\nl2.capacity: 25MiB\n"
            let readers: [(String, (String) -> [String])] = [
                ("a machine file", { ["machines", $0] }),
                (
                    "a list of points",
                    { ["sweep", "ssd-forward", "--points", $0, "--output", folder + "/s.jsonl", "--quiet"] }
                ),
                ("a table in CSV", { ["validate", $0] }),
            ]
            let utf16 = Array(try #require(machine.data(using: .utf16LittleEndian)))
            let cases: [(String, [UInt8], String, String)] = [
                ("x.bz2", Array("BZh91AY&SY".utf8), "a bzip2 stream", "bzip2 -dc"),
                ("x.gz", [0x1F, 0x8B, 8, 0], "a gzip stream", "gzip -dc"),
                ("x.zip", Array("PK\u{3}\u{4}".utf8), "a zip archive", "unzip -p"),
                ("x.txt", utf16, "text in UTF-16LE", "iconv -f UTF-16LE -t UTF-8"),
            ]
            for (name, bytes, kind, command) in cases {
                let path = try write(bytes, "\(folder)/\(name)")
                for (wanted, words) in readers {
                    let line = try line(words(path))
                    #expect(line.contains("this is \(kind), not \(wanted)") && line.hasPrefix(path), "\(line)")
                    #expect(line.contains("convert it first, '\(command) \(path) > PLAIN', and give PLAIN"), "\(line)")
                }
            }
            for (wanted, words) in readers {
                #expect(try line(words(folder)).contains("this is a directory, not \(wanted)"))
            }
            let marked = try write("\u{FEFF}\(machine)nothing.here: 1\n".utf8, folder + "/m.yaml")
            #expect(try line(["machines", marked]).contains("no field is called 'nothing.here'"))
            let points = try write("\u{FEFF}{\"batchx\": 2}\n".utf8, folder + "/p.jsonl")
            #expect(
                try line(["sweep", "ssd-forward", "--points", points, "--output", folder + "/s.jsonl"]).contains(
                    "batchx"))
            let table = try write("\u{FEFF}kernel,\u{1B}[31m,\u{1B}[31m\n".utf8, folder + "/t.csv")
            let line = try line(["validate", table])
            #expect(line.contains(#"column '\u{1B}[31m' stands twice"#) && !line.contains("\u{1B}"), "\(line)")
        }
    }
}
