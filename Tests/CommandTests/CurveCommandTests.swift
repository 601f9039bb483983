import Foundation
import Analysis
import Machine
import Runs
import TestSupport
import Testing
import weir

@Suite("weir curve")
struct CurveCommandTests {
    private func run(_ words: [String]) throws {
        var command = try Weir.parseAsRoot(words)
        try command.run()
    }

    private let workload = ["ch_cumsum_fwd", "state_pass_fwd", "--sequence-length", "256", "--heads", "8"]

    @Test("Kernels and their trace give equal bytes in all formats; CSV, JSON and text agree")
    func formats() throws {
        try withFolder { folder in
            try run(["generate"] + workload + ["--quiet", "--output", folder + "/t.weir"])
            for options in [
                ["--fully-associative", "--cache", "chained"], ["--sets", "8,64", "--ways", "4"],
                ["--ways", "4", "--level", "l1"], [],
            ] {
                var texts: [String: String] = [:]
                for format in ["text", "json", "csv"] {
                    let common = options + ["--quiet", "--deterministic", "--format", format, "--output"]
                    try run(["curve"] + workload + common + [folder + "/a"])
                    try run(["curve", "--trace", folder + "/t.weir"] + common + [folder + "/b"])
                    texts[format] = try String(contentsOfFile: folder + "/a", encoding: .utf8)
                    #expect(try texts[format] == String(contentsOfFile: folder + "/b", encoding: .utf8))
                }
                let result = try parsed(texts["json"]!)
                let launches = try #require(result["launches"] as? [[String: Any]])
                #expect(launches.map { $0["kernel"] as? String } == ["ch_cumsum_fwd", "state_pass_fwd"])
                let rows = texts["csv"]!.split(separator: "\n").map {
                    $0.split(separator: ",", omittingEmptySubsequences: false)
                }
                let names = "level,launch,kernel,tensor,access,sets,ways,capacity_bytes,accesses,misses,miss_ratio"
                #expect(rows[0].joined(separator: ",").hasPrefix(names))
                for (order, launch) in launches.enumerated() {
                    let misses = try #require(launch["misses"] as? [UInt64])
                    let capacities = try #require(launch["capacity_bytes"] as? [UInt64])
                    let own = rows.filter { $0[1] == String(order) && $0[3] == "all" && $0[4] == "all" }
                    #expect(own.map { UInt64($0[9]) } == misses && own.map { UInt64($0[7]) } == capacities)
                    let tensors = try #require(launch["tensors"] as? [[String: Any]])
                        .map { $0["misses"] as? [UInt64] ?? [] }
                    let kinds = try ["reads", "writes"].map {
                        try #require((launch[$0] as? [String: Any])?["misses"] as? [UInt64])
                    }
                    for point in misses.indices { #expect(kinds[0][point] + kinds[1][point] == misses[point]) }
                    for point in misses.indices { #expect(tensors.reduce(0) { $0 + $1[point] } == misses[point]) }
                }
                #expect(result["wall_seconds"] is NSNull && texts["text"]!.contains("Miss ratios by capacity"))
            }
        }
    }

    @Test("Sampled and complete curves have the columns of the others")
    func samples() throws {
        try withFolder { folder in
            let common = ["--quiet", "--format", "csv", "--output", folder + "/a"]
            try run(["curve"] + workload + ["--sample", "0.5", "--seed", "7"] + common)
            let sampled = try String(contentsOfFile: folder + "/a", encoding: .utf8).split(separator: "\n")
            let rows = sampled.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            #expect(rows[0].suffix(2) == ["standard_error", "sample"] && rows.count > 10)
            for row in rows.dropFirst() {
                let error = Double(row[12])
                #expect(row.count == 14 && (row[13] == "ok") == (error != nil), "\(row)")
                #expect(row[13] == "ok" && error! > 0 || ["too small", "no accesses"].contains(row[13]), "\(row)")
            }
            #expect(rows.contains { $0[13] == "ok" } && rows.contains { $0[13] == "too small" })
            try run(["curve"] + workload + ["--every"] + common)
            let every = try String(contentsOfFile: folder + "/a", encoding: .utf8).split(separator: "\n")
            #expect(every.count > 3 && every.dropFirst().allSatisfy { $0.hasSuffix(",") })
        }
    }

    @Test("A sample that took no line says so in text, JSON, CSV and chart, and claims neither misses nor errors")
    func emptySample() throws {
        try withFolder { folder in
            let command =
                ["curve"] + workload + ["--sample", "0.0000001", "--capacities", "1KiB,1MiB", "--quiet", "--output"]
            try run(command + [folder + "/t", "--chart", folder + "/m"])
            let text = try String(contentsOfFile: folder + "/t", encoding: .utf8)
            #expect(text.contains("ch_cumsum_fwd: the sample is too small: it took none of the lines"), "\(text)")
            #expect(!text.contains("±") && !text.contains("0.00 %"), "\(text)")
            try run(command + [folder + "/j", "--format", "json"])
            let launch = try #require(
                (try parsed(String(contentsOfFile: folder + "/j", encoding: .utf8))["launches"] as? [[String: Any]])?
                    .first)
            for key in ["misses", "miss_ratio", "standard_error"] {
                #expect((launch[key] as? [Any])?.map { $0 is NSNull } == [true, true], "\(key)")
            }
            #expect(launch["sample_is_too_small"] as? Bool == true && launch["footprint_bytes"] is NSNull)
            try run(command + [folder + "/c", "--format", "csv"])
            let rows = try String(contentsOfFile: folder + "/c", encoding: .utf8).split(separator: "\n").dropFirst()
            #expect(rows.allSatisfy { $0.hasSuffix(",,,,,too small") || $0.hasSuffix("no accesses") } && rows.count > 4)
            let chart = try String(contentsOfFile: folder + "/m", encoding: .utf8)
            #expect(
                chart.contains("the sample is too small for an error") && chart.contains("\"miss_pct\": null"),
                "\(chart.prefix(600))")
        }
    }

    @Test("Charts have a row for each capacity of each launch or tensor, the miss ratio between its bounds")
    func charts() throws {
        try withFolder { folder in
            for options in [["--fully-associative"], ["--sample", "0.5"], ["--sets", "4,8", "--ways", "3"]] {
                let files = ["--chart", folder + "/m", "--chart", "tensors=\(folder)/t", "--output", folder + "/r"]
                try run(["curve"] + workload + options + files + ["--quiet", "--format", "json"])
                let result = try parsed(String(contentsOfFile: folder + "/r", encoding: .utf8))
                let launches = try #require(result["launches"] as? [[String: Any]])
                for file in ["/m", "/t"] {
                    let chart = try parsed(String(contentsOfFile: folder + file, encoding: .utf8))
                    let rows = try #require((chart["data"] as? [String: Any])?["values"] as? [[String: Any]])
                    let expected = launches.reduce(0) { sum, launch in
                        let points = (launch["capacity_bytes"] as? [Any])?.count ?? 0
                        return sum + points * (file == "/m" ? 1 : (launch["tensors"] as? [Any])?.count ?? 0)
                    }
                    #expect(rows.count == expected && !rows.isEmpty)
                    for row in rows {
                        let bounds = ["low_pct", "miss_pct", "high_pct"].compactMap { row[$0] as? Double }
                        #expect(bounds == bounds.sorted())
                        // A sample that is too small has no band, one that took nothing no line either.
                        let misses = row["miss_pct"] is NSNull ? 0 : 1
                        #expect(
                            bounds.count == 3
                                || options[0] == "--sample" && bounds.count == misses && row["low_pct"] is NSNull)
                    }
                    let subtitle = ((chart["title"] as? [String: Any])?["subtitle"] as? String) ?? ""
                    let lacksBand = rows.contains { $0["low_pct"] is NSNull }
                    #expect(!lacksBand || subtitle.contains("the sample is too small"))
                }
            }
        }
    }

    @Test("What does not go together is refused as wrong usage")
    func refusals() throws {
        for (options, what) in [
            (["--line", "256"], "--line 256"), (["--granularity", "line", "--line", "96"], "--line 96"),
            (["--sample", "1"], "--sample 1"), (["--sample", "0.1", "--sets", "4"], "--sample"),
            (["--every", "--sets", "4", "--format", "json"], "--capacities, --every"),
            (["--behind-l1", "--level", "l1"], "--behind-l1"),
            (["--cache", "chained", "--level", "l1"], "--cache chained"),
            (["--sets", "4,1000000000"], "sets 4,1000000000 of 64 ways"),
        ] {
            let error = try #require(throws: AnalysisError.self, "\(options)") {
                try run(["curve", "ch_cumsum_fwd", "--quiet"] + options)
            }
            #expect(error.description.hasPrefix(what), "\(error)")
            #expect(ErrorReport.exitCode(of: error) == 64)
        }
        for options in [
            [], ["--every"], ["ch_cumsum_fwd", "--trace", "a.weir"],
            ["ch_cumsum_fwd", "--fully-associative", "--ways", "2"],
            ["ch_cumsum_fwd", "--every", "--format", "csv", "--capacities", "1KiB"], ["ch_cumsum_fwd", "--ways", "0"],
            ["--trace", "-", "-"],
        ] {
            #expect(throws: (any Error).self, "\(options)") { try Weir.parseAsRoot(["curve"] + options) }
        }
        for options in [["--sets", "four"], ["--capacities", "12 lines"], ["--capacities", "1KiB,,2KiB"]] {
            #expect(throws: (any Error).self, "\(options)") {
                try run(["curve", "ch_cumsum_fwd", "--quiet"] + options)
            }
        }
        let tooLarge = ["curve", "ch_scan_fwd", "--set", "sm.sharedPerBlock=1KiB", "--quiet"]
        let error = try #require(throws: RunError.self) { try run(tooLarge) }
        #expect(error.description.hasPrefix("launch 0 (ch_scan_fwd)"), "\(error)")
    }
}
