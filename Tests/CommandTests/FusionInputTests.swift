import Foundation
import TestSupport
import Testing
import weir

@Suite("Files that weir fuse and charts of sweeps read")
struct FusionInputTests {
    private func message(_ words: [String]) throws -> String {
        let error = try #require(throws: (any Error).self) {
            var command = try Weir.parseAsRoot(words)
            try command.run()
        }
        return ErrorReport.message(of: error) ?? Weir.message(for: error)
    }

    @Test(
        "Sizes, types and tilings beside a trace, which has its own, are refused",
        arguments: [
            ["--batch", "2"], ["--sequence-length", "64"], ["--model", "mamba2-130m"], ["--dtype", "f16"],
            ["--heads", "2"],
            ["--tiling", "ch_scan_fwd:M=64"], ["--z"],
        ])
    func kernelOptions(option: [String]) throws {
        let text = try message(["fuse", "a.weir", "--variant", "reordered", "--order", "zyx"] + option)
        #expect(
            text.contains(
                "\(option[0] == "--tiling" ? option.joined(separator: " ") : option[0]): changes nothing in the trace a.weir"
            ))
    }

    @Test("A variant's trace does not replace the trace that it is made of")
    func ownTrace() throws {
        try withFolder { folder in
            let path = folder + "/t.weir"
            var generate = try Weir.parseAsRoot([
                "generate", "ch_cumsum_fwd", "--sequence-length", "64", "--heads", "2", "--groups", "1", "--output",
                path,
                "--quiet",
            ])
            try generate.run()
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let text = try message([
                "fuse", path, "--variant", "reordered", "--order", "zyx", "--quiet", "--output-trace",
                folder + "/./t.weir",
            ])
            #expect(text.contains("give the variant a file of its own"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test("A chart does not replace the results that it is drawn from, and that a sweep writes")
    func ownResults() throws {
        try withFolder { folder in
            let path = folder + "/r.jsonl"
            try "kept\n".write(toFile: path, atomically: true, encoding: .utf8)
            for words in [
                ["sweep-chart", path, "--chart", "lines=\(folder)/./r.jsonl"],
                ["sweep", "ch_scan_fwd", "--vary", "batch=1,2", "--output", path, "--chart", "lines=\(path)"],
            ] {
                #expect(try message(words).contains("a file of its own"))
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "kept\n")
        }
    }
}
