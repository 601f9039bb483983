import Content
import Foundation
import Report
import Studies
import SweepSupport
import TestSupport
import Testing
import weir

@Suite("Charts of sweeps")
struct SweepChartTests {
    /// A line as sweeps write them, with two launches.
    private static func line(
        _ key: Int, point: String, columns: String, failed: Bool = false, duration: Int = 0, machine: String = "h200",
        version: String = Version.current
    ) -> String {
        let results =
            failed
            ? #""launches":[]"#
            : #""machine_name":"GPU \#(machine)","total_duration_ns":\#(duration),"total_l2_hit_pct":50.5,"launches":["#
                + #"{"order":0,"kernel":"first_fwd","bound_by":"issue","cold_duration_ns":\#(duration / 4)},"#
                + #"{"order":1,"kernel":"second_fwd","bound_by":"issue","cold_duration_ns":\#(3 * duration / 4)}]"#
        let digits = String(repeating: "0", count: 31) + "\(key)"
        return sealedLine(
            key: digits, status: failed ? .failed : .ok, version: version,
            #""machine":"\#(machine)","cache":"cold","point":{\#(point)},\#(columns),"wall_seconds":null,\#(results)"#)
    }

    /// Capacities that double and two batches; one point failed, one failed before it ended well.
    private static let lines: [String] = {
        func settings(_ mebibytes: Int, _ batch: Int) -> (point: String, columns: String) {
            (
                #""l2.capacity":"\#(mebibytes)MiB","batch":"\#(batch)""#,
                #""l2.capacity":\#(mebibytes << 20),"batch":\#(batch)"#
            )
        }
        var lines: [String] = []
        for (key, (mebibytes, batch)) in [(8, 1), (4, 1), (2, 1), (8, 2), (4, 2), (2, 2)].enumerated() {
            let (point, columns) = settings(mebibytes, batch)
            if key < 2 { lines.append(line(key, point: point, columns: columns, failed: true)) }
            if key > 0 { lines.append(line(key, point: point, columns: columns, duration: 1000 * batch + mebibytes)) }
        }
        return lines
    }()

    private func write(_ lines: [String], to path: String) throws {
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// The chart that `weir sweep-chart` draws of these lines.
    private func chart(_ lines: [String] = lines, kind: String, _ words: String...) throws -> [String: Any] {
        try withFolder { folder in
            try write(lines, to: folder + "/r.jsonl")
            try weir(["sweep-chart", folder + "/r.jsonl", "--chart", "\(kind)=\(folder)/c.vl.json"] + words)
            return try parsed(try String(contentsOfFile: folder + "/c.vl.json", encoding: .utf8))
        }
    }

    private func rows(_ chart: [String: Any]) throws -> [[String: Any]] {
        try #require((chart["data"] as? [String: Any])?["values"] as? [[String: Any]])
    }

    private func subtitle(_ chart: [String: Any]) throws -> String {
        try #require((chart["title"] as? [String: Any])?["subtitle"] as? String)
    }

    private func channel(_ name: String, of members: Any?) throws -> [String: Any] {
        try #require(((members as? [String: Any])?["encoding"] as? [String: Any])?[name] as? [String: Any])
    }

    @Test("Lines have a row for each finished point, a logarithmic axis where values double, and one line a batch")
    func lines() throws {
        let chart = try chart(kind: "lines")
        let rows = try rows(chart)
        #expect(rows.count == 5)
        for row in rows {
            let (capacity, batch) = (try #require(row["l2.capacity"] as? Int), try #require(row["batch"] as? Int))
            #expect(row["total_duration_ns"] as? Int == 1000 * batch + capacity >> 20)
            #expect(row["others"] as? String == "batch=\(batch)")
        }
        let x = try channel("x", of: chart)
        #expect(x["field"] as? String == "l2\\.capacity" && (x["scale"] as? [String: Any])?["type"] as? String == "log")
        let axis = try #require(x["axis"] as? [String: Any])
        #expect(axis["values"] as? [Int] == [2 << 20, 4 << 20, 8 << 20])
        #expect((axis["labelExpr"] as? String)?.hasSuffix("+ ' MiB'") == true)
        let y = try channel("y", of: chart)
        #expect(y["title"] as? String == "total_duration")
        #expect(((y["axis"] as? [String: Any])?["labelExpr"] as? String)?.hasSuffix("+ ' us'") == true)
        let color = try channel("color", of: chart)
        #expect((color["scale"] as? [String: Any])?["domain"] as? [String] == ["batch=1", "batch=2"])
        #expect(try subtitle(chart) == "GPU h200, 5 points, 1 failed and left out")
    }

    @Test("A column of launches draws a line each, in panels of the other axis; --x turns the axes around")
    func launches() throws {
        let chart = try chart(kind: "lines", "--metric", "cold_duration_ns", "--x", "batch")
        #expect(try rows(chart).count == 10)
        let panels = (chart["facet"] as? [String: Any])?["sort"] as? [String]
        #expect(panels == ["l2.capacity=2MiB", "l2.capacity=4MiB", "l2.capacity=8MiB"])
        let color = try channel("color", of: chart["spec"])
        #expect((color["scale"] as? [String: Any])?["domain"] as? [String] == ["1 first_fwd", "2 second_fwd"])
        // Two values are no series.
        let x = try channel("x", of: chart["spec"])
        #expect(x["field"] as? String == "batch" && (x["scale"] as? [String: Any])?["type"] == nil)
        let one = try self.chart(kind: "lines", "--metric", "cold_duration_ns", "--kernel", "second_fwd")
        #expect(try rows(one).allSatisfy { $0["launch"] as? String == "2 second_fwd" } && rows(one).count == 5)
        #expect(one["facet"] == nil)
    }

    @Test("A heat map has a labelled cell for each finished point and numbers in their order")
    func heatMap() throws {
        let chart = try chart(kind: "heatmap")
        let rows = try rows(chart)
        #expect(
            rows.compactMap { $0["label"] as? String }.sorted() == [
                "1.00 us", "1.00 us", "2.00 us", "2.00 us", "2.01 us",
            ])
        #expect(rows.compactMap { $0["colour_share"] as? Double }.sorted().first == 0)
        #expect(rows.compactMap { $0["colour_share"] as? Double }.sorted().last == 1)
        let (x, y) = (try channel("x", of: chart), try channel("y", of: chart))
        #expect(x["field"] as? String == "l2\\.capacity" && x["sort"] as? String == "ascending")
        #expect(y["field"] as? String == "batch" && y["sort"] as? String == "descending" && chart["facet"] == nil)
        let turned = try self.chart(kind: "heatmap", "--y", "l2.capacity", "--metric", "cold_duration_ns")
        #expect(try channel("x", of: turned["spec"])["field"] as? String == "batch")
        #expect((turned["facet"] as? [String: Any])?["sort"] as? [String] == ["1 first_fwd", "2 second_fwd"])
    }

    @Test("Names stand beside each other in the file's order, and points without an axis are left out and counted")
    func names() throws {
        let lines = ["h200", "a100", "b100"].enumerated().map { key, machine in
            Self.line(
                key, point: #""machine":"\#(machine)""#, columns: #""x":0"#, duration: 1000 + key, machine: machine)
        }
        let chart = try chart(lines, kind: "lines")
        let x = try channel("x", of: chart)
        #expect(x["type"] as? String == "nominal" && x["sort"] as? [String] == ["h200", "a100", "b100"])
        #expect((chart["mark"] as? [String: Any])?["type"] as? String == "point")
        let other = Self.line(9, point: #""heads":"4""#, columns: #""heads":4"#, duration: 7)
        let mixed = try self.chart(Self.lines + [other], kind: "lines")
        #expect(try rows(mixed).count == 5)
        #expect(try subtitle(mixed) == "GPU h200, 5 points, 1 failed and left out, 1 without a value here and left out")
    }

    @Test(
        "What cannot be drawn is one line that says what can",
        arguments: [
            (["--metric", "duration"], Int32(64), "cold_duration_ns"),
            (["--metric", "bound_by"], 64, "cold_duration_ns"),
            (["--x", "capacity"], 64, "batch, l2.capacity"), (["--kernel", "third_fwd"], 64, "cold_duration_ns"),
            (["--kernel", "third_fwd", "--metric", "cold_duration_ns"], 64, "first_fwd, second_fwd"),
        ] as [([String], Int32, String)])
    func errors(words: [String], code: Int32, part: String) throws {
        try withFolder { folder in
            try write(Self.lines, to: folder + "/r.jsonl")
            let error = try #require(throws: (any Error).self) {
                try weir(["sweep-chart", folder + "/r.jsonl", "--chart", folder + "/c.vl.json"] + words)
            }
            let message = try #require(ErrorReport.message(of: error))
            #expect(
                ErrorReport.exitCode(of: error) == code && message.contains(part) && message.contains(words[1]),
                "\(message)")
            #expect(!FileManager.default.fileExists(atPath: folder + "/c.vl.json"))
        }
    }

    @Test("Files that hold no chart are refused: none, failures alone, one point, two sweeps, another format")
    func refusals() throws {
        let one = Self.lines[2]
        let twin = Self.line(
            9, point: #""l2.capacity":"4MiB","batch":"1""#, columns: #""l2.capacity":\#(4 << 20),"batch":1"#,
            duration: 1004)
        for (lines, part) in [
            ([], "no point has finished"), ([Self.lines[0]], "1 failed"), ([one], "nothing to draw"),
            (Self.lines + [twin], "two points stand at"), ([one, "{}"], ":2:"),
        ] {
            let error = try #require(throws: SweepError.self) { try chart(lines, kind: "lines") }
            #expect(error.description.contains(part) && ErrorReport.exitCode(of: error) == 1, "\(error)")
        }
        let single = Self.lines.filter { $0.contains(#""batch":1"#) }
        #expect(throws: SweepError.oneAxis(name: "l2.capacity")) { try chart(single, kind: "heatmap") }
        for words in [
            ["x.jsonl"], ["x.jsonl", "--chart", "bars=x"], ["x.jsonl", "--chart", "x", "--x", "a", "--y", "a"],
        ] {
            #expect(throws: (any Error).self) { _ = try Weir.parseAsRoot(["sweep-chart"] + words) }
        }
    }

    @Test("A file that is still written is drawn as far as it goes, and several files are one sweep")
    func unfinished() throws {
        try withFolder { folder in
            let half = Self.lines.count / 2
            try write(Array(Self.lines[..<half]), to: folder + "/1.jsonl")
            let rest = Self.lines[half...].joined(separator: "\n") + "\n" + Self.lines[0].prefix(100)
            try rest.write(toFile: folder + "/2.jsonl", atomically: true, encoding: .utf8)
            try weir(["sweep-chart", folder + "/1.jsonl", folder + "/2.jsonl", "--chart", folder + "/c.vl.json"])
            let read = try parsed(try String(contentsOfFile: folder + "/c.vl.json", encoding: .utf8))
            #expect(try rows(read).count == 5)
        }
    }

    @Test("Damaged lines are left out, and lines of another version beside some of this one")
    func damaged() throws {
        try withFolder { folder in
            var lines = Self.lines
            let old = Self.line(7, point: #""batch":"9""#, columns: #""batch":9"#, duration: 5, version: "0.1.0")
            lines[2] = lines[2].replacing("1004", with: "1003")
            try write(lines + [old], to: folder + "/r.jsonl")
            let results = try SweepResults(files: [folder + "/r.jsonl"], metric: "total_duration_ns")
            #expect(results.notes.count == 2)
            #expect(
                results.notes[0].hasPrefix(
                    "\(folder)/r.jsonl:3: this line does not agree with its checksum; it is left out"))
            #expect(
                results.notes[1].contains("1 line is of Weir 0.1.0") && results.notes[1].hasSuffix("it is left out"))
            try weir(["sweep-chart", folder + "/r.jsonl", "--chart", folder + "/c.vl.json"])
            let chart = try parsed(try String(contentsOfFile: folder + "/c.vl.json", encoding: .utf8))
            #expect(try rows(chart).count == 4)
            let second = Self.line(8, point: #""batch":"3""#, columns: #""batch":3"#, duration: 6, version: "0.1.0")
            try write([old, second], to: folder + "/old.jsonl")
            let oldResults = try SweepResults(files: [folder + "/old.jsonl"], metric: "total_duration_ns")
            #expect(
                oldResults.notes == [
                    "\(folder)/old.jsonl: the results are of Weir 0.1.0; this is Weir \(Version.current)"
                ])
            #expect(try SweepTable(oldResults).entries.map(\.value) == [5, 6])
        }
    }

    @Test("A sweep draws its own points of the file when it has run")
    func afterSweep() throws {
        try withFolder { folder in
            let words = ["sweep"] + tinyKernel + ["--output", folder + "/s.jsonl", "--quiet", "--vary"]
            try weir(words + ["batch=1,2,4"])
            try weir(words + ["batch=1,2", "--vary", "l2.ways=8,16", "--chart", "heatmap=\(folder)/c.vl.json"])
            let read = try rows(try parsed(try String(contentsOfFile: folder + "/c.vl.json", encoding: .utf8)))
            let points = try sweepObjects(folder + "/s.jsonl")
            // The machine has 16 ways: two points of the second sweep have the lines of the first.
            #expect(read.count == 4 && points.count == 7 - 2)
            for row in read {
                let point = points.first {
                    $0["batch"] as? Int == row["batch"] as? Int && $0["l2.ways"] as? Int ?? 16 == row["l2.ways"] as? Int
                }
                #expect(point?["total_duration_ns"] as? Double == row["total_duration_ns"] as? Double)
            }
        }
    }
}
