import ArgumentParser
import Foundation
import TestSupport
import Testing
import Validation
import weir

@Suite("Reports of recorded launches")
struct RecordedReportTests {
    private static let table = """
        name,kind,kernel,grid_x,grid_y,grid_z,threads_per_block,registers_per_thread,shared_bytes_per_block,cold_duration_ns,\
        l1_sectors,l1_hit_pct
        first,gather,hand,1,1,1,128,32,1024,1,40,5
        second,scan,hand,1,1,1,128,64,1024,100000000,32,0
        """

    /// One block with one load of 32 words that lie a line apart: 32 sectors.
    private static var launch: HandMadeLaunch {
        var launch = HandMadeLaunch(blocks: 1, tensors: ["x"])
        launch.add(block: 0, .load, tensor: 0, (0..<32).map { UInt64(1 << 24 + 128 * $0) })
        return launch
    }

    /// What the command writes for the table and the traces of these rows, and its exit code.
    private func output(_ traces: [String], format: String) throws -> (text: String, code: Int32) {
        try withFolder { folder in
            let table = folder + "/t.csv"
            try Self.table.write(toFile: table, atomically: true, encoding: .utf8)
            for name in traces { try writeTrace([Self.launch], to: "\(folder)/\(name).weir") }
            let result = folder + "/result"
            var code: Int32 = 0
            do {
                try weir([
                    "validate", table, "--traces", folder, "--quiet", "--deterministic", "--format", format, "--output",
                    result,
                ])
            } catch let exit as ExitCode {
                code = exit.rawValue
            }
            let text = try String(contentsOfFile: result, encoding: .utf8)
            return (text.replacing(folder, with: "DIR"), code)
        }
    }

    @Test("JSON has launches, kinds and failed rows")
    func json() throws {
        let whole = try output(["first", "second"], format: "json")
        #expect(whole.code == 0)
        let read = try parsed(whole.text)
        let launches = try #require(read["launches"] as? [[String: Any]])
        #expect(launches.map { $0["name"] as? String } == ["first", "second"])
        let predicted = try #require(launches[0]["predicted"] as? [String: Double])
        #expect(predicted["l1_sectors"] == 32 && predicted["registers_per_thread"] == 32)
        #expect(read["far_durations"] as? Int == 2 && read["far_percent"] as? Double == 30)
        let kinds = try #require(read["kinds"] as? [[String: Any]])
        #expect(kinds.map { $0["kind"] as? String } == ["gather", "scan"])
        #expect(kinds.map { $0["far_durations"] as? Int } == [1, 1])
        let summaries = kinds.map { $0["summary"] as? [String: [String: Any]] }
        #expect(summaries.map { $0?["l1_sectors"]?["bias"] as? Double } == [-20, 0])
        #expect(summaries.map { $0?["registers_per_thread"]?["mean_error"] as? Double } == [0, 50])
        #expect((read["failed"] as? [Any])?.isEmpty == true && read["wall_seconds"] is NSNull)
        let part = try output(["second"], format: "json")
        #expect(part.code == 1)
        let failed = try #require(try parsed(part.text)["failed"] as? [[String: String]])
        #expect(failed.map { $0["name"] } == ["first"])
    }

    @Test("Text and CSV show the same, and end with rows that could not be compared")
    func textAndCSV() throws {
        let text = try output(["second"], format: "text")
        #expect(text.code == 1)
        #expect(text.text.contains("Errors over 1 launches") && text.text.contains("\ncolumn "))
        #expect(text.text.contains("scan (1)\n"))
        #expect(text.text.split(separator: "\n").contains { $0.hasPrefix("  far off") && $0.hasSuffix(" 1") })
        #expect(
            text.text.split(separator: "\n").contains {
                $0.hasPrefix("registers_per_thread") && $0.hasSuffix("50.0 / 50.0 / -50.0")
            })
        let line =
            "DIR/t.csv:2: there is no trace DIR/first.weir: "
            + "record it with Scripts/record_triton.py --output DIR/first.weir --kernel hand SCRIPT"
        // Lines of text are broken at spaces.
        func words(_ text: String) -> String { text.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
        #expect(words(text.text).hasSuffix(words("1 of 2 rows could not be compared: \(line)")))
        let csv = try output(["second"], format: "csv").text.split(separator: "\n")
        #expect(csv[0] == "name,kind,kernel,column,measured,predicted,error,failure")
        #expect(csv.contains("second,scan,hand,l1_sectors,32,32,0,"))
        #expect(csv.contains("second,scan,hand,registers_per_thread,64,32,-50,"))
        #expect(csv.last?.hasPrefix("first,gather,hand,,,,,") == true && csv.last?.contains(line) == true)
        let none = try output([], format: "text")
        #expect(none.code == 1 && none.text.contains("2 of 2 rows could not be compared"))
    }

    @Test("A table and --traces that do not go together are refused in one line")
    func refusals() throws {
        try withFolder { folder in
            let (recorded, generated) = (folder + "/t.csv", folder + "/g.csv")
            try Self.table.write(toFile: recorded, atomically: true, encoding: .utf8)
            try "shape,kernel\nx,ch_cumsum_fwd\n".write(toFile: generated, atomically: true, encoding: .utf8)
            let empty = folder + "/e.csv"
            try "name,kind,kernel\n".write(toFile: empty, atomically: true, encoding: .utf8)
            let cases: [(words: [String], code: Int32, message: String)] = [
                (
                    [recorded], 64,
                    "\(recorded): its rows are recorded launches, which need their traces; "
                        + "give --traces DIR, where DIR/NAME.weir is the trace of a row's name"
                ),
                (
                    [generated, "--traces", folder], 64,
                    "--traces \(folder): the launches of \(generated) are generated, not recorded; leave --traces out"
                ),
                (
                    [recorded, "--traces", recorded], 1,
                    "--traces \(recorded): there is no such folder; give the one that has the traces"
                ),
                (
                    [recorded, "--traces", folder, "--kernel", "hands"], 64,
                    "--kernel hands: no row of \(recorded) has this kernel; give one of hand"
                ),
                (
                    [empty, "--traces", folder], 1,
                    "\(empty): the table has no row; give a table such as h200_triton_dev.csv"
                ),
            ]
            for (words, code, message) in cases {
                let error = try #require(throws: MeasurementError.self) { try weir(["validate", "--quiet"] + words) }
                #expect(ErrorReport.exitCode(of: error) == code)
                #expect(ErrorReport.message(of: error) == message)
            }
        }
    }

    @Test("An output that would replace a trace is refused")
    func output() throws {
        try withFolder { folder in
            let table = folder + "/t.csv"
            try Self.table.write(toFile: table, atomically: true, encoding: .utf8)
            let trace = folder + "/first.weir"
            try writeTrace([Self.launch], to: trace)
            let error = try #require(throws: OutputError.self) {
                try weir(["validate", table, "--traces", folder, "--quiet", "--output", trace])
            }
            #expect(error == .isInput(output: "--output \(trace)", input: trace))
        }
    }
}
