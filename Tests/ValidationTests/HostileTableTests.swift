import Content
import Foundation
import Machine
import TestSupport
import Testing
import Validation

@Suite("Absurd numbers in measured tables and time lines")
struct HostileTableTests {
    private static let header = """
        shape,order,pass,kernel,batch,seqlen,nheads,headdim,ngroups,dstate,chunk,blocks,num_warps,num_stages,grid_x,grid_y,grid_z,\
        threads_per_block,registers_per_thread,shared_bytes_per_block,l1_sectors,l1_hit_pct,cold_duration_ns,chain_duration_ns
        """
    private static let row = "s,0,fwd,ch_cumsum_fwd,1,256,8,64,1,64,128,BLOCK_SIZE_H=8,4,3,1,2,1,128,32,2048,1,50,4000,"

    /// What a table of one row says with `value` in `column`, from reading to the launch's first block; nil where it is
    /// a launch.
    private func refusal(_ column: String, _ value: String, row: String = row) throws -> String? {
        let columns = Self.header.split(separator: ",").map(String.init)
        var fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        fields[try #require(columns.firstIndex(of: column))] = value
        do {
            let table = try ReferenceTable(
                text: Self.header + "\n" + fields.joined(separator: ",") + "\n", name: "t.csv")
            try Validation.check(table: table, machine: try MachineDescription(named: "h200"))
            return nil
        } catch let error as ReferenceError {
            return error.description
        }
    }

    @Test("The made-up row is a launch as it stands")
    func honest() throws { #expect(try refusal("order", "0") == nil) }

    @Test(
        "The measured tables of this project are launches as they stand, every row of them",
        arguments: ["h200_ssd", "h200_holdout", "h200_others", "h200_hypotheses", "h200_glue", "h200_step"])
    func honestTables(name: String) throws {
        try Validation.check(
            table: try ReferenceTable(path: "docs/validation/\(name).csv"),
            machine: try MachineDescription(named: "h200"))
    }

    @Test(
        "Each column has its error with file, line, column, what is there, and what may be there",
        arguments: [
            ("chunk", "2147483648", "t.csv:2: 'chunk' is '2147483648': give a whole number from 1 to 16777216"),
            ("batch", "4294967296", "t.csv:2: 'batch' is '4294967296': give a whole number from 1 to 16777216"),
            ("seqlen", "9e18", "t.csv:2: 'seqlen' is '9e18': give a whole number from 1 to 16777216"),
            ("nheads", "-8", "t.csv:2: 'nheads' is '-8': give a whole number from 1 to 16777216"),
            ("ngroups", "0", "t.csv:2: 'ngroups' is '0': give a whole number from 1 to 16777216"),
            ("dstate", "", "t.csv:2: 'dstate' is empty: give it a value"),
            ("ngroups", "3", "t.csv:2: shape: groups is 3: give a divisor of the 8 heads"),
            ("order", "1e300", "t.csv:2: 'order' is '1e300': give a whole number from 0 to 2147483648"),
            ("order", "nan", "t.csv:2: 'order' is 'nan': give a whole number from 0 to 2147483648"),
            (
                "order", "9223372036854775807",
                "t.csv:2: 'order' is '9223372036854775807': give a whole number from 0 to 2147483648"
            ),
            (
                "grid_x", "9223372036854775807",
                "t.csv:2: 'grid_x' is '9223372036854775807': give a whole number from 1 to 2147483647"
            ),
            ("grid_y", "0", "t.csv:2: 'grid_y' is '0': give a whole number from 1 to 2147483647"),
            ("threads_per_block", "4096", "t.csv:2: 'threads_per_block' is '4096': give a whole number from 1 to 1024"),
            (
                "registers_per_thread", "99999999",
                "t.csv:2: 'registers_per_thread' is '99999999': give a whole number from 1 to 255"
            ),
            (
                "shared_bytes_per_block", "1e3",
                "t.csv:2: 'shared_bytes_per_block' is '1e3': give a whole number from 1 to 1073741824"
            ),
            ("num_stages", "16777217", "t.csv:2: 'num_stages' is '16777217': give a whole number from 1 to 16777216"),
            (
                "blocks", "BLOCK_SIZE_H=99999999999999999999",
                "t.csv:2: tiling \"BLOCK_SIZE_H=99999999999999999999\": cannot read \"BLOCK_SIZE_H=99999999999999999999\": "
                    + "give a whole number from 1 to 1048576 after ="
            ),
            (
                "l1_sectors", "18446744073709551615",
                "t.csv:2: 'l1_sectors' is '18446744073709551615': give a number from 0 to 1e18"
            ),
            ("cold_duration_ns", "inf", "t.csv:2: 'cold_duration_ns' is 'inf': give a number from 0 to 1e18"),
            ("cold_duration_ns", "-1", "t.csv:2: 'cold_duration_ns' is '-1': give a number from 0 to 1e18"),
            ("l1_hit_pct", "0x32", "t.csv:2: 'l1_hit_pct' is '0x32': give a number from 0 to 1e18"),
            ("chain_duration_ns", "n/a", "t.csv:2: 'chain_duration_ns' is 'n/a': give a number from 0 to 1e18"),
        ])
    func columns(column: String, value: String, text: String) throws {
        #expect(try refusal(column, value) == text)
    }

    @Test("Sizes that are legal one by one and overflow together are refused, forward and backward")
    func products() throws {
        for row in [Self.row, Self.row.replacing("fwd,ch_cumsum_fwd", with: "bwd,ch_cumsum_fwd")] {
            for (column, value) in [
                ("batch", "16777216"), ("chunk", "16777216"), ("headdim", "16777216"), ("nheads", "16777216"),
            ] {
                let text = try #require(try refusal(column, value, row: row.replacing(",256,8,", with: ",16777216,8,")))
                #expect(text.hasPrefix("t.csv:2: "), "\(column): \(text)")
            }
        }
    }

    @Test("Random absurd values never trap and never lose their place")
    func random() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        let values = [
            "-1", "0", "1", "2", "3", "7", "64", "1000", "16777216", "2147483647", "2147483648", "4294967296",
            "4611686018427387904",
            "9223372036854775807", "18446744073709551616", "1e300", "1e999", "nan", "-inf", "", " 4", "4.5", "０",
            "\u{7}", "ssd", "BLOCK_SIZE_H=64",
        ]
        let columns = Self.header.split(separator: ",").map(String.init)
        for _ in 0..<300 {
            var fields = Self.row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                fields[Int.random(in: 0..<columns.count, using: &generator)] =
                    values.randomElement(using: &generator) ?? ""
            }
            do {
                let table = try ReferenceTable(text: Self.header + "\n" + fields.joined(separator: ","), name: "t.csv")
                try Validation.check(table: table, machine: try MachineDescription(named: "h200"))
            } catch let error as ReferenceError {
                #expect(
                    error.description.hasPrefix("t.csv:") && !error.description.contains(where: \.isNewline),
                    "seed \(seed)")
            }
        }
    }

    @Test("Broken CSV is named by line")
    func records() throws {
        func text(_ csv: String) -> String {
            do { return "no error: \(try ReferenceTable(text: csv, name: "t.csv").rows.count)" } catch {
                return error.description
            }
        }
        #expect(
            text("a,b\n1,2\n3\n") == "t.csv:3: 1 values for 2 columns: give every row as many values as the header has")
        #expect(text("a,b,a\n") == "t.csv:1: column 'a' stands twice, the second time as column 3: remove one")
        #expect(text("a,b\n1,2\n3,\"4\n5,6\n") == "t.csv:3: a quoted value has no end: close it with '\"'")
        #expect(text("\u{FEFF}a,b\r\n1,\"2\n3\"\r\n") == "no error: 1")
        #expect(text("") == "t.csv:1: no header line: give a CSV whose first line names the columns")
    }

    @Test("A wrong row is named before anything is simulated, wherever it stands in a chain")
    func beforeSimulations() throws {
        let chained = Self.row + "4000"
        let wrong = chained.replacing("s,0,", with: "s,1,").replacing(",128,32,2048,", with: ",256,32,2048,")
        for rows in [
            [chained, wrong], [wrong.replacing("s,1,", with: "s,0,"), chained.replacing("s,0,", with: "s,1,")],
        ] {
            let table = try ReferenceTable(text: ([Self.header] + rows).joined(separator: "\n") + "\n", name: "t.csv")
            let error = #expect(throws: ReferenceError.self) {
                _ = try Validation(table: table, machine: try MachineDescription(named: "h200")) { done, _ in
                    Issue.record("simulation \(done) has ended")
                }
            }
            #expect(error?.line == (rows[0] == chained ? 3 : 2), "\(error?.description ?? "no error")")
        }
    }

    @Test(
        "Time lines",
        arguments: [
            ("1,0,10,20", "t:3: 4 values for 5 columns"), ("1,0,10,20,30,40", "t:3: 6 values for 5 columns"),
            ("-1,0,10,20,30", "t:3: 'block' is '-1': give a whole number from 0 to 2147483648"),
            ("0,4096,10,20,30", "t:3: 'sm' is '4096': give a whole number from 0 to 4095"),
            ("0,0,nan,20,30", "t:3: 'start_ns' is 'nan': give a whole number from 0 to 9007199254740992"),
            ("0,0,10,1e300,30", "t:3: 'end_ns' is '1e300': give a whole number from 0 to 9007199254740992"),
            (
                "0,0,10,20,9223372036854775807",
                "t:3: 'lifetime_cycles' is '9223372036854775807': give a whole number from 0 to"
            ),
            ("0,0,10,,30", "t:3: 'end_ns' is '': give a whole number"),
            (
                "0,0,20,10,30",
                "t:3: 'end_ns' is 10, before the start at 20: give an end that is no earlier than the start"
            ),
        ])
    func timelines(row: String, text: String) throws {
        let error = try #require(throws: ReferenceError.self) {
            try MeasuredTimeline(
                plain: Array("# shape=a\n\(MeasuredTimeline.columns)\n\(row)\n".utf8), file: "a.00.k.csv.gz")
        }
        #expect(error.description.replacing("a.00.k.csv.gz", with: "t").hasPrefix(text))
    }

    @Test(
        "The grid of a time line",
        arguments: ["[0, 1, 1]", "[1, 1]", "[1, 2, 9223372036854775808]", "[-1, 2, 3]", "3", "["])
    func timelineGrids(grid: String) throws {
        let error = try #require(throws: ReferenceError.self) {
            try MeasuredTimeline(
                plain: Array("# grid=\(grid)\n\(MeasuredTimeline.columns)\n0,0,1,2,3\n".utf8), file: "a.00.k.csv.gz")
        }
        #expect(error.line == 1 && error.cause.hasPrefix("the grid is "))
    }

    @Test("A block beyond the grid is named by line, and a grid of more blocks than there are numbers is none")
    func timelineBlocks() throws {
        func timeline(_ grid: String) throws -> MeasuredTimeline {
            try MeasuredTimeline(
                plain: Array("# grid=\(grid)\n\(MeasuredTimeline.columns)\n0,0,1,2,3\n6,0,1,2,3\n".utf8),
                file: "a.00.k.csv.gz")
        }
        #expect(try timeline("[7, 1, 1]").blocks.count == 2)
        #expect(try timeline("[2147483647, 2147483647, 2147483647]").blocks.count == 2)
        let error = try #require(throws: ReferenceError.self) { _ = try timeline("[1, 2, 3]") }
        #expect(error.line == 4 && error.cause == "'block' is 6, and the grid has 6 blocks")
    }

    @Test("A packed line of many empty lines takes no memory for each")
    func emptyLines() throws {
        let head = "# shape=a\n\(MeasuredTimeline.columns)\n0,0,1,2,3\n"
        let timeline = try MeasuredTimeline(
            plain: Array(head.utf8) + Array(repeating: UInt8(ascii: "\n"), count: 1 << 20), file: "a.00.k.csv.gz")
        #expect(timeline.blocks.count == 1)
    }
}
