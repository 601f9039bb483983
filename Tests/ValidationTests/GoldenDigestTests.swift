import Foundation
import Testing
import Validation

@Suite struct GoldenDigestTests {
    private static let folder = Bundle.module.resourceURL!.appendingPathComponent("Golden")

    private static var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".csv.gz") }.sorted()
    }

    private static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    @Test func `The selection covers every kernel with a source in Triton, the gated norm and SwiGLU`() {
        #expect(Self.files.count == 129)
        #expect(Self.files.filter { $0.contains("state_pass_fwd") }.count == 12)
        #expect(Self.files.filter { $0.contains("ln_gated") || $0.contains("swiglu") }.count == 8)
    }

    @Test(arguments: files) func `The generator agrees with the recorded launch`(_ name: String) throws {
        let report = try GoldenCheck.check(path: Self.path(name))
        #expect(report.differences == [])
        #expect(report.agrees && report.rowCount > 0)
    }

    private static let header = """
        #{"kernel": "ch_cumsum_fwd", "params": {"batch": 1, "seqlen": 16, "nheads": 2, "headdim": 64, "ngroups": 1, \
        "dstate": 16, "chunk_size": 16, "dtype": "bf16", "dt_dtype": "bf16", "phase": "fwd"}, \
        "block_config": {"BLOCK_SIZE_H": 2}, "num_warps": 4, "num_stages": 3, "grid": [1, 1, 1], \
        "allocs": [{"index": 0, "args": ["dt_ptr"], "nbytes": 64}, {"index": 1, "args": ["A_ptr"], "nbytes": 8}, \
        {"index": 2, "args": ["dt_out_ptr"], "nbytes": 128}, {"index": 3, "args": ["dA_cumsum_ptr"], "nbytes": 128}], \
        "tensors": [], "dt_max": Infinity, "totals": {"load": {"ops": 2, "elements": 34, "bytes": 72, "sectors": 3}, \
        "store": {"ops": 2, "elements": 64, "bytes": 256, "sectors": 8}}}
        """
    // splitmix64 of sectors {0, 1}, {0} and {0, ..., 3}.
    private static let rows = [
        "0,0,0,0,L,0,2,32,0,63,2,732ad62604202a70", "0,0,0,1,S,2,4,32,0,127,4,278e20e8fbb9112b",
        "0,0,0,2,L,1,4,2,0,7,1,e220a8397b1dcdaf", "0,0,0,3,S,3,4,32,0,127,4,278e20e8fbb9112b",
    ]

    private func check(_ rows: [String], header: String = header) throws -> GoldenReport {
        try GoldenCheck.check(plain: Array(([header] + rows).joined(separator: "\n").utf8 + [10]), file: "small.csv.gz")
    }

    @Test func `A hand-computed launch agrees`() throws {
        let report = try check(Self.rows)
        #expect(report.differences == [])
        #expect(report.rowCount == 4)
    }

    @Test func `A changed column is reported with its line and both values`() throws {
        var rows = Self.rows
        rows[1] = "0,0,0,1,S,2,4,32,0,127,5,278e20e8fbb9112b"
        let report = try check(rows)
        #expect(report.differences == ["line 3: block (0, 0, 0) op 1: nsec 4, not 5"])
    }

    @Test func `Missing and surplus rows are differences`() throws {
        #expect(
            try check(Array(Self.rows.prefix(3))).differences == [
                "the digest lacks 1 operations from block (0, 0, 0) op 3 on"
            ])
        let surplus = try check(Self.rows + ["0,0,0,4,S,3,4,32,0,127,4,278e20e8fbb9112b"])
        #expect(surplus.differenceCount == 1)
        let dropped = try check([Self.rows[0], Self.rows[2], Self.rows[3]])
        #expect(dropped.differenceCount >= 1 && dropped.differenceCount <= 2)
    }

    @Test func `A wrong grid and wrong totals are differences`() throws {
        let grid = Self.header.replacingOccurrences(of: "\"grid\": [1, 1, 1]", with: "\"grid\": [1, 2, 1]")
        #expect(try check(Self.rows, header: grid).differences == ["grid [1, 1, 1], not [1, 2, 1]"])
        let totals = Self.header.replacingOccurrences(of: "\"elements\": 34", with: "\"elements\": 35")
        #expect(try check(Self.rows, header: totals).differenceCount == 1)
    }

    @Test func `Malformed digests give one error with file and line`() throws {
        #expect(throws: GoldenError.malformedRow(file: "small.csv.gz", line: 3, reason: "it has 2 columns, not 12")) {
            try check([Self.rows[0], "0,0"])
        }
        #expect(
            throws: GoldenError.malformedRow(file: "small.csv.gz", line: 2, reason: "n is \"many\", not a whole number")
        ) {
            try check(["0,0,0,0,L,0,2,many,0,63,2,732ad62604202a70"])
        }
        #expect(throws: GoldenError.self) { try check(Self.rows, header: "kernel") }
        #expect(throws: GoldenError.malformedHeader(file: "small.csv.gz", reason: "\"kernel\" is missing")) {
            try check(Self.rows, header: "#{}")
        }
        #expect(throws: GoldenError.self) {
            try check(
                Self.rows, header: Self.header.replacingOccurrences(of: "\"seqlen\": 16", with: "\"seqlen\": -16"))
        }
    }

    @Test(
        arguments: [
            (
                "\"grid\": [1, 1, 1]", "\"grid\": [0, 1, 1]",
                "\"grid\" is [0, 1, 1]; it is three extents from 1 to 2147483647"
            ),
            ("\"grid\": [1, 1, 1]", "\"grid\": [1]", "\"grid\" is [1]; it is three extents from 1 to 2147483647"),
            (
                "\"grid\": [1, 1, 1]", "\"grid\": [1, 1e300, 1]",
                "it is no JSON object, or a number in it is no whole number below 2^63"
            ),
            ("\"num_warps\": 4", "\"num_warps\": -4", "\"num_warps\" is -4; it is 1 to 32"),
            (
                "\"num_stages\": 3", "\"num_stages\": 9223372036854775807",
                "\"num_stages\" is 9223372036854775807; it is 1 to 16"
            ),
            ("\"BLOCK_SIZE_H\": 2", "\"BLOCK_SIZE_H\": -2", "\"block_config.BLOCK_SIZE_H\" is -2; it is 0 to 1048576"),
            ("\"nbytes\": 64", "\"nbytes\": -64", "\"allocs\" has one of -64 bytes; it is 0 to 70368744177664"),
            (
                "\"seqlen\": 16", "\"seqlen\": 9223372036854775807",
                "shape: sequence length is 9223372036854775807; give at most 16777216"
            ),
            ("\"chunk_size\": 16", "\"chunk_size\": 0", "shape: chunk size is 0; give at least 1"),
            (
                "\"batch\": 1", "\"batch\": 18446744073709551616",
                "it is no JSON object, or a number in it is no whole number below 2^63"
            ),
            (
                "\"tensors\": []", "\"tensors\": [{\"arg\": \"dt_ptr\", \"dtype\": \"bf16\", \"strides\": [-1]}]",
                "\"tensors\" has dt_ptr with a stride or an offset of -1; it is 0 to 70368744177664"
            ),
        ])
    func `Absurd numbers of a header are one error that names them`(part: String, wrong: String, reason: String) throws
    {
        let header = Self.header.replacingOccurrences(of: part, with: wrong)
        #expect(header != Self.header)
        let error = try #require(throws: GoldenError.self) { try check(Self.rows, header: header) }
        #expect(error.description.hasPrefix("small.csv.gz: line 1: ") && error.description.contains(reason), "\(error)")
    }

    @Test func `A header that is not UTF-8 is an error`() {
        let broken = Array(Self.header.utf8.prefix(60)) + [0xBA, 0xBA] + Array(Self.header.utf8.dropFirst(60)) + [10]
        #expect(throws: GoldenError.malformedHeader(file: "f", reason: "it is not UTF-8")) {
            try GoldenCheck.check(plain: broken, file: "f")
        }
    }

    @Test func `A digest that lacks nearly all of a large launch ends soon`() throws {
        let header = Self.header.replacingOccurrences(of: "\"batch\": 1", with: "\"batch\": 50000")
            .replacingOccurrences(of: "\"grid\": [1, 1, 1]", with: "\"grid\": [50000, 1, 1]")
        let report = try GoldenCheck.check(plain: Array(header.utf8 + [10]), file: "f", countedOperations: 100)
        #expect(report.differences.last == "the digest lacks more than 100 operations from block (0, 0, 0) op 0 on")
    }

    @Test func `A kernel without a generator is named with those that have one`() throws {
        let header = Self.header.replacingOccurrences(of: "ch_cumsum_fwd", with: "layer_norm_fwd")
        do {
            _ = try check(Self.rows, header: header)
            Issue.record("it was accepted")
        } catch let error as GoldenError {
            #expect(error.description.contains("no generator for kernel layer_norm_fwd; nearest is ln_gated_fwd"))
        }
    }

    @Test func `Damaged compression is an error, not a difference`() throws {
        let name = try #require(Self.files.first)
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: Self.path(name))))
        #expect(throws: GoldenError.self) {
            try GoldenCheck.check(compressed: Array(whole.prefix(whole.count / 2)), file: name)
        }
        #expect(throws: GoldenError.self) { try GoldenCheck.check(compressed: [1, 2, 3], file: name) }
        #expect(throws: GoldenError.self) { try GoldenCheck.check(compressed: [], file: name) }
        #expect(throws: GoldenError.self) { try GoldenCheck.check(path: "/nowhere/at/all.csv.gz") }
    }
}
