import Foundation
import Machine
import Report
import Simulator
import TestSupport
import Testing
import Trace
import weir

@Suite("Plain caches from the command line")
struct PlainCommandTests {
    private func run(_ words: [String]) throws {
        var command = try Weir.parseAsRoot(words)
        try command.run()
    }

    private let workload = [
        "ch_cumsum_fwd", "state_pass_fwd", "--sequence-length", "256", "--heads", "8", "--quiet", "--deterministic",
    ]

    @Test("run, and generate then replay, give equal results in all formats, with every counter by name")
    func formats() throws {
        try withFolder { folder in
            try run(["generate"] + workload.dropLast() + ["--sm-count", "1", "--output", folder + "/t.weir"])
            for format in ["text", "json", "csv"] {
                for mode in ["cold", "chained"] {
                    let common = [
                        "--machine", "one-core", "--set", "ll.capacity=64KiB", "--format", format, "--cache", mode,
                        "--output",
                    ]
                    try run(["run"] + workload + common + [folder + "/a"])
                    try run(["replay", folder + "/t.weir", "--quiet", "--deterministic"] + common + [folder + "/b"])
                    let text = try String(contentsOfFile: folder + "/a", encoding: .utf8)
                    #expect(try text == String(contentsOfFile: folder + "/b", encoding: .utf8))
                    if format == "csv" {
                        #expect(text.split(separator: "\n").count == 3 && text.hasPrefix("order,kernel,grid_x"))
                    }
                    if format == "text" {
                        #expect(text.contains("ll.capacity 64KiB, the preset has 8MiB") && text.contains("total"))
                    }
                    guard format == "json" else { continue }
                    let result = try parsed(text)
                    let launches = try #require(result["launches"] as? [[String: Any]])
                    let predicted = try launches.map { try #require($0["predicted"] as? [String: UInt64]) }
                    let totals = try #require(result["totals"] as? [String: UInt64])
                    #expect(launches.map { $0["kernel"] as? String } == ["ch_cumsum_fwd", "state_pass_fwd"])
                    for row in PlainCounterTable.rows {
                        #expect(totals[row.name] == predicted.reduce(0) { $0 + ($1[row.name] ?? 0) })
                    }
                    #expect(
                        totals["accesses"]! == totals["d1_reads"]! + totals["d1_writes"]!
                            && totals["ll_read_misses"]! > 0)
                    #expect(result["sector_requests"] as? UInt64 == totals["sectors"])
                    #expect(result["wall_seconds"] is NSNull && result["peak_memory_bytes"] is NSNull)
                }
            }
        }
    }

    @Test(
        "A din trace replays with Dinero IV's meanings: a store of a whole line fetches nothing, label 3 has columns of its own"
    )
    func dinero() throws {
        try withFolder { folder in
            try "w 0 8\nm 40 4\nm 40 4\n".write(toFile: folder + "/t.din", atomically: true, encoding: .utf8)
            try run(["import", "din", folder + "/t.din", "--output", folder + "/t.weir", "--quiet", "--strict"])
            let replay = [
                "replay", folder + "/t.weir", "--quiet", "--deterministic", "--machine", "one-core", "--set",
                "d1.line=8B", "--set",
                "d1.writesAreAccesses=true", "--set", "core.straddle=each", "--set", "core.flushAtEnd=true", "--set",
                "ll.line=8B", "--output",
                folder + "/out", "--format",
            ]
            try run(replay + ["json"])
            let totals = try #require(
                parsed(String(contentsOfFile: folder + "/out", encoding: .utf8))["totals"] as? [String: UInt64])
            // Eight bytes come for the access of unknown type, none for the store; the flush writes the store's.
            #expect(
                totals["memory_read_bytes"] == 8 && totals["d1_read_bytes"] == 8 && totals["memory_write_bytes"] == 8)
            #expect(
                totals["d1_misc"] == 2 && totals["d1_misc_misses"] == 1 && totals["d1_write_misses"] == 1
                    && totals["d1_reads"] == 0)
            try run(replay + ["text"])
            #expect(
                try String(contentsOfFile: folder + "/out", encoding: .utf8).contains("write-backs  unknown  misses"))
        }
    }

    @Test("What means nothing to plain caches is refused as wrong usage, in one line")
    func refusals() throws {
        for (words, what) in [
            (["run", "ch_cumsum_fwd", "--machine", "one-core", "--samples"], "--samples"),
            (["run", "ch_cumsum_fwd", "--machine", "one-core", "--timeline", "/nowhere/t.json"], "--timeline"),
            (["microbenchmarks", "--machine", "one-core"], "this command"),
        ] {
            let error = try #require(throws: MachineError.self) { try run(words) }
            #expect(error.description.hasPrefix("\(what) needs a GPU"), "\(error)")
            #expect(ErrorReport.exitCode(of: error) == 64)
        }
    }

    @Test("machines lists the preset, prints it as a file that a command takes, and has it in JSON")
    func machines() throws {
        try withFolder { folder in
            try run(["machines", "one-core", "--set", "d1.ways=4", "--output", folder + "/m.yaml"])
            guard case .plain(let machine) = try AnyMachine(named: folder + "/m.yaml") else {
                Issue.record("this is no GPU")
                return
            }
            #expect(machine.settings.d1.ways == 4)
            try run(["machines", "--format", "json", "--output", folder + "/all.json"])
            let all = try parsed(try String(contentsOfFile: folder + "/all.json", encoding: .utf8))
            let presets = (all["machines"] as? [[String: Any]])?.compactMap { $0["preset"] as? String }
            #expect(presets == ["h200", "h100-sxm", "one-core"])
            #expect(try MachineList.text().contains("one-core"))
        }
    }
}
