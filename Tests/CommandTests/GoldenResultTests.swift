import Content
import Foundation
import Testing

@testable import Trace

/// Results of commands over all kernel families, machines and modes, held to what `Scripts/golden-results` stored with
/// the version.
@Suite("Golden results")
struct GoldenResultTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// A line of Golden/results.txt.
    struct Entry: CustomTestStringConvertible, Sendable {
        let checksum: String
        let byteCount: Int
        let words: [String]
        var testDescription: String { words.joined(separator: " ") }
    }

    private static let lines: [String] = {
        let file = root.appending(path: "Tests/CommandTests/Golden/results.txt")
        return ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }()

    static let entries: [Entry] = lines.dropFirst().map { line in
        let words = line.split(separator: " ").map(String.init)
        return Entry(checksum: words[0], byteCount: Int(words[1]) ?? -1, words: Array(words.dropFirst(2)))
    }

    @Test("The file has at least twenty commands and was written for this version")
    func version() {
        #expect(Self.entries.count >= 20)
        #expect(
            Self.lines.first == "version \(Version.current)", "raise Version.current, then run Scripts/golden-results")
    }

    @Test("A command's JSON is what it was", .enabled(if: builtCommand != nil), arguments: entries)
    func result(of entry: Entry) throws {
        let silent = entry.words[0] == "inspect"
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: builtCommand ?? "")
        process.arguments = entry.words + ["--format", "json"] + (silent ? [] : ["--quiet", "--deterministic"])
        process.currentDirectoryURL = Self.root
        process.standardOutput = output
        try process.run()
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let found = String(ZlibCodec.checksum(bytes), radix: 16)
        let isSame =
            bytes.count == entry.byteCount && String(repeating: "0", count: 8 - found.count) + found == entry.checksum
        // Where a result is meant to change: raise Version.current, run Scripts/golden-results, and say old and new
        // errors in the commit.
        #expect(
            isSame,
            "predictions or the JSON of '\(entry.testDescription)' changed, and the version is still \(Version.current)"
        )
    }
}
