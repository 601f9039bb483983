import Content
import Foundation
import Studies
import SweepSupport
import TestSupport
import Testing
import Trace
import weir

@Suite("Damaged and lost results of a sweep")
struct SweepDamageTests {
    private static let sweep =
        ["sweep"] + tinyKernel + ["--vary", "batch=1..4:4", "--quiet", "--deterministic", "--jobs", "1"]

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// Lines in all the ways in which they can be damaged, and what is said of each.
    private static let damages: [(damage: @Sendable ([String]) -> [String], note: String)] = [
        ({ [$0[0], String($0[1].prefix(200)) + $0[2], $0[3]] }, ":2: this line holds the texts of several lines"),
        ({ [$0[0], $0[1] + $0[2], $0[3]] }, ":2: this line holds the texts of several lines"),
        ({ [$0[0], String($0[1].prefix(200)), $0[2], $0[3]] }, ":2: this line is not whole"),
        ({ [$0[0], String($0[1].dropFirst(200)), $0[2], $0[3]] }, ":2: this line is no line of a sweep"),
        ({ [$0[0], String($0[1].dropFirst(3)) + $0[2], $0[3]] }, ":2: this line holds the texts of several lines"),
        (
            { [$0[0], $0[1].replacing("\"batch\":2", with: "\"batch\":3"), $0[2], $0[3]] },
            ":2: this line does not agree with its checksum"
        ),
        (
            { [$0[0], $0[1].replacing("\"status\":\"ok\"", with: "\"status\":\"failed\""), $0[2], $0[3]] },
            ":2: this line does not agree with its checksum"
        ),
        (
            { [$0[0], $0[1].replacing(/,"checksum":"[0-9a-f]*"/, with: ""), $0[2], $0[3]] },
            ":2: this line does not end with a checksum"
        ),
        ({ [$0[0], $0[1] + " ", $0[2], $0[3]] }, ":2: this line does not end with a checksum"),
        ({ [$0[0], $0[1].replacing(",", with: ", "), $0[2], $0[3]] }, ":2: this line does not end with a checksum"),
        ({ [$0[0], String(repeating: "\u{0}", count: 300), $0[2], $0[3]] }, ":2: this line is no line of a sweep"),
        ({ [$0[0], String($0[1].prefix(99)), String($0[2].prefix(77)), $0[3]] }, ": lines 2..3 are not whole"),
    ]

    @Test(
        "Glued, cut and edited lines are named and what they held runs again, on lines of its own",
        arguments: damages.indices)
    func damage(index: Int) throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            try weir(Self.sweep + ["--output", path])
            let whole = try sweepLines(path)
            #expect(whole.count == 4)
            let damaged = Self.damages[index].damage(whole)
            try write(damaged.joined(separator: "\n") + "\n", to: path)
            let notes = try SweepFile(path: path).takeNotes()
            #expect(notes.count == 1 && notes[0].hasPrefix(path + Self.damages[index].note), "\(notes)")
            try weir(Self.sweep + ["--output", path])
            let after = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            #expect(Array(after.prefix(damaged.count)) == damaged)
            #expect(Set(after).isSuperset(of: whole) && after.count <= damaged.count + 2)
            // A second start has nothing left to do.
            try weir(Self.sweep + ["--output", path])
            #expect(try sweepLines(path).count == after.count)
        }
    }

    @Test("The version is one constant: what --version prints and every line says")
    func version() throws {
        #expect(Weir.configuration.version == Version.current)
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            try weir(Self.sweep + ["--output", path])
            #expect(try sweepObjects(path).allSatisfy { $0["weir"] as? String == Version.current })
            // The checksum is zlib's CRC-32 of the bytes before it: 0xcbf43926 is the check value of "123456789".
            #expect(
                String(decoding: SweepChecksum.sealed("123456789}"), as: UTF8.self)
                    == "123456789,\"checksum\":\"cbf43926\"}")
        }
    }

    @Test("Two processes mend one damaged file together, each point once", .enabled(if: builtCommand != nil))
    func processes() throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            let words =
                ["sweep"] + tinyKernel + [
                    "--vary", "batch=1..12:12", "--quiet", "--deterministic", "--jobs", "1", "--output", path,
                ]
            try weir(words)
            let whole = try sweepLines(path)
            let damaged = [
                whole[0], String(whole[1].prefix(300)) + whole[2],
                whole[3].replacing("\"batch\":4", with: "\"batch\":9"),
            ]
            try write(damaged.joined(separator: "\n") + "\n" + whole[4].prefix(100), to: path)
            let both = [try spawnWeir(words), try spawnWeir(words)]
            for process in both { process.waitUntilExit() }
            #expect(both.map(\.terminationStatus) == [0, 0])
            let after = try sweepLines(path)
            #expect(Array(after.prefix(3)) == damaged && Set(after).isSuperset(of: whole))
            #expect(after.count == 3 + 11)
        }
    }
}
