import Content
import Foundation
import Machine
import Studies
import SweepSupport
import TestSupport
import Testing

@Suite("Points of a sweep")
struct SweepPlanTests {
    @Test("A list keeps its texts and gives numbers in base units")
    func lists() throws {
        #expect(try varied("l2.capacity=10MiB, 40MiB,10MiB").map(\.text) == ["10MiB", "40MiB"])
        #expect(try varied("hbm.bandwidth=3.35TB/s,4.8TB/s").map(\.number) == [3.35e12, 4.8e12])
        #expect(try varied("l2.replacement=lru,fifo").map(\.number) == [nil, nil])
        let lists = try varied("sm.carveOuts=[0B, 228KiB],[0B,100KiB, 228KiB]").map(\.text)
        #expect(lists == ["[0B, 228KiB]", "[0B,100KiB, 228KiB]"])
        #expect(try varied("tiling.ch_scan_fwd.m=32,64").map(\.text) == ["32", "64"])
        #expect(try axis("tiling.ch_scan_fwd.m=32").parameter.name == "tiling.ch_scan_fwd.M")
        #expect(try varied("machine=h200,h100-sxm,one-core").count == 3)
    }

    @Test("A range has both ends, evenly spaced or in equal ratios, rounded to what its parameter takes")
    func ranges() throws {
        #expect(try varied("l2.capacity=10MiB..120MiB:12").map(\.text) == (1...12).map { "\($0 * 10)MiB" })
        #expect(try varied("batch=1..10:4,16").map(\.text) == ["1", "4", "7", "10", "16"])
        #expect(try varied("batch=1..4:7").map(\.text) == ["1", "2", "3", "4"])
        #expect(try varied("batch=1..64:4x").map(\.text) == ["1", "4", "16", "64"])
        #expect(try varied("tiling.ch_scan_fwd.M=32..128:3").map(\.text) == ["32", "64", "128"])
        #expect(try varied("hbm.bandwidth=1TB/s..2TB/s:3").map(\.text) == ["1TB/s", "1.5TB/s", "2TB/s"])
        #expect(try varied("batch=8..2:4").map(\.text) == ["8", "6", "4", "2"])
        // Every rounded capacity is a machine.
        for value in try varied("l2.capacity=1MiB..50MiB:23x") {
            _ = try AnyMachine(named: "h200", options: ["l2.capacity=\(value.text)"])
        }
        for value in try axis("d1.capacity=1KiB..100KiB:17", machine: "one-core").values {
            _ = try AnyMachine(named: "one-core", options: ["d1.capacity=\(value.text)"])
        }
    }

    @Test(
        "Names, values and ranges that are wrong end with 64 and one line",
        arguments: [
            ("l2.capcity=1MiB", "l2.capacity"), ("l2.capacity=4bananas", "bananas"), ("l2.capacity=-1B", "must be"),
            ("batch=1..5", "':'"), ("batch=1..5:1", "from 2"), ("batch=0..5:3x", "at least 1"),
            ("batch=two", "whole number"),
            ("batch=", "no value"), ("batch", "'='"), ("tiling.ch_scan_fw.M=32", "ch_scan_fwd"),
            ("tiling.ch_scan_fwd.Q=32", ".warps"),
            ("cache=hot", "chained"), ("model=mamba3", "mamba2-8b"), ("machine=h900", "h900"), ("d1.ways=4", "d1.ways"),
            ("l2.replacement=lru..fifo:3", "no number"), ("launch.overhead=0ns..5ns:3x", "above 0"),
        ])
    func usage(text: String, part: String) throws {
        let error = try #require(throws: (any Error).self) { try axis(text) }
        let message = try #require((error as? any UserError)?.message)
        #expect(message.contains(part), "\(message)")
        #expect((error as? any UserError)?.exitCode == 64)
    }

    @Test("Every combination stands once, the last axis fastest; listed points come with each")
    func factorial() throws {
        let plan = try SweepPlan(axes: [try axis("batch=1,2"), try axis("cache=cold,chained")])
        #expect(
            (0..<plan.count).map { plan.point($0).text } == [
                "batch=1 cache=cold", "batch=1 cache=chained", "batch=2 cache=cold", "batch=2 cache=chained",
            ])
        try withFolder { folder in
            let fields = AnyField.gpu
            let json = folder + "/points.jsonl"
            try Data("{\"l2.capacity\": 26214400, \"batch\": 2}\n\n{\"hbm.bandwidth\": \"3TB/s\"}\n".utf8)
                .write(to: URL(fileURLWithPath: json))
            let listed = try SweepPointList.read(path: json, fields: fields)
            let plan = try SweepPlan(axes: [try axis("groups=1,2")], listed: listed)
            #expect(
                (0..<plan.count).map { plan.point($0).text } == [
                    "batch=2 l2.capacity=25MiB groups=1", "batch=2 l2.capacity=25MiB groups=2",
                    "hbm.bandwidth=3TB/s groups=1",
                    "hbm.bandwidth=3TB/s groups=2",
                ])
            let csv = folder + "/points.csv"
            try Data("l2.capacity,batch\n25MiB,2\n,4\n".utf8).write(to: URL(fileURLWithPath: csv))
            #expect(
                try SweepPointList.read(path: csv, fields: fields).map(\.text) == [
                    "l2.capacity=25MiB batch=2", "batch=4",
                ])
            try Data("{\"batch\": 2}\n[1]\n".utf8).write(to: URL(fileURLWithPath: json))
            let error = try #require(throws: SweepError.self) { try SweepPointList.read(path: json, fields: fields) }
            #expect(error.description.hasPrefix("\(json):2: ") && !error.isUsage)
        }
    }

    @Test(
        "What is no list of points is one line with its number",
        arguments: [
            (#"{"batch": true}"#, ":1: the value of 'batch' is true"), (#"{"batch": false}"#, "is false"),
            (#"{"batch": 3, "batch": 2}"#, ":1: 'batch' stands twice"),
            (#"{"b\u0061tch":1,"batch":1}"#, "'batch' stands twice"),
            (#"{"batch": null}"#, "is null"), (#"{"batch": [1]}"#, "is an array"),
            (#"{"batch": {"a": 1}}"#, "is an object"),
            (#"{"batch": NaN}"#, "no JSON value"), (#"{"batch": Infinity}"#, "no JSON value"),
            (#"{"batch": 1e999}"#, "beyond"),
            (#"{"batch": "two"}"#, ":1: batch: 'two' is no value of it"), (#"{"batch": 2.5}"#, "'2.5' is no value"),
            (#"{"batch": 0}"#, "at least 1"), (#"{"batch": -3}"#, "at least 1"),
            (#"{"batch": 1e300}"#, "no value of it"),
            (#"{"batch": 01}"#, "'}' is missing"), (#"{"batch": 1,}"#, "a name in quotes"),
            (#"{"batch": 1"#, "'}' is missing"),
            (#"{"batch": 1} {"batch": 2}"#, "something follows"), (#"{"batch": "1}"#, "does not end"),
            ("{'batch': 1}", "quotes"),
            ("{\"batch\": \"1\u{1}\"}", "control character"), (#"{"batch": "\ud800"}"#, "half a character"),
            ("[1]", "no object"), ("7", "no object"), (String(repeating: "[", count: 99), "deep"), ("", "no point"),
            (#"{"l2.capacity": "4bananas"}"#, ":1: "), (#"{"l2.capcity": 1}"#, "l2.capacity"),
            (#"{"l2.capacity": 1e30}"#, ":1: "),
            ("{\"batch\": 2}\n{\"groups\": 1}\n{\"batch\": \"2\"}", ":3: line 1 has this point already"),
            ("{\"l2.capacity\": \"1MiB\"}\r\n\r\n{\"l2.capacity\": 1048576}\r\n", ":3: line 1 has this point already"),
        ])
    func badPoints(text: String, part: String) throws {
        try withFolder { folder in
            let path = folder + "/points.jsonl"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let error = try #require(throws: SweepError.self) {
                try SweepPointList.read(path: path, fields: AnyField.gpu)
            }
            let message = error.message
            #expect(message.hasPrefix(path) && message.contains(part) && !message.contains("--vary"), "\(message)")
            #expect(error.exitCode == 1)
        }
    }

    @Test(
        "A list of points that no file holds is read as it stands: escapes, other scripts, blank lines, no last line end"
    )
    func goodPoints() throws {
        let text = "\u{20}\t\n{ \"b\\u0061tch\" :\t2.0e0, \"l2.capacity\": 26214400}\r\n\n{\"model\":\"mamba2-130m\"}"
        let points = try SweepPointList.read(Array(text.utf8), name: "points", fields: AnyField.gpu)
        #expect(points.map(\.text) == ["batch=2 l2.capacity=25MiB", "model=mamba2-130m"])
        #expect(try SweepJSON(Array(#""\ud83d\ude00\u00e9\/é""#.utf8)) == .text("\u{1F600}\u{e9}/\u{e9}"))
    }

    @Test("A name that varies twice and more than a million points are refused")
    func limits() throws {
        #expect(throws: SweepError.repeated(name: "batch", other: "another --vary")) {
            try SweepPlan(axes: [try axis("batch=1,2"), try axis("batch=3")])
        }
        #expect(throws: SweepError.tooManyPoints(limit: 1_000_000)) {
            try SweepPlan(axes: [try axis("batch=1..1000:1000"), try axis("heads=1..1001:1001")])
        }
        let most = try SweepPlan(axes: [try axis("batch=1..1000:1000"), try axis("heads=1..1000:1000")])
        #expect(most.count == 1_000_000 && most.point(999_999).text == "batch=1000 heads=1000")
    }

    @Test("Shards have every point of the sweep once", arguments: [1, 2, 3, 16, 20])
    func shards(count: Int) throws {
        let axes = [try axis("batch=1..17:17")]
        let whole = try SweepPlan(axes: axes)
        var points: [String] = []
        for number in 1...count {
            let shard = try SweepPlan(axes: axes, shard: try SweepShard("\(number)/\(count)"))
            points += (0..<shard.count).map { shard.point($0).text }
        }
        #expect(points.count == 17 && Set(points) == Set((0..<17).map { whole.point($0).text }))
        for wrong in ["0/\(count)", "\(count + 1)/\(count)", "1", "a/b", "1/2/3", "-1/3"] {
            #expect(throws: SweepError.badShard(text: wrong)) { try SweepShard(wrong) }
        }
    }

    @Test("A hash tells names from values and has all its digits changed by the last byte")
    func hash() {
        func hash(_ pairs: [(String, String)]) -> String {
            var hash = SweepHash()
            for (name, value) in pairs { hash.add(name, value) }
            return hash.text
        }
        #expect(hash([("ab", "c")]) != hash([("a", "bc")]))
        #expect(hash([("a", "b"), ("c", "d")]) != hash([("a", "b:1:c1:d")]))
        let (first, second) = (hash([("a", "64")]), hash([("a", "65")]))
        #expect(first.count == 32 && zip(first, second).filter { $0 == $1 }.count < 10)
    }
}
