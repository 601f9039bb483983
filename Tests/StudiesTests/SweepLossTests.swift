import Content
import Foundation
import Studies
import SweepSupport
import TestSupport
import Testing
import Trace

@Suite("Torn lines, other versions and lost files of a sweep")
struct SweepLossTests {
    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
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
            #expect(error.exitCode == 1)
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
}
