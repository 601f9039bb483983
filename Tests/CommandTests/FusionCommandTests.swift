import Content
import Foundation
import Fusion
import Kernels
import Machine
import Report
import Simulator
import TestSupport
import Testing
import Trace
import weir

@Suite("weir fuse")
struct FusionCommandTests {
    /// A call whose launches simulate in a fraction of a second.
    private static let sizes = [
        "--sequence-length", "256", "--heads", "4", "--groups", "2", "--head-dim", "64", "--state-dim", "64",
        "--chunk-size",
        "128",
    ]

    private func output(_ words: [String], name: String = "out") throws -> String {
        try withFolder { folder in
            var command = try Weir.parseAsRoot(["fuse"] + words + ["--quiet", "--output", "\(folder)/\(name)"])
            try command.run()
            return try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        }
    }

    private func message(_ words: String...) throws -> String {
        let error = try #require(throws: (any Error).self) {
            var command = try Weir.parseAsRoot(["fuse"] + words)
            try command.run()
        }
        return ErrorReport.message(of: error) ?? Weir.message(for: error)
    }

    private static let variants = [
        ["bmm_ch_fwd", "ch_scan_fwd", "--variant", "ordered"], ["bmm_ch_fwd", "ch_scan_fwd", "--variant", "recompute"],
        ["state_pass_fwd", "ch_scan_fwd", "--variant", "ordered", "--lag", "5"],
        ["bmm_ch_fwd", "ch_scan_fwd", "--variant", "keep", "--kept-bytes", "40000"],
        ["ch_scan_fwd", "--variant", "reordered", "--order", "head-fastest"],
        ["ch_scan_fwd", "--variant", "reordered", "--order", "swizzled", "--group-rows", "2"],
        ["ch_state_fwd", "--variant", "persistent", "--blocks-per-sm", "1", "--assignment", "ticket"],
        [
            "ch_scan_fwd", "--variant", "persistent", "--blocks-per-sm", "1", "--assignment", "rotated", "--order",
            "chunk-fastest",
        ],
    ]

    @Test("Equal bytes on one thread and on two", arguments: variants)
    func deterministic(words: [String]) throws {
        let outputs = try [1, 2].map { threads in
            try output(words + Self.sizes + ["--format", "json", "--deterministic", "--threads", "\(threads)"])
        }
        #expect(outputs[0] == outputs[1])
    }

    @Test("Text and CSV show both sides, and the chart puts them side by side")
    func formats() throws {
        try withFolder { folder in
            let words = Self.variants[0] + Self.sizes + ["--deterministic", "--chart", folder + "/c.vl.json"]
            let text = try output(words)
            for part in ["baseline", "variant", "intermediate that never reached HBM", "flags, a line each", "times "] {
                #expect(text.contains(part), "\(part)")
            }
            let rows = try ReferenceTable(text: output(words + ["--format", "csv"]), name: "made").rows
            #expect(rows.compactMap { $0.text("side") } == ["baseline", "baseline", "baseline", "variant", "variant"])
            #expect(rows[2].text("kernel") == "total")
            let sectors = try rows.map { try $0.requiredNumber("l1_sectors") }
            #expect(sectors[2] == sectors[0] + sectors[1])
            let chart = try parsed(String(contentsOfFile: folder + "/c.vl.json", encoding: .utf8))
            let values = try #require((chart["data"] as? [String: Any])?["values"] as? [[String: Any]])
            #expect(Set(values.compactMap { $0["side"] as? String }) == ["baseline", "variant"])
        }
    }

    @Test(
        "A written variant replayed counts what the variant counts",
        arguments: variants.filter { !$0.contains("ticket") })
    func written(words: [String]) throws {
        try withFolder { folder in
            let json = try parsed(
                output(
                    words + Self.sizes + ["--format", "json", "--deterministic", "--output-trace", folder + "/v.weir"]))
            let launches = try #require(json["launches"] as? [[String: Any]])
            let variant = try #require(
                launches.last { $0["side"] as? String == "variant" }?["predicted"] as? [String: Any])
            var replay = try Weir.parseAsRoot([
                "replay", folder + "/v.weir", "--quiet", "--deterministic", "--cache", "chained", "--format", "json",
                "--output",
                folder + "/r.json",
            ])
            try replay.run()
            let read = try parsed(String(contentsOfFile: folder + "/r.json", encoding: .utf8))
            let replayed = try #require((read["launches"] as? [[String: Any]])?[0]["predicted"] as? [String: Any])
            #expect(variant.keys.sorted() == replayed.keys.sorted() && variant.count > 50)
            // Between parts a block goes on at the end of a window, so times may differ a little where a block has
            // many; what its SM is asked for does not.
            for (name, value) in variant {
                let (direct, again) = (try #require(value as? Double), try #require(replayed[name] as? Double))
                let isOfSM =
                    name.hasPrefix("l1_") || name.hasSuffix("_warp_inst") || name == "warp_instructions"
                    || name == "tensor_ops"
                let isEqual = isOfSM || !words.contains("keep")
                #expect(
                    isEqual ? direct == again : abs(direct - again) <= 0.02 * again, "\(name): \(direct) and \(again)")
            }
        }
    }

    @Test("From traces as from generators")
    func traces() throws {
        try withFolder { folder in
            for kernel in ["bmm_ch_fwd", "ch_scan_fwd"] {
                var generate = try Weir.parseAsRoot(
                    ["generate", kernel] + Self.sizes + ["--quiet", "--output", "\(folder)/\(kernel).weir"])
                try generate.run()
            }
            for variant in ["ordered", "recompute"] {
                let generated = try output(
                    ["bmm_ch_fwd", "ch_scan_fwd", "--variant", variant, "--format", "json", "--deterministic"]
                        + Self.sizes)
                let read = try output([
                    "\(folder)/bmm_ch_fwd.weir", "\(folder)/ch_scan_fwd.weir", "--variant", variant, "--format", "json",
                    "--deterministic",
                ])
                #expect(read == generated)
            }
        }
    }

    @Test("Blocks of a trace in any order are those of its generator")
    func anyOrder() throws {
        try withFolder { folder in
            var generate = try Weir.parseAsRoot(
                ["generate", "ch_scan_fwd"] + Self.sizes + ["--quiet", "--output", folder + "/t.weir"])
            try generate.run()
            let reader = try TraceFileReader(path: folder + "/t.weir")
            var spread = try SpreadLaunch(reader, launch: 0)
            var plain = try reader.source(launch: 0)
            var generator = SeededGenerator(seed: SeededGenerator.printedSeed("anyOrder"))
            var (found, expected) = (BlockProgram(), BlockProgram())
            for block in (0..<spread.launch.grid.blockCount).shuffled(using: &generator) {
                try spread.loadProgram(ofBlock: block, into: &found)
                try plain.loadProgram(ofBlock: block, into: &expected)
                #expect(found == expected)
            }
        }
    }

    @Test("JSON has both sides with the columns of run, and a verdict whose changes are the difference of the times")
    func json() throws {
        let json = try parsed(
            output(
                ["bmm_ch_fwd", "ch_scan_fwd", "--variant", "recompute", "--format", "json", "--deterministic"]
                    + Self.sizes))
        let launches = try #require(json["launches"] as? [[String: Any]])
        #expect(launches.map { $0["side"] as? String } == ["baseline", "baseline", "variant"])
        let totals = try #require(json["totals"] as? [[String: Any]])
        let columns = try totals.map { try #require($0["predicted"] as? [String: Double]) }
        #expect(columns[0].keys.sorted() == columns[1].keys.sorted() && columns[0]["chain_dram_read_bytes"] != nil)
        let parts = try launches.prefix(2).map { try #require($0["predicted"] as? [String: Double]) }
        #expect(columns[0]["l1_sectors"] == parts.reduce(0) { $0 + ($1["l1_sectors"] ?? 0) })
        let hits =
            parts.reduce(0) { $0 + ($1["chain_l2_hit_sectors"] ?? 0) }
            / parts.reduce(0) { $0 + ($1["chain_l2_sectors"] ?? 0) }
        #expect(abs((columns[0]["chain_l2_hit_pct"] ?? 0) - 100 * hits) < 1e-9)
        let verdict = try #require(json["verdict"] as? [String: Any])
        let changes = try #require(verdict["changes_ns"] as? [String: Double])
        let difference = (columns[1]["chain_duration_ns"] ?? 0) - (columns[0]["chain_duration_ns"] ?? 0)
        #expect(abs(changes.values.reduce(0, +) - difference) < 1e-6 * abs(difference))
        #expect(verdict["holds"] as? Bool == (difference < 0))
        let sentence = try #require(verdict["sentence"] as? String)
        #expect(sentence.hasPrefix(difference < 0 ? "Holds: " : "Does not hold: ") && sentence.hasSuffix("."))
        let intermediate = try #require((json["intermediate"] as? [String: Any])?["baseline"] as? [String: Any])
        // Of each chunk and group a square of 128 x 128 words.
        #expect(intermediate["stored_bytes"] as? Int == 2 * 2 * 128 * 128 * 4)
        let summary = try #require(totals[1]["summary"] as? [String: Double])
        #expect(summary["intermediate_dram_write_bytes"] == 0 && summary["intermediate_dram_read_bytes"] == 0)
    }

    @Test("Bytes at the L2 are sectors of the machine's own length", arguments: [32, 64])
    func sectorLength(bytes: Int) throws {
        let json = try parsed(
            output(
                [
                    "ch_scan_fwd", "--variant", "reordered", "--order", "zyx", "--set", "l1.sector=\(bytes)", "--set",
                    "l2.sector=\(bytes)", "--format", "json", "--deterministic",
                ] + Self.sizes))
        let total = try #require((json["totals"] as? [[String: Any]])?.first)
        let summary = try #require(total["summary"] as? [String: Double])
        let columns = try #require(total["predicted"] as? [String: Double])
        let sectors = try #require(columns["chain_l2_tex_sectors"])
        #expect(sectors > 0 && summary["l2_tex_bytes"] == sectors * Double(bytes))
    }

    @Test("The public fused kernel beside the five launches")
    func fusedForward() throws {
        let json = try parsed(
            output(["ssd-forward", "--variant", "ssd_fused", "--format", "json", "--deterministic"] + Self.sizes))
        let launches = try #require(json["launches"] as? [[String: Any]])
        #expect(launches.count { $0["side"] as? String == "baseline" } == 5)
        #expect(launches.contains { $0["side"] as? String == "variant" && $0["kernel"] as? String == "ssd_fused" })
        let sides = try #require(json["intermediate"] as? [String: [String: Any]])
        let names = try #require(sides["baseline"]?["tensors"] as? [[String: Any]]).compactMap { $0["name"] as? String }
        // Each tensor once, by its name in the launch that reads it first.
        #expect(Set(names).isSuperset(of: ["states", "cb"]) && !names.contains("out") && !names.contains("x"))
        #expect(try message("ch_scan_fwd", "--variant", "ssd_fused").contains("compares ssd-forward"))
    }

    @Test("What is wrong is said in one line")
    func messages() throws {
        let small = Self.sizes.joined(separator: " ").split(separator: " ").map(String.init)
        func error(_ words: [String]) throws -> String {
            let error = try #require(throws: (any Error).self) {
                var command = try Weir.parseAsRoot(["fuse"] + words + small + ["--quiet"])
                try command.run()
            }
            #expect(ErrorReport.message(of: error)?.contains("\n") != true)
            return ErrorReport.message(of: error) ?? Weir.message(for: error)
        }
        #expect(
            try error(["ch_scan_fwd", "bmm_ch_fwd", "--variant", "ordered"]).contains(
                "reads nothing that ch_scan_fwd writes"))
        #expect(try error(["ch_scan_fwd", "--variant", "ordered"]).contains("two launches, producer and consumer"))
        #expect(
            try error(["ch_scan_fwd", "bmm_ch_fwd", "--variant", "reordered", "--order", "linear"]).contains(
                "takes one launch"))
        #expect(try error(["ch_scan_fwd", "--variant", "reordered", "--order", "diagonal"]).contains("head-fastest"))
        #expect(try error(["ch_scan_fwd", "--variant", "reordered", "--order", "zyy"]).contains("such as zyx"))
        #expect(
            try error(["bmm_ch_fwd", "--variant", "reordered", "--order", "head-fastest"]).contains("has no such axis"))
        #expect(try error(["ch_scan_fwd", "--variant", "reordered"]).contains("give --order"))
        #expect(try error(["ch_scan_fwd", "--variant", "persistent"]).contains("--blocks-per-sm"))
        #expect(
            try error(["bmm_ch_fwd", "ch_scan_fwd", "--variant", "ordered", "--assignment", "ticket"]).contains(
                "changes nothing")
        )
        #expect(
            try error(["bmm_ch_fwd", "ch_scan_fwd", "--variant", "keep", "--kept-bytes", "400000"])
                .contains("bytes of shared memory, 400000 of them"))
        #expect(
            try error(["ch_scan_fwd", "--variant", "persistent", "--blocks-per-sm", "1", "--registers", "600"])
                .contains(
                    "does not fit"))
        try withFolder { folder in
            let path = folder + "/t.weir"
            let text = try error([
                "ch_scan_fwd", "--variant", "persistent", "--blocks-per-sm", "1", "--assignment", "ticket",
                "--output-trace",
                path,
            ])
            #expect(text.contains("there is no trace of it") && !FileManager.default.fileExists(atPath: path))
        }
        #expect(try message("a.weir", "ch_scan_fwd", "--variant", "ordered").contains("traces alone or kernels alone"))
    }
}
