import Foundation
import Report
import TestSupport
import Testing
import weir

/// A list of three operators: a product, a sum and an optimizer's step.
let tinyOperators = """
    {"format":"weir-operators","version":1}
    {"op":"aten::mm","pass":"forward","layer":"0.mlp","inputs":[{"id":"x","shape":[256,128],"type":"bf16"},\
    {"id":"w","shape":[128,256],"type":"bf16"}],"outputs":[{"id":"y","shape":[256,256],"type":"bf16"}]}
    {"op":"aten::add","pass":"forward","layer":"0.mlp","inputs":[{"id":"y","shape":[256,256],"type":"bf16"},\
    {"id":"b","shape":[256,256],"type":"bf16"}],"outputs":[{"id":"z","shape":[256,256],"type":"bf16"}]}
    {"op":"aten::copy_","pass":"optimizer","inputs":[{"id":"z","shape":[256,256],"type":"bf16"}],\
    "outputs":[{"id":"c","shape":[256,256],"type":"f32"}]}

    """.replacing("\\\n", with: "")

@Suite("Charts and timelines of training steps")
struct StepChartTests {
    /// Writes the list and runs it with these words. Results are in the folder's out.json.
    private func run(in folder: String, list: String = "tiny", _ words: [String] = []) throws -> [String: Any] {
        let path = "\(folder)/\(list).ops.jsonl"
        try tinyOperators.write(toFile: path, atomically: true, encoding: .utf8)
        let output = "\(folder)/\(list).json"
        try weir(["run", path, "--format", "json", "--quiet", "--deterministic", "--output", output] + words)
        return try parsed(try String(contentsOfFile: output, encoding: .utf8))
    }

    private func chart(_ path: String) throws -> (title: [String: Any], rows: [[String: Any]]) {
        let chart = try parsed(try String(contentsOfFile: path, encoding: .utf8))
        return (
            try #require(chart["title"] as? [String: Any]),
            try #require((chart["data"] as? [String: Any])?["values"] as? [[String: Any]])
        )
    }

    private func number(_ row: [String: Any]?, _ name: String) throws -> Double {
        try #require(row?[name] as? Double, "\(name)")
    }

    @Test func `The breakdown's bar has the shares of the result, in the order of the categories`() throws {
        try withFolder { folder in
            let result = try run(in: folder, ["--chart", "\(folder)/b.vl.json"])
            let (title, rows) = try chart(folder + "/b.vl.json")
            #expect((title["subtitle"] as? String)?.hasPrefix("NVIDIA H200 SXM; ") == true)
            #expect(rows.allSatisfy { $0["step"] as? String == "tiny" })
            let bars = rows.filter { $0["category"] != nil }
            #expect(bars.map { $0["category"] as? String } == ["gemm", "elementwise"])
            let whole = try number(result["totals"] as? [String: Any], "duration_ns")
            let breakdown = try #require(result["breakdown"] as? [[String: Any]])
            var end = 0.0
            for bar in bars {
                let sums = breakdown.first { $0["category"] as? String == bar["category"] as? String }
                let share = 100 * (try number(sums, "duration_ns")) / whole
                let (own, from) = (try number(bar, "share_pct"), try number(bar, "from_pct"))
                #expect(abs(own - share) < 1e-9 && abs(from - end) < 1e-9)
                end = try number(bar, "to_pct")
            }
            #expect(abs(end - 100) < 1e-9)
        }
    }

    @Test func `The roofline has the step's own numbers below the roofs of its machine`() throws {
        try withFolder { folder in
            let result = try run(in: folder, ["--chart", "roofline=\(folder)/r.vl.json"])
            let totals = try #require(result["totals"] as? [String: Any])
            let rows = try chart(folder + "/r.vl.json").rows
            let point = rows.first { $0["part"] as? String == "point" }
            let (x, y) = (try number(point, "flop_per_byte"), try number(point, "flop_per_second"))
            #expect(x == totals["flop_per_byte"] as? Double && y == totals["flop_per_second"] as? Double)
            let bandwidth = try number(totals, "roof_hbm_bytes_per_second")
            #expect(y > 0 && y <= x * bandwidth)
            let ridges = try rows.filter { $0["part"] as? String == "ridge" }.map { try number($0, "flop_per_byte") }
            let expected = [try number(totals, "ridge_flop_per_byte"), try number(totals, "ridge_fp32_flop_per_byte")]
            #expect(ridges == expected)
            // A multiply-add of each lane of 132 SMs at the H200's clock.
            let fp32 = try number(totals, "roof_fp32_flop_per_second")
            #expect(abs(fp32 / (132 * 128 * 2 * 1.975e9) - 1) < 1e-3)
        }
    }

    @Test func `A saved result gives the chart that its run gave, and several stand in one`() throws {
        try withFolder { folder in
            for kind in ["breakdown", "roofline"] {
                _ = try run(in: folder, ["--chart", "\(kind)=\(folder)/own.vl.json"])
                try weir(["step-chart", folder + "/tiny.json", "--chart", "\(kind)=\(folder)/saved.vl.json"])
                let texts = try ["own", "saved"].map {
                    try String(contentsOfFile: "\(folder)/\($0).vl.json", encoding: .utf8)
                }
                #expect(texts[0] == texts[1], "\(kind)")
            }
            _ = try run(in: folder, list: "other", ["--machine", "h100-sxm"])
            let json = try String(contentsOfFile: folder + "/tiny.json", encoding: .utf8)
            try json.write(toFile: folder + "/again.json", atomically: true, encoding: .utf8)
            let files = ["tiny", "other", "again"].map { "\(folder)/\($0).json" }
            try weir(
                ["step-chart"] + files + ["--chart", "\(folder)/b.vl.json", "--chart", "roofline=\(folder)/r.vl.json"])
            let (title, bars) = try chart(folder + "/b.vl.json")
            #expect((title["subtitle"] as? String)?.hasPrefix("NVIDIA H200 SXM, NVIDIA H100 SXM5; ") == true)
            let names = bars.filter { $0["whole"] != nil }.map { $0["step"] as? String }
            #expect(names == ["tiny (tiny)", "other", "tiny (again)"])
            let points = try chart(folder + "/r.vl.json").rows
            #expect(points.count { $0["part"] as? String == "point" } == 3)
            #expect(points.count { $0["part"] as? String == "ridge" } == 4)
        }
    }

    @Test func `Files that are no results of steps get one line with the cure`() throws {
        try withFolder { folder in
            try weir(["run"] + tinyKernel + ["--format", "json", "--quiet", "--output", folder + "/kernel.json"])
            try "{".write(toFile: folder + "/broken.json", atomically: true, encoding: .utf8)
            _ = try run(in: folder)
            let json = try String(contentsOfFile: folder + "/tiny.json", encoding: .utf8)
            try json.replacing("\"roof_hbm_bytes_per_second\": ", with: "\"roof_hbm_bytes_per_second\": -")
                .write(toFile: folder + "/below.json", atomically: true, encoding: .utf8)
            for (files, message) in [
                (
                    ["kernel"],
                    "kernel.json: the result has no 'step', which those of models and lists of operators have; "
                ),
                (["broken"], "broken.json: this is no JSON: "),
                (["below"], "below.json: 'totals.roof_hbm_bytes_per_second' has a value that no step has; "),
                (["missing"], "missing.json: there is no such file; "),
                (
                    ["tiny", "tiny"],
                    "tiny.json has the same step and the same name; leave one of them out, or rename it"
                ),
            ] {
                let error = try #require(throws: (any Error).self) {
                    try weir(
                        ["step-chart"] + files.map { "\(folder)/\($0).json" } + ["--chart", "\(folder)/x.vl.json"])
                }
                let text = try #require(ErrorReport.message(of: error))
                #expect(
                    text.contains(message) && !text.contains("\n") && ErrorReport.exitCode(of: error) == 1, "\(text)")
                #expect(!FileManager.default.fileExists(atPath: folder + "/x.vl.json"))
            }
        }
    }

    @Test(arguments: [
        (["run", "model:mamba2-8b", "--chart", "hit-rates=x"], "there is no chart 'hit-rates' of a step"),
        (["run", "model:mamba2-8b", "--chart", "lifetimes"], "there is no chart 'lifetimes' of a step"),
        (["run", "ssd-forward", "--chart", "breakdown=x"], "there is no chart 'breakdown' here"),
        (["step-chart", "x.json"], "nothing to draw"),
        (["tune", "model:mamba2-8b"], "tilings are those of single kernels"),
    ])
    func `Charts that a result does not have are refused before anything runs`(_ words: [String], _ message: String)
        throws
    {
        let error = try #require(throws: (any Error).self) { _ = try Weir.parseAsRoot(words) }
        #expect(Weir.exitCode(for: error).rawValue == 64 && Weir.message(for: error).contains(message), "\(error)")
    }

    @Test func `Plain caches have no steps`() throws {
        let error = try #require(throws: (any Error).self) {
            try weir(["run", "model:graph-mamba", "--machine", "one-core"])
        }
        #expect(ErrorReport.message(of: error)?.hasPrefix("a training step needs a GPU") == true)
    }

    @Test func `A step's timeline is one process whose launches follow each other`() throws {
        try withFolder { folder in
            let result = try run(in: folder, ["--timeline", folder + "/t.json"])
            let timeline = try parsed(try String(contentsOfFile: folder + "/t.json", encoding: .utf8))
            let events = try #require(timeline["traceEvents"] as? [[String: Any]])
            #expect(Set(events.compactMap { $0["pid"] as? Int }) == [0])
            let complete = events.filter { $0["ph"] as? String == "X" }
            func track(_ number: Int) -> [[String: Any]] {
                complete.filter { $0["tid"] as? Int == number }
                    .sorted { ($0["ts"] as? Double ?? 0) < ($1["ts"] as? Double ?? 0) }
            }
            #expect(track(0).map { $0["name"] as? String } == ["forward", "optimizer"])
            #expect(track(1).map { $0["name"] as? String } == ["0.mlp"])
            let launches = try #require(result["launches"] as? [[String: Any]])
            #expect(track(2).map { $0["name"] as? String } == launches.map { $0["kernel"] as? String })
            var end = 0.0
            for (event, launch) in zip(track(2), launches) {
                let duration = try number(launch["predicted"] as? [String: Any], "chain_duration_ns") / 1000
                let (start, length) = (try number(event, "ts"), try number(event, "dur"))
                #expect(abs(start - end) < 1e-3 && abs(length - duration) < 1e-3)
                end = start + length
                let arguments = try #require(event["args"] as? [String: Any])
                for key in ["op", "category", "layer", "pass"] {
                    #expect(arguments[key] as? String == launch[key] as? String)
                }
                #expect(arguments["count"] as? Int == 1)
            }
            let counters = events.filter { $0["ph"] as? String == "C" }
            #expect(Set(counters.compactMap { $0["name"] as? String }) == ["HBM GB/s", "L2 hit %", "resident blocks"])
            #expect(counters.allSatisfy { ($0["ts"] as? Double ?? .nan) <= end })
        }
    }
}
