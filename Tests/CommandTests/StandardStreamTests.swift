import Foundation
import Testing
import Trace
import weir

@Suite("Standard output and standard error that are closed, full, or read by nobody")
struct StandardStreamTests {
    /// Runs a line of bash in which `$weir` is the command.
    /// - Returns: what it printed on standard output, which is free for the line to use.
    private func bash(_ line: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", line]
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.environment = ["weir": folder.appendingPathComponent("weir").path]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test(
        "A result that cannot be written is one line and 1, help as well",
        arguments: ["machines h200", "--help", "run --help", "generate ch_cumsum_fwd --sequence-length 256 --output -"])
    func output(words: String) throws {
        let cases = [
            (">/dev/full", ["No space left on device"]),
            (">&-", ["Bad file descriptor", "standard output is closed; give --output"]),
        ]
        for (redirection, messages) in cases {
            let text = try bash("{ \"$weir\" \(words) \(redirection); } 2>&1; echo $?")
            let lines = text.split(separator: "\n")
            #expect(
                lines.count == 2 && lines.first?.hasPrefix("weir: standard output") ?? false,
                "\(words) \(redirection): \(text)")
            let isSaid = messages.contains { lines.first?.contains($0) ?? false }
            #expect(isSaid && lines.last == "1", "\(text)")
        }
    }

    @Test("The lines of a message about wrong usage are lines, and what they quote is escaped")
    func usageLines() throws {
        let text = try bash("\"$weir\" import nvbit x --output o.weir --launch 0 2>&1; echo $?")
        let lines = text.split(separator: "\n")
        #expect(lines.first == "weir: --launch cannot be '0': launches are numbered from 1 on", "\(text)")
        #expect(
            lines.count > 2 && lines[1].hasPrefix("Usage: weir import") && lines.last == "64" && !text.contains("\\n"),
            "\(text)")
        let quoted = try bash("\"$weir\" import nvbit x --output o.weir --launch $'\\e[31m' 2>&1; echo $?")
        #expect(quoted.hasPrefix("weir: --launch cannot be '\\u{1B}[31m': ") && !quoted.contains("\u{1B}"), "\(quoted)")
    }

    @Test("Standard error that is closed or full changes nothing else", arguments: ["2>/dev/full", "2>&-"])
    func error(redirection: String) throws {
        #expect(try bash("\"$weir\" machines \(redirection) | head -1; echo ${PIPESTATUS[0]}").hasSuffix("0"))
        #expect(try bash("\"$weir\" run --bogus \(redirection); echo $?") == "64")
        #expect(try bash("\"$weir\" inspect /dev/null \(redirection); echo $?") == "1")
        #expect(try bash("\"$weir\" machines >&- \(redirection); echo $?") == "1")
    }

    @Test("A reader that has ended is no failure, and nothing is said", arguments: ["machines h200", "--help"])
    func reader(words: String) throws {
        #expect(try bash("exec 3>&1; { sleep 0.2; \"$weir\" \(words) 2>&3; echo $? >&3; } | true") == "0")
    }

    @Test("A file beyond the shell's limit is one line and 1, and nothing is left of it")
    func fileLimit() throws {
        let text = try bash(
            "d=$(mktemp -d); cd $d; ulimit -f 1; { \"$weir\" machines h200 --output big.yaml; } 2>&1; echo $?; ls | wc -l; rmdir $d"
        )
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.count == 3 && lines[0].hasPrefix("weir: big.yaml: write failed: File too large"), "\(text)")
        #expect(lines.suffix(2).map { $0.trimmingCharacters(in: .whitespaces) } == ["1", "0"], "\(text)")
    }

    @Test(
        "The argument parser's errors are lines, and no long ones",
        arguments: [
            ("run ssd-forward --batch", "weir: Missing value for '--batch <sequences>'"),
            ("sweep ssd-forward --vary", "weir: Missing value for"),
            ("sweep ssd-forward --vary batch=1,2", "weir: Missing expected argument '--output <file.jsonl>'"),
            (
                "curve ssd-forward --capacities 25",
                "weir: --capacities 25: the unit of 25 is missing; write 25MiB, or 25B for so few bytes"
            ),
        ])
    func parser(words: String, first: String) throws {
        let text = try bash("{ \"$weir\" \(words); } 2>&1; echo $?")
        let lines = text.split(separator: "\n").map(String.init)
        let name = words.split(separator: " ")[0]
        #expect(lines.count == 4 && lines[0].hasPrefix(first) && lines[3] == "64", "\(text)")
        guard lines.count == 4 else { return }
        #expect(
            lines[1] == "Usage: weir \(name) [<options>] ..."
                && lines[2] == "  See 'weir \(name) --help' for more information.", "\(text)")
    }

    @Test("Only standard output's reader may end")
    func errors() {
        func error(_ file: String, _ number: Int32) -> TraceError {
            .system(TracePlace(file: file), call: "write", message: String(cString: strerror(number)))
        }
        #expect(StandardOutput.isReaderGone(error("standard output", EPIPE)))
        #expect(!StandardOutput.isReaderGone(error("standard output", ENOSPC)))
        #expect(!StandardOutput.isReaderGone(error("a.weir", EPIPE)))
    }
}
