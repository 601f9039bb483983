import Content
import Foundation
import Studies
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

    @Test("What is not known to be a killed writer's is ended, not removed, so that the next line stands by itself")
    func gluedTail() throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            let half = sealedLine(key: sweepKey(2)).prefix(50)
            let tail = half + sealedLine(key: sweepKey(3)).prefix(60)
            try write(sealedLine(key: sweepKey(1)) + "\n" + tail, to: path)
            let file = try SweepFile(path: path)
            try file.append(openLine(key: sweepKey(4)))
            #expect(try sweepLines(path) == [sealedLine(key: sweepKey(1)), String(tail), sealedLine(key: sweepKey(4))])
            #expect(file.takeNotes().first?.hasPrefix("\(path):2: this line holds the texts") == true)
        }
    }

    @Test(
        "Lines of another version stay, are counted, and are not done; one of the first layout must have its members alone"
    )
    func versions() throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            let first =
                #"{"key":"\#(sweepKey(2))","status":"ok","error":null,"format":"weir-sweep-1","weir":"0.6.0","#
                + #""machine":"h200","cache":"cold","point":{"batch":"1"},"batch":1,"wall_seconds":null,"machine_name":"m","#
                + #""sector_requests":7,"total_launches":1,"launches":[]}"#
            let lines = [
                sealedLine(key: sweepKey(1), version: "0.1.0"), first,
                first.replacing("\"batch\":1", with: "\"batch\":1,\"x\":1"),
                first.replacing("\"launches\":[]", with: "\"launches\":[],\"launches\":[]"),
            ]
            try write(lines.joined(separator: "\n") + "\n", to: path)
            let file = try SweepFile(path: path)
            #expect(file.status(ofKey: sweepKey(1)) == nil && file.status(ofKey: sweepKey(2)) == nil)
            let notes = file.takeNotes()
            #expect(notes.count == 4, "\(notes)")
            #expect(notes[0].hasPrefix("\(path):4: this line is not whole"))
            #expect(notes[1].hasPrefix("\(path):3: this line does not end with a checksum"))
            #expect(notes[2].hasPrefix("\(path): 1 line is of Weir 0.1.0, and this is Weir \(Version.current)"))
            #expect(
                notes[3].contains("1 line is of Weir 0.6.0") && notes[3].hasSuffix("it stays, and its point runs again")
            )
            #expect(try sweepLines(path) == lines)
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

    /// What may happen to a file while its sweep runs, and what the error says.
    private static let losses: [(lose: @Sendable (String) throws -> Void, part: String)] = [
        ({ try FileManager.default.removeItem(atPath: $0) }, "it was deleted"),
        ({ try FileManager.default.moveItem(atPath: $0, toPath: $0 + ".old") }, "it was deleted"),
        ({ try Data().write(to: URL(fileURLWithPath: $0), options: .atomic) }, "another file was put in its place"),
        ({ truncate($0, 10) }, "it was cut shorter"),
    ]

    @Test(
        "A file that is deleted, replaced or cut under a running sweep ends it with that error",
        arguments: losses.indices)
    func loss(index: Int) throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            let plan = try SweepPlan(axes: [try axis("batch=1..4:4")])
            let runner = SweepRunner(plan: plan, file: try SweepFile(path: path), jobs: 1)
            let error = try #require(throws: SweepError.self) {
                _ = try runner.run(
                    key: { sweepKey(Int($0.settings[0].value.text) ?? 0) },
                    line: { point, key in
                        if point.settings[0].value.text == "3" { try? Self.losses[index].lose(path) }
                        return openLine(key: key)
                    }, progress: { _ in })
            }
            #expect(error.description.hasPrefix("\(path): \(Self.losses[index].part) while the sweep ran"), "\(error)")
            #expect(ErrorReport.exitCode(of: error) == 1)
        }
    }

    @Test("What happens to the file behind the last line, or what is written over it, is found at the end")
    func lossAtTheEnd() throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            let file = try SweepFile(path: path)
            for number in 1...3 { try file.append(openLine(key: sweepKey(number))) }
            try file.verify()
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.write(contentsOf: Data("{\"key\":\"x".utf8))
            #expect(throws: SweepError.replaced(file: path, what: "a line of it was lost")) { try file.verify() }
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: whole)
            try file.verify()
            try FileManager.default.removeItem(atPath: path)
            #expect(throws: SweepError.replaced(file: path, what: "it was deleted")) { try file.verify() }
        }
    }

    @Test("Every line is one write, then a sync; a full disk leaves the file as it was")
    func faults() throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            let probe = SystemCallProbe()
            try SystemCallProbe.$current.withValue(probe) {
                let file = try SweepFile(path: path)
                try file.append(openLine(key: sweepKey(1)))
                try file.append(openLine(key: sweepKey(2)))
            }
            #expect(probe.calls == [.open, .write, .synchronize, .write, .synchronize])
            let before = try sweepLines(path)
            let full = SystemCallProbe(fault: .init(.write, errorNumber: ENOSPC))
            try SystemCallProbe.$current.withValue(full) {
                let file = try SweepFile(path: path)
                let error = try #require(throws: SweepError.self) { try file.append(openLine(key: sweepKey(3))) }
                #expect(error.description.contains("write failed: No space left on device; make room"))
                #expect(file.status(ofKey: sweepKey(3)) == nil)
                #expect(try sweepLines(path) == before)
                try file.append(openLine(key: sweepKey(3)))
            }
            #expect(full.calls.contains(.truncate))
            #expect(try sweepLines(path) == before + [sealedLine(key: sweepKey(3))])
            let failing = SystemCallProbe(fault: .init(.synchronize, errorNumber: EIO))
            try SystemCallProbe.$current.withValue(failing) {
                let file = try SweepFile(path: path)
                let error = try #require(throws: SweepError.self) { try file.append(openLine(key: sweepKey(4))) }
                #expect(error.description.contains("fsync failed"))
            }
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
