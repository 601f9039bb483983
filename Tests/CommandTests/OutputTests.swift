import Content
import Foundation
import TestSupport
import Testing
import Trace
import weir

@Suite("Outputs of commands")
struct OutputTests {
    private static let run = ["run"] + tinyKernel + ["--quiet"]

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private func trace(_ folder: String) throws -> String {
        try weir(["generate"] + tinyKernel + ["--output", folder + "/t.weir", "--quiet"])
        return folder + "/t.weir"
    }

    /// Commands with a second output each, behind the folder that they write to.
    private static let commands: [@Sendable (String) -> [String]] = [
        { run + ["--output", $0 + "/o", "--chart", $0 + "/c", "--timeline", $0 + "/l"] },
        { ["replay", $0 + "/t.weir", "--quiet", "--output", $0 + "/o", "--chart", $0 + "/c"] },
        { ["curve"] + tinyKernel + ["--quiet", "--output", $0 + "/o", "--chart", $0 + "/c"] },
        { ["inspect", $0 + "/t.weir", "--quiet", "--output", $0 + "/o", "--chart", $0 + "/c"] },
        { ["tune"] + tinyKernel + ["--quiet", "--jobs", "1", "--output", $0 + "/o", "--chart", $0 + "/c"] },
        {
            ["fuse"] + tinyKernel + ["--variant", "reordered", "--order", "head-fastest", "--quiet"]
                + ["--output", $0 + "/o", "--chart", $0 + "/c", "--output-trace", $0 + "/v.weir"]
        },
        { ["generate"] + tinyKernel + ["--quiet", "--output", $0 + "/o"] },
        { ["export", "din", $0 + "/t.weir", "--quiet", "--output", $0 + "/o"] },
        { ["machines", "h200", "--output", $0 + "/o"] },
    ]

    @Test(
        "Nothing is written where any output cannot be opened, written, synced or named, and the error is one line",
        arguments: commands.indices)
    func faults(index: Int) throws {
        try withFolder { folder in
            _ = try trace(folder)
            let words = Self.commands[index](folder)
            let outputs = words.filter { $0.hasPrefix(folder) && !$0.hasSuffix("/t.weir") }
            for fault in [
                SystemCallProbe.Fault(.open, number: outputs.count, errorNumber: EMFILE),
                .init(.write, number: 1, errorNumber: ENOSPC, isLasting: true),
                .init(.synchronize, errorNumber: EIO, isLasting: true),
                .init(.rename, errorNumber: EACCES, isLasting: true),
            ] {
                let error = try #require(throws: (any Error).self) {
                    try SystemCallProbe.$current.withValue(SystemCallProbe(fault: fault)) { try weir(words) }
                }
                let message = try #require(ErrorReport.message(of: error))
                #expect(message.hasPrefix(folder) && ErrorReport.exitCode(of: error) == 1, "\(message)")
                #expect(try names(folder) == ["t.weir"])
            }
            let probe = SystemCallProbe()
            try SystemCallProbe.$current.withValue(probe) { try weir(words) }
            #expect(try names(folder).count == 1 + outputs.count)
            #expect(
                probe.calls.prefix(outputs.count).allSatisfy { $0 == .open }, "outputs are opened first: \(probe.calls)"
            )
            // All are on the disk before the first has its name.
            let order = probe.calls.filter { [.synchronize, .rename, .synchronizeDirectory].contains($0) }
            #expect(order.prefix(outputs.count).allSatisfy { $0 == .synchronize } && order.count == 3 * outputs.count)
        }
    }

    @Test("A folder that is not there is met before a damaged trace is")
    func early() throws {
        try withFolder { folder in
            let path = try trace(folder)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            for option in ["--output", "--chart", "--timeline"] {
                let error = try #require(throws: TraceError.self) {
                    try weir(["replay", path, "--quiet", "--output", folder + "/o", option, folder + "/none/x"])
                }
                #expect(error.description.hasPrefix("\(folder)/none/x: open failed"), "\(error)")
            }
            #expect(throws: TraceError.self) { try weir(["replay", path, "--quiet", "--output", folder + "/o"]) }
            #expect(try names(folder) == ["t.weir"])
        }
    }

    @Test("A name that no file can have, and a directory's, are met before a damaged trace is")
    func impossibleNames() throws {
        try withFolder { folder in
            let path = try trace(folder)
            let long = folder + "/" + String(repeating: "a", count: 256)
            try FileManager.default.createDirectory(atPath: folder + "/full/inner", withIntermediateDirectories: true)
            // The trace would end with an error of its own.
            try Data("no trace".utf8).write(to: URL(fileURLWithPath: path))
            func message(_ words: [String]) throws -> String? {
                ErrorReport.message(of: try #require(throws: (any Error).self) { try weir(words) })
            }
            for option in ["--output", "--chart", "--timeline"] {
                let words = ["replay", path, "--quiet", "--output", folder + "/o", option]
                let directory = "this is a directory; give the output the name of a file, such as one in it"
                #expect(try message(words + [long])?.hasPrefix("\(long): open failed: File name too long") == true)
                #expect(try message(words + [folder + "/full"])?.hasSuffix("\(folder)/full: \(directory)") == true)
            }
            let whole = try trace(folder)
            #expect(
                try message(["export", "accel-sim", whole, "--output", folder + "/full", "--quiet"])
                    == "--output \(folder)/full: it exists and is no empty directory; give the name of a new directory, or remove what is there"
            )
            #expect(try names(folder) == ["full", "t.weir"])
        }
    }

    @Test("An output that is an input or another output is refused, through links and in other spellings")
    func clashes() throws {
        try withFolder { folder in
            let path = try trace(folder)
            let manager = FileManager.default
            try manager.createSymbolicLink(atPath: folder + "/soft", withDestinationPath: "t.weir")
            try manager.createSymbolicLink(atPath: folder + "/place", withDestinationPath: ".")
            try manager.linkItem(atPath: path, toPath: folder + "/hard")
            try weir(["machines", "h200", "--output", folder + "/m.yaml"])
            try Data("{\"batch\": 2}\n".utf8).write(to: URL(fileURLWithPath: folder + "/p.jsonl"))
            let before = try names(folder)
            let (o, t) = (
                folder + "/o", [folder + "/soft", folder + "/hard", folder + "/place/t.weir", folder + "/./t.weir"]
            )
            let sweep = ["sweep"] + tinyKernel + ["--points", folder + "/p.jsonl", "--quiet", "--output"]
            var clashes: [[String]] = [
                ["replay", path, "--output", o, "--chart", folder + "/place/o"],
                Self.run + ["--output", o, "--timeline", o],
                ["replay", path, "--chart", "time=" + o, "--timeline", folder + "/place/place/o"],
                Self.run + ["--machine", folder + "/m.yaml", "--output", folder + "/place/m.yaml"],
                ["machines", folder + "/m.yaml", "--output", folder + "/m.yaml"],
                sweep + [folder + "/place/p.jsonl"],
                sweep + [folder + "/s.jsonl", "--chart", folder + "/place/p.jsonl"],
                sweep + [folder + "/s.jsonl", "--chart", folder + "/place/s.jsonl"],
                ["sweep", "--trace", path, "--vary", "l2.ways=8", "--output", folder + "/hard"],
                ["sweep-chart", folder + "/p.jsonl", "--chart", folder + "/place/p.jsonl"],
                [
                    "fuse", path, "--variant", "reordered", "--order", "head-fastest", "--output-trace",
                    folder + "/hard",
                ],
                ["validate", folder + "/p.jsonl", "--output", folder + "/place/p.jsonl"],
                ["check", folder + "/p.jsonl", "--output", folder + "/place/p.jsonl"],
                ["lifetimes", folder + "/p.jsonl", "--output", folder + "/place/p.jsonl"],
                ["import", "din", folder + "/p.jsonl", "--output", folder + "/place/p.jsonl"],
                ["export", "din", path, "--output", folder + "/soft"],
            ]
            for name in t {
                clashes.append(["replay", path, "--output", name])
                clashes.append(["inspect", path, "--output", o, "--chart", name])
                clashes.append(["curve", "--trace", path, "--output", name])
            }
            for words in clashes {
                let error = try #require(throws: OutputError.self, "\(words)") { try weir(words) }
                let message = try #require(ErrorReport.message(of: error))
                #expect(message.contains("a file of its own") && ErrorReport.exitCode(of: error) == 64, "\(message)")
                #expect(try names(folder) == before, "\(words)")
            }
            // Devices may stand for any number of files.
            try weir(Self.run + ["--output", "/dev/null", "--chart", "/dev/null", "--timeline", "/dev/null"])
        }
    }

    @Test(
        "Closed and full streams are one line and exit code 1; files get no stream's number",
        .enabled(if: builtCommand != nil))
    func streams() throws {
        try withFolder { folder in
            let closed = try shellWeir(Self.run, redirections: ">&-")
            #expect(closed.code == 1)
            #expect(
                closed.text
                    == "weir: standard output is closed; give --output FILE, or run the command with standard output open\n"
            )
            let full = try shellWeir(Self.run, redirections: ">/dev/full")
            #expect(full.code == 1 && full.text == "weir: standard output: write failed: No space left on device\n")
            let input = try shellWeir(["replay", "-", "--quiet"], redirections: "<&-")
            #expect(
                input.code == 1 && input.text.hasPrefix("weir: standard input")
                    && input.text.split(separator: "\n").count == 1)
            // Without its own descriptor 1 or 2, the result would get it, and the note about threads would stand in the
            // file.
            let words = ["run"] + tinyKernel + ["--threads", "8", "--deterministic", "--output"]
            #expect(try shellWeir(words + [folder + "/a"]).text.hasPrefix("weir: --threads 8: 2 threads are used"))
            for (number, redirections) in ["2>&-", ">&-", "<&- >&- 2>&-", "2>/dev/full"].enumerated() {
                #expect(try shellWeir(words + ["\(folder)/b\(number)"], redirections: redirections).code == 0)
                #expect(FileManager.default.contentsEqual(atPath: folder + "/a", andPath: "\(folder)/b\(number)"))
            }
            let stdout = try shellWeir(
                words.dropLast() + ["--quiet", "--output", "/dev/stdout"], redirections: ">>\(folder)/a")
            #expect(stdout.code == 0)
            let text = try String(contentsOfFile: folder + "/a", encoding: .utf8)
            #expect(text.count % 2 == 0 && text.prefix(text.count / 2) == text.suffix(text.count / 2))
            #expect(try names(folder) == ["a", "b0", "b1", "b2", "b3"])
        }
    }

    @Test(
        "A command that a signal ends leaves nothing behind", .enabled(if: builtCommand != nil),
        arguments: [SIGINT, SIGTERM, SIGHUP])
    func signals(number: Int32) throws {
        try withFolder { folder in
            // A named pipe that nobody writes to holds the command after it has opened its outputs.
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: builtCommand ?? "")
            process.arguments = ["inspect", "-", "--output", folder + "/o", "--chart", folder + "/c"]
            let reader = open(folder + "/pipe", O_RDWR)
            process.standardInput = FileHandle(fileDescriptor: reader, closeOnDealloc: true)
            // A shell without job control starts what runs in the background with SIGINT ignored, and threads of the
            // test runner block signals; children inherit both.
            let before = signal(number, SIG_DFL)
            defer { signal(number, before) }
            var none = sigset_t()
            var blocked = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, &blocked)
            defer { pthread_sigmask(SIG_SETMASK, &blocked, nil) }
            try process.run()
            for _ in 0..<1000 where try names(folder).count < 3 { usleep(5000) }
            #expect(try names(folder).count == 3)
            kill(process.processIdentifier, number)
            for _ in 0..<1000 where process.isRunning { usleep(5000) }
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == number)
            #expect(try names(folder) == ["pipe"])
        }
    }

    @Test("--threads says once what is used, and a sweep what its threads are")
    func threads() throws {
        for words in [["--threads", "8"], ["--threads", "1"]] { _ = try Weir.parseAsRoot(Self.run + words) }
        let error = try #require(throws: (any Error).self) {
            _ = try Weir.parseAsRoot(["sweep"] + tinyKernel + ["--vary", "batch=1", "--output", "x", "--threads", "8"])
        }
        #expect(Weir.message(for: error).contains("--jobs"))
    }

    @Test(
        "--chart KIND without a file is refused, whoever's kind it is; a file's name is one",
        arguments: [
            ("roofline", "--chart roofline=FILE"), ("Roofline", "--chart roofline=FILE"),
            ("hit-rates", "hit-rates=FILE"),
            ("heatmap", "there is no chart 'heatmap' here"), ("roofline=", "give a file"),
            ("heatmap=x", "give one of hit-rates"),
        ])
    func charts(text: String, part: String) throws {
        let error = try #require(throws: (any Error).self) { _ = try Weir.parseAsRoot(Self.run + ["--chart", text]) }
        #expect(Weir.message(for: error).contains(part) && Weir.exitCode(for: error).rawValue == 64)
        _ = try Weir.parseAsRoot(Self.run + ["--chart", "roofline.vl.json"])
    }

    @Test("Names with control characters reach no terminal, table, chart or time line as they are")
    func names() throws {
        try withFolder { folder in
            let name = "k\u{1B}[2J\r\n=cmd|\"\u{7},\u{202E}\u{9B}é</script>"
            try Data("0 100\n1 104\n".utf8).write(to: URL(fileURLWithPath: folder + "/t.din"))
            try weir(["import", "din", folder + "/t.din", "--kernel", name, "--output", folder + "/t.weir", "--quiet"])
            for (number, words) in [
                ["replay"], ["replay", "--format", "csv"], ["replay", "--format", "json"], ["inspect"],
                ["inspect", "--format", "csv"],
                ["inspect", "--format", "json"], ["curve", "--trace"], ["replay", "--machine", "one-core"],
                ["replay", "--machine", "one-core", "--format", "csv"],
            ].enumerated() {
                let output = "\(folder)/o\(number)"
                try weir(
                    Array(words.prefix(1)) + words.dropFirst().filter { $0 == "--trace" } + [folder + "/t.weir"]
                        + words.dropFirst().filter { $0 != "--trace" } + ["--output", output, "--quiet"])
                let text = try String(contentsOfFile: output, encoding: .utf8)
                #expect(text.unicodeScalars.allSatisfy { $0.isShown || $0 == "\n" }, "\(words)")
                #expect(
                    text.contains(
                        words.contains("json")
                            ? #"k\u001b[2J\r\n=cmd|\"\u0007,\u202e\u009bé</script>"#
                            // Tables of text may leave out the middle of a name.
                            : words.contains("csv") ? #"k\u{1B}[2J\r\n=cmd|"# : #"k\u{1B}"#))
                if words.contains("json") {
                    let launch = try #require((try parsed(text)["launches"] as? [[String: Any]])?.first)
                    #expect(launch["kernel"] as? String == name)
                }
            }
            try weir([
                "replay", folder + "/t.weir", "--output", folder + "/o", "--quiet", "--timeline", folder + "/l",
                "--chart", folder + "/c",
            ])
            for path in ["/l", "/c"] {
                let text = try String(contentsOfFile: folder + path, encoding: .utf8)
                #expect(text.unicodeScalars.allSatisfy { $0.isShown || $0 == "\n" } && text.contains(#"\u001b"#))
                #expect(try !parsed(text).isEmpty)
            }
        }
    }
}
