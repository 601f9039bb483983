import Foundation
import SweepSupport
import TestSupport
import Testing
import weir

@Suite("Sweeps over training steps")
struct StepSweepTests {
    private func list(in folder: String) throws -> String {
        let path = folder + "/tiny.ops.jsonl"
        try tinyOperators.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func `A point's sums are those of a run with its values`() throws {
        try withFolder { folder in
            let path = try list(in: folder)
            let axes = ["--vary", "hbm.bandwidth=1TB/s,4TB/s", "--vary", "cache=cold,chained"]
            try weir(["sweep", path] + axes + ["--output", folder + "/s.jsonl", "--quiet", "--deterministic"])
            let points = try sweepObjects(folder + "/s.jsonl")
            #expect(points.count == 4)
            for point in points {
                let values = try #require(point["point"] as? [String: String])
                try weir([
                    "run", path, "--set", "hbm.bandwidth=\(values["hbm.bandwidth"] ?? "")", "--cache",
                    values["cache"] ?? "", "--format", "json", "--quiet", "--output", folder + "/run.json",
                ])
                let run = try parsed(try String(contentsOfFile: folder + "/run.json", encoding: .utf8))
                let totals = try #require(run["totals"] as? [String: Any])
                for (name, value) in totals {
                    #expect("\(point["total_" + name] ?? "missing")" == "\(value)", "\(name)")
                }
                let breakdown = try #require(run["breakdown"] as? [[String: Any]])
                #expect(breakdown.count == 12)
                for row in breakdown {
                    let category = try #require(row["category"] as? String)
                    for (name, value) in row where name != "category" {
                        #expect("\(point["\(category)_\(name)"] ?? "missing")" == "\(value)", "\(category) \(name)")
                    }
                }
                let shares = point.filter { $0.key.hasSuffix("_share_pct") }.compactMap { $0.value as? Double }
                #expect(shares.count == 12 && abs(shares.reduce(0, +) - 100) < 1e-9)
                #expect(point["sector_requests"] as? Int == run["sector_requests"] as? Int)
                #expect((point["launches"] as? [Any])?.isEmpty == true)
            }
        }
    }

    @Test func `Lines do not depend on jobs, threads or shards, and a sweep goes on where it stopped`() throws {
        try withFolder { folder in
            let sweep = [
                "sweep", try list(in: folder), "--vary", "l2.capacity=10MiB,20MiB,40MiB", "--deterministic", "--quiet",
            ]
            func lines(_ words: String...) throws -> [String] {
                let path = folder + "/" + UUID().uuidString
                try weir(sweep + words + ["--output", path])
                return try sweepLines(path)
            }
            let one = try lines("--jobs", "1")
            #expect(one.count == 3)
            #expect(try lines("--jobs", "3").sorted() == one.sorted())
            #expect(try lines("--jobs", "1", "--threads", "2") == one)
            #expect(try (lines("--shard", "1/2") + lines("--shard", "2/2")).sorted() == one.sorted())
            let path = folder + "/s.jsonl"
            try weir(sweep + ["--jobs", "1", "--output", path])
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            try whole.dropLast(100).write(to: URL(fileURLWithPath: path))
            try weir(sweep + ["--output", path])
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
        }
    }

    @Test func `Charts of sweeps draw any column of the breakdown`() throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            try weir([
                "sweep", try list(in: folder), "--vary", "l2.capacity=10MiB,20MiB,40MiB", "--quiet", "--output", path,
                "--chart", folder + "/total.vl.json",
            ])
            try weir([
                "sweep-chart", path, "--metric", "gemm_duration_ns", "--chart", folder + "/gemm.vl.json",
            ])
            let points = try sweepObjects(path)
            for (name, column) in [("total", "total_duration_ns"), ("gemm", "gemm_duration_ns")] {
                let chart = try parsed(try String(contentsOfFile: "\(folder)/\(name).vl.json", encoding: .utf8))
                let rows = try #require((chart["data"] as? [String: Any])?["values"] as? [[String: Any]])
                #expect(rows.count == 3)
                for row in rows {
                    let point = points.first { $0["l2.capacity"] as? Int == row["l2.capacity"] as? Int }
                    #expect(row[column] as? Double == point?[column] as? Double && row[column] as? Double != nil)
                }
            }
        }
    }

    @Test(.enabled(if: builtCommand != nil))
    func `Keys cover a model's sizes as they are, given or not`() throws {
        func keys(_ words: String...) throws -> [String] {
            let run = try shellWeir(["sweep", "model:graph-mamba", "--output", "/tmp/none.jsonl", "--dry-run"] + words)
            #expect(run.code == 0, "\(run.text)")
            return run.text.split(separator: "\n").map { String($0.prefix(32)) }
        }
        let own = try keys("--vary", "layers=4")
        #expect(try keys("--vary", "nodes=65536") == own)
        #expect(try keys("--vary", "degree=8", "--layers", "4") == own)
        #expect(try keys("--vary", "cache=chained") == own)
        for other in [
            ["--vary", "layers=3"], ["--vary", "nodes=512"], ["--vary", "degree=7"], ["--vary", "cache=cold"],
            ["--vary", "layers=4", "--every-layer"], ["--vary", "l2.capacity=25MiB"],
        ] {
            let run = try shellWeir(
                ["sweep", "model:graph-mamba", "--output", "/tmp/none.jsonl", "--dry-run"] + other)
            #expect(run.code == 0 && !run.text.hasPrefix(own[0]), "\(other)")
        }
    }

    @Test(arguments: [
        (["model:mamba2-8b", "--vary", "heads=2"], "--vary heads: model:mamba2-8b has no such size; vary batch, "),
        (["model:mamba2-8b", "--vary", "nodes=512"], "--vary nodes: model:mamba2-8b has no such size"),
        (["model:mamba2-8b", "--vary", "layers=1,2", "--layers", "2"], "--vary layers: --layers gives it values too"),
        (["model:mamba2-9b", "--vary", "layers=1,2"], "no model 'model:mamba2-9b'"),
        (["ssd-forward", "--vary", "layers=1,2"], "--vary layers: kernels have no such size"),
        (["LIST", "--vary", "batch=1,2"], "is as it is; vary machine fields, machine or cache"),
    ])
    func `What a step does not have is refused before anything runs`(_ words: [String], _ message: String) throws {
        try withFolder { folder in
            let path = try list(in: folder)
            let error = try #require(throws: (any Error).self) {
                try weir(["sweep"] + words.map { $0 == "LIST" ? path : $0 } + ["--output", folder + "/s.jsonl"])
            }
            let text = try #require(ErrorReport.message(of: error))
            #expect(text.contains(message) && ErrorReport.exitCode(of: error) == 64, "\(text)")
            #expect(!FileManager.default.fileExists(atPath: folder + "/s.jsonl"))
        }
    }

    @Test func `A point that no model has fails alone`() throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            try weir([
                "sweep", try list(in: folder), "--vary", "machine=h200,one-core", "--output", path, "--quiet", "--jobs",
                "1",
            ])
            let points = try sweepObjects(path)
            #expect(points.map { $0["status"] as? String } == ["ok", "failed"])
            #expect((points[1]["error"] as? String)?.hasPrefix("a training step needs a GPU") == true)
        }
    }
}
