import Foundation
import Machine
import Studies
import SweepSupport
import TestSupport
import Testing
import weir

@Suite("weir sweep")
struct SweepCommandTests {
    /// Launches of a line without the columns that a run's JSON has elsewhere.
    private func predictions(ofSweep launches: Any?, like run: [[String: Any]]) throws -> [NSDictionary] {
        let launches = try #require(launches as? [[String: Any]])
        return zip(launches, run).map { launch, run in
            let names = Set((run["predicted"] as? [String: Any] ?? [:]).keys)
            return NSDictionary(dictionary: launch.filter { names.contains($0.key) })
        }
    }

    private func launchesAreFlat(_ launches: Any?) -> Bool {
        (launches as? [[String: Any]])?.allSatisfy { $0.values.allSatisfy { $0 is String || $0 is NSNumber } } ?? false
    }

    @Test("Every point equals a single run of its values, launch by launch and column by column")
    func equality() throws {
        try withFolder { folder in
            let kernels = [
                "bmm_ch_fwd", "ch_scan_fwd", "--heads", "2", "--groups", "1", "--sequence-length", "256", "--cache",
                "chained",
            ]
            try weir(
                ["sweep"] + kernels + [
                    "--vary", "l2.capacity=1MiB..50MiB:2", "--vary", "tiling.ch_scan_fwd.M=32,64", "--vary",
                    "batch=1,2",
                    "--tiling", "ch_scan_fwd:N=32", "--output", folder + "/s.jsonl", "--quiet", "--jobs", "2",
                ])
            let points = try sweepObjects(folder + "/s.jsonl")
            #expect(points.count == 8)
            for point in points {
                let values = try #require(point["point"] as? [String: String])
                let (capacity, m) = (try #require(values["l2.capacity"]), try #require(values["tiling.ch_scan_fwd.M"]))
                try weir(
                    ["run"] + kernels + [
                        "--set", "l2.capacity=\(capacity)", "--tiling", "ch_scan_fwd:N=32,M=\(m)", "--batch",
                        values["batch"] ?? "", "--format", "json", "--quiet", "--output", folder + "/run.json",
                    ])
                let run = try parsed(try String(contentsOfFile: folder + "/run.json", encoding: .utf8))
                let launches = try #require(run["launches"] as? [[String: Any]])
                let expected = launches.map { NSDictionary(dictionary: $0["predicted"] as? [String: Any] ?? [:]) }
                #expect(try predictions(ofSweep: point["launches"], like: launches) == expected)
                #expect(expected.allSatisfy { $0.count > 50 })
                let together = try #require((run["totals"] as? [String: Any])?["together"] as? [String: Any])
                #expect(point["total_duration_ns"] as? Double == together["duration_ns"] as? Double)
                #expect(point["total_dram_read_bytes"] as? Double == together["hbm_read_bytes"] as? Double)
                #expect(point["sector_requests"] as? Int == run["sector_requests"] as? Int)
                #expect(point["batch"] as? Int == Int(values["batch"] ?? "") && point["status"] as? String == "ok")
                let nested = point.filter { $0.value is [Any] || $0.value is [String: Any] }.map(\.key)
                #expect(nested.sorted() == ["launches", "point"])
                #expect(launchesAreFlat(point["launches"]))
                #expect(
                    point["wall_seconds"] is Double && point["error"] is NSNull
                        && point["cache"] as? String == "chained")
            }
            #expect(Set(points.compactMap { $0["l2.capacity"] as? Int }) == [1 << 20, 50 << 20])
        }
    }

    @Test("Recorded traces and plain caches give what replay gives, and the trace's bytes decide the key")
    func traces() throws {
        try withFolder { folder in
            try weir(["generate"] + tinyKernel + ["--output", folder + "/t.weir", "--quiet"])
            let sweep = ["sweep", "--trace", folder + "/t.weir", "--quiet", "--deterministic", "--output"]
            try weir(sweep + [folder + "/s.jsonl", "--vary", "d1.ways=2,4", "--machine", "one-core"])
            for point in try sweepObjects(folder + "/s.jsonl") {
                let ways = try #require((point["point"] as? [String: String])?["d1.ways"])
                try weir([
                    "replay", folder + "/t.weir", "--machine", "one-core", "--set", "d1.ways=\(ways)", "--format",
                    "json",
                    "--quiet", "--output", folder + "/r.json",
                ])
                let launches = try #require(
                    try parsed(try String(contentsOfFile: folder + "/r.json", encoding: .utf8))["launches"]
                        as? [[String: Any]])
                let expected = launches.map { NSDictionary(dictionary: $0["predicted"] as? [String: Any] ?? [:]) }
                #expect(try predictions(ofSweep: point["launches"], like: launches) == expected)
            }
            let before = try sweepLines(folder + "/s.jsonl")
            try weir(["generate"] + tinyKernel.dropLast() + ["512", "--output", folder + "/t.weir", "--quiet"])
            try weir(sweep + [folder + "/s.jsonl", "--vary", "d1.ways=2,4", "--machine", "one-core"])
            let after = try sweepObjects(folder + "/s.jsonl")
            #expect(try sweepLines(folder + "/s.jsonl").prefix(2) == before[...] && after.count == 4)
            #expect(Set(after.compactMap { $0["key"] as? String }).count == 4)
        }
    }

    @Test("Equal points have one key however they are written, and any value that decides a result changes it")
    func keys() throws {
        try withFolder { folder in
            func keys(_ words: String...) throws -> Set<String> {
                let path = folder + "/" + UUID().uuidString
                try weir(["sweep"] + tinyKernel + words + ["--output", path, "--quiet"])
                return Set(try sweepObjects(path).compactMap { $0["key"] as? String })
            }
            let one = try keys("--vary", "l2.capacity=25MiB,26214400B,25600KiB")
            #expect(one.count == 1)
            #expect(try keys("--set", "l2.capacity=25MiB", "--vary", "batch=1") == one)
            #expect(try keys("--set", "l2.capacity=25MiB", "--vary", "dtype=bf16,f32").intersection(one).count == 1)
            for other in [
                "groups=2", "batch=2", "cache=chained", "machine=h100-sxm", "tiling.ch_cumsum_fwd.H=4", "dtype=f32",
            ] {
                #expect(try keys("--set", "l2.capacity=25MiB", "--vary", other).isDisjoint(with: one), "\(other)")
            }
        }
    }

    @Test("Every kernel option is part of the key")
    func keyCoversOptions() throws {
        let options = try KernelOptions.parse(["ch_scan_fwd"])
        let stored = Set(
            Mirror(reflecting: options).children.compactMap { $0.label?.drop { $0 == "_" } }.map(String.init)
        )
        // The options of models have keys of their own.
        .subtracting(["modelStep"])
        // Options whose property has another name than the option itself.
        let renamed = [
            "gate": "z", "sequenceIndex": "seq-idx", "noTimeStepBias": "no-dt-bias",
        ]
        let names = stored.map { name in
            renamed[name] ?? name.map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined()
        }
        #expect(stored.count > 15)
        #expect(names.sorted() == options.request.keyTexts.map(\.name).sorted())
    }

    @Test("A sweep whose last line was cut runs that point alone, and then has all that it had")
    func resume() throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            let sweep =
                ["sweep"] + tinyKernel + [
                    "--vary", "batch=1,2,3", "--output", path, "--quiet", "--deterministic", "--jobs", "1",
                ]
            try weir(sweep)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            try weir(sweep)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
            try whole.dropLast(100).write(to: URL(fileURLWithPath: path))
            try weir(sweep)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
        }
    }

    @Test("A point that fails is recorded with its error and left alone, until --retry-failed")
    func failures() throws {
        try withFolder { folder in
            let path = folder + "/s.jsonl"
            // 100 KiB is no whole number of sets of the L2; one-core has no L2.
            let sweep =
                ["sweep"] + tinyKernel + [
                    "--vary", "l2.capacity=100000B,25MiB", "--vary", "machine=h200,one-core", "--output", path,
                    "--quiet",
                    "--jobs", "1",
                ]
            try weir(sweep)
            let points = try sweepObjects(path)
            #expect(points.map { $0["status"] as? String } == ["failed", "failed", "ok", "failed"])
            #expect(try #require(points[0]["error"] as? String).hasPrefix("l2.capacity: 100000B is no multiple"))
            #expect(try #require(points[1]["error"] as? String).contains("no field is called 'l2.capacity'"))
            #expect(Set(points.compactMap { $0["key"] as? String }).count == 4)
            try weir(sweep)
            #expect(try sweepLines(path).count == 4)
            try weir(sweep + ["--retry-failed"])
            let statuses = try sweepObjects(path).map { $0["status"] as? String }
            #expect(statuses == ["failed", "failed", "ok"] + Array(repeating: "failed", count: 4))
        }
    }

    @Test("Lines do not depend on jobs, threads or shards, and shards join by concatenation")
    func determinism() throws {
        try withFolder { folder in
            func lines(_ words: [String]) throws -> [String] {
                let path = folder + "/" + UUID().uuidString
                try weir(
                    ["sweep"] + tinyKernel
                        + ["--vary", "batch=1..3:3", "--vary", "l2.capacity=1MiB,50MiB", "--deterministic", "--quiet"]
                        + words
                        + ["--output", path])
                return try sweepLines(path)
            }
            let one = try lines(["--jobs", "1"])
            #expect(one.count == 6)
            #expect(try lines(["--jobs", "4"]).sorted() == one.sorted())
            #expect(try lines(["--jobs", "1", "--threads", "2"]) == one)
            #expect(try (1...4).flatMap { try lines(["--shard", "\($0)/4"]) }.sorted() == one.sorted())
        }
    }

    @Test("--dry-run runs nothing and writes no file")
    func dryRun() throws {
        try withFolder { folder in
            try weir(["sweep"] + tinyKernel + ["--vary", "batch=1", "--output", folder + "/s.jsonl", "--dry-run"])
            #expect(!FileManager.default.fileExists(atPath: folder + "/s.jsonl"))
        }
    }

    @Test(
        "Wrong usage ends with 64 before anything runs",
        arguments: [
            ["--vary", "l2.capcity=1MiB"], ["--vary", "l2.capacity=1MiB", "--set", "l2.capacity=2MiB"],
            ["--vary", "batch=1", "--shard", "3/2"],
            ["--vary", "tiling.ch_scan_fwd.M=64"],
            ["--vary", "tiling.ch_cumsum_fwd.H=4", "--tiling", "ch_cumsum_fwd:H=8"],
            ["--vary", "dim=64"], ["--vary", "batch=1", "--vary", "batch=2"],
        ])
    func usage(words: [String]) throws {
        let output = NSTemporaryDirectory() + "weir-tests-" + UUID().uuidString
        let error = try #require(throws: (any Error).self) {
            try weir(["sweep"] + tinyKernel + words + ["--output", output])
        }
        #expect(
            ErrorReport.exitCode(of: error) == 64 && ErrorReport.message(of: error)?.contains("\n") == false, "\(error)"
        )
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test("The parser refuses sweeps of nothing, over nothing, and of both kernels and traces")
    func parserUsage() throws {
        for words in [
            ["--vary", "batch=1", "--output", "x"], tinyKernel + ["--output", "x"], tinyKernel + ["--vary", "batch=1"],
            tinyKernel + ["--trace", "t.weir", "--vary", "batch=1", "--output", "x"],
            ["--trace", "-", "--vary", "l2.ways=8", "--output", "x"],
            tinyKernel + ["--vary", "batch=1", "--output", "x", "--jobs", "0"],
        ] {
            let error = try #require(throws: (any Error).self) { _ = try Weir.parseAsRoot(["sweep"] + words) }
            #expect(Weir.exitCode(for: error).rawValue == 64, "\(words)")
        }
        let error = try #require(throws: (any Error).self) {
            try weir(["sweep", "--trace", "t.weir", "--heads", "4", "--vary", "l2.capacity=1MiB", "--output", "x"])
        }
        #expect(ErrorReport.exitCode(of: error) == 64)
    }

    @Test(
        "A list of points may be CSV of one column, with either line end and a byte order mark",
        arguments: [
            "batch\n1\n2\n", "batch\r\n1\r\n2\r\n", "\u{FEFF}batch\n1\n2", "\"batch\"\n\n1\n\n2\n",
        ])
    func oneColumn(csv: String) throws {
        try withFolder { folder in
            let path = folder + "/p.csv"
            try csv.write(toFile: path, atomically: true, encoding: .utf8)
            let points = try SweepPointList.read(path: path, fields: AnyField.gpu)
            #expect(points.map(\.text) == ["batch=1", "batch=2"])
            for (wrong, message) in [
                ("", "\(path):1: no header line: give a CSV whose first line names the columns"),
                ("batch\n1\n1\n", "\(path):3: line 2 has this point already; keep one of the two"),
                ("batch\nx\n", "\(path):2: batch: 'x' is no value of it; give a whole number of at least 1"),
                ("batch\n1,2\n", "\(path):2: 2 values for 1 columns: give every row as many values as the header has"),
            ] {
                try wrong.write(toFile: path, atomically: true, encoding: .utf8)
                let error = try #require(throws: (any Error).self) {
                    _ = try SweepPointList.read(path: path, fields: AnyField.gpu)
                }
                #expect(ErrorReport.message(of: error) == message)
            }
        }
    }

    @Test(
        "A sweep whose points all fail ends with 1 and the first cause; where some fail it says how many",
        .enabled(if: builtCommand != nil))
    func failedPoints() throws {
        try withFolder { folder in
            let words = ["sweep"] + tinyKernel + ["--quiet", "--jobs", "1", "--output", folder + "/s.jsonl"]
            let bad = try shellWeir(words + ["--vary", "l2.capacity=100000B,200001B"])
            #expect(bad.code == 1)
            #expect(
                bad.text.hasPrefix("weir: \(folder)/s.jsonl: all 2 points failed; the first: l2.capacity=100000B: "),
                "\(bad.text)")
            #expect(bad.text.split(separator: "\n").count == 1)
            let again = try shellWeir(words + ["--vary", "l2.capacity=100000B,200001B"])
            #expect(
                again.code == 1 && again.text.hasSuffix("all 2 points failed; --retry-failed runs them again\n"),
                "\(again.text)")
            let some = try shellWeir(words + ["--vary", "l2.capacity=300001B,25MiB"])
            #expect(some.code == 0)
            #expect(
                some.text.hasPrefix("weir: \(folder)/s.jsonl: 1 of 2 points failed; the first: l2.capacity=300001B: "),
                "\(some.text)")
            let good = try shellWeir(words + ["--vary", "l2.capacity=25MiB"])
            #expect(good.code == 0 && good.text == "")
        }
    }

    @Test("A field of the other kind of machine is named as that", .enabled(if: builtCommand != nil))
    func otherMachine() throws {
        let text = try shellWeir(["sweep"] + tinyKernel + ["--vary", "d1.ways=2,4", "--output", "/dev/null"])
        #expect(
            text.code == 64 && text.text.contains("d1.ways is a field of one core behind plain caches"), "\(text.text)")
        #expect(text.text.contains("--machine one-core"))
    }

    @Test("Two processes share a file, and a third continues what killed ones left", .enabled(if: builtCommand != nil))
    func processes() throws {
        try withFolder { folder in
            let words =
                ["sweep"] + tinyKernel + [
                    "--vary", "batch=1..24:24", "--deterministic", "--quiet", "--jobs", "1", "--output",
                ]
            try weir(words + [folder + "/one.jsonl"])
            let expected = try sweepLines(folder + "/one.jsonl").sorted()
            let both = [try spawnWeir(words + [folder + "/two.jsonl"]), try spawnWeir(words + [folder + "/two.jsonl"])]
            for process in both { process.waitUntilExit() }
            #expect(both.map(\.terminationStatus) == [0, 0])
            #expect(try sweepLines(folder + "/two.jsonl").sorted() == expected)

            let path = folder + "/three.jsonl"
            let killed = [try spawnWeir(words + [path]), try spawnWeir(words + [path])]
            while killed.contains(where: \.isRunning),
                try !FileManager.default.fileExists(atPath: path) || sweepLines(path).isEmpty
            { usleep(2000) }
            for process in killed { kill(process.processIdentifier, SIGKILL) }
            for process in killed { process.waitUntilExit() }
            try weir(words + [path])
            #expect(try sweepLines(path).sorted() == expected)
        }
    }
}
