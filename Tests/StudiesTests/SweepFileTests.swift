import Foundation
import Studies
import SweepSupport
import TestSupport
import Testing

@Suite("The file of a sweep's results")
struct SweepFileTests {
    private func text(_ count: Int) -> String { "\"text\":\"\(String(repeating: "x", count: count))\"" }

    private func line(_ key: String, status: SweepFile.Status = .ok, padding: Int = 0) -> String {
        sealedLine(key: key, status: status, text(padding))
    }

    private func key(_ number: Int) -> String { sweepKey(number) }

    @Test("A last line that is cut anywhere is removed, and no other is touched; one that lacks its end alone is kept")
    func tornLines() throws {
        try withFolder { folder in
            let path = folder + "/results.jsonl"
            let whole = line(key(1)) + "\n" + line(key(2), status: .failed) + "\n"
            let last = line(key(3), padding: 50)
            for cut in [1, 5, 9, 20, 44, last.utf8.count - 1] {
                try Data((whole + last.prefix(cut)).utf8).write(to: URL(fileURLWithPath: path))
                let file = try SweepFile(path: path)
                #expect(file.status(ofKey: key(1)) == .ok && file.status(ofKey: key(2)) == .failed)
                #expect(file.status(ofKey: key(3)) == nil)
                #expect(try String(contentsOfFile: path, encoding: .utf8) == whole)
                #expect(
                    file.takeNotes() == [
                        "\(path):3: the last line was not finished; it is removed, and its point runs again"
                    ])
                #expect(file.takeNotes().isEmpty)
                try file.append(openLine(key: key(3), text(50)))
                #expect(try String(contentsOfFile: path, encoding: .utf8) == whole + last + "\n")
            }
            try Data((whole + last).utf8).write(to: URL(fileURLWithPath: path))
            #expect(try SweepFile(path: path).status(ofKey: key(3)) == .ok)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == whole + last + "\n")
        }
    }

    @Test("A writer's torn line is removed by the next append of another")
    func tornWhileOpen() throws {
        try withFolder { folder in
            let path = folder + "/results.jsonl"
            let file = try SweepFile(path: path)
            try file.append(openLine(key: key(1), text(0)))
            let other = try #require(FileHandle(forWritingAtPath: path))
            try other.seekToEnd()
            try other.write(contentsOf: Data(line(key(2)).prefix(30).utf8))
            try file.append(openLine(key: key(3), text(0)))
            #expect(try sweepLines(path) == [line(key(1)), line(key(3))])
        }
    }

    @Test(
        "A file that is no sweep's is refused and stays as it is",
        arguments: ["hello\n", "hello", "{\"a\": 1}\n", "\u{0}\u{0}"])
    func foreign(text: String) throws {
        try withFolder { folder in
            let path = folder + "/notes.txt"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: SweepError.foreignLine(file: path, line: 1)) { try SweepFile(path: path) }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
            #expect(throws: SweepError.self) { try SweepFile(path: folder) }
            #expect(throws: SweepError.self) { try SweepFile(path: folder + "/none/results.jsonl") }
        }
    }

    @Test("A point is one's until it is given back or its owner is gone, and then what the owner wrote is known")
    func claims() throws {
        try withFolder { folder in
            let path = folder + "/results.jsonl"
            var first: SweepFile? = try SweepFile(path: path)
            let second = try SweepFile(path: path)
            #expect(try first?.claim(key: key(1)) == true)
            #expect(try first?.claim(key: key(1)) == false)
            #expect(try second.claim(key: key(1)) == false)
            #expect(try second.claim(key: key(2)))
            try first?.append(openLine(key: key(1)))
            #expect(second.status(ofKey: key(1)) == nil)
            first?.release(key: key(1))
            #expect(try second.claim(key: key(1)))
            #expect(second.status(ofKey: key(1)) == .ok)
            #expect(try first?.claim(key: key(3)) == true)
            first = nil
            #expect(try second.claim(key: key(3)))
        }
    }

    @Test("Two sweeps on one file with several jobs each run every point once and lose no line")
    func shared() throws {
        try withFolder { folder in
            let path = folder + "/results.jsonl"
            let plan = try SweepPlan(axes: [try axis("batch=1..10:10"), try axis("heads=1..20:20")])
            let counter = PointCounter()
            let group = DispatchGroup()
            for _ in 0..<2 {
                let file = try SweepFile(path: path)
                group.enter()
                Thread.detachNewThread {
                    let runner = SweepRunner(plan: plan, file: file, jobs: 3)
                    let end = try? runner.run(
                        key: { point in
                            var hash = SweepHash()
                            hash.add("point", point.text)
                            return hash.text
                        },
                        line: { point, key in
                            counter.count(point.text)
                            Thread.sleep(forTimeInterval: 0.001)
                            return openLine(key: key, "\"point\":\"\(point.text)\"")
                        }, progress: { _ in })
                    counter.end(end)
                    group.leave()
                }
            }
            group.wait()
            let points = (0..<plan.count).map { plan.point($0).text }
            #expect(counter.counts == Dictionary(uniqueKeysWithValues: points.map { ($0, 1) }))
            #expect(try sweepObjects(path).compactMap { $0["point"] as? String }.sorted() == points.sorted())
            #expect(counter.ends.map(\.left) == [0, 0] && counter.ends.map(\.ran).reduce(0, +) == plan.count)
        }
    }

    @Test("Progress says how far it is and about how long it takes")
    func progress() {
        var progress = SweepProgress(total: 48)
        progress.ran = 10
        progress.failed = 1
        progress.skipped = 2
        #expect(progress.line(seconds: 100) == "12 of 48 points done (1 failed), 36 left, about 6 min 0 s")
        #expect(progress.summary == "48 points: 11 done, 1 failed; 10 ran now, 2 were there")
    }
}

/// Counts how often each point runs, from many threads.
private final class PointCounter: @unchecked Sendable {
    private let mutex = NSLock()
    private(set) var counts: [String: Int] = [:]
    private(set) var ends: [SweepProgress] = []

    func count(_ point: String) { mutex.withLock { counts[point, default: 0] += 1 } }
    func end(_ progress: SweepProgress?) { mutex.withLock { if let progress { ends.append(progress) } } }
}
