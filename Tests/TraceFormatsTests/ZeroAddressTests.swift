import Testing
import Trace
import TraceFormats

@Suite("CPUs' traces whose every address is 0")
struct ZeroAddressTests {
    /// The warnings of an import; with `--strict` the first one is the error.
    private func warnings(_ bytes: [UInt8], _ format: ImportFormat) throws -> [String] {
        let warnings = try imported(bytes, as: format).summary.warnings
        var options = ImportOptions()
        options.isStrict = true
        #expect(failure(of: bytes, as: format, options: options) == warnings.first)
        return warnings
    }

    @Test(
        "A warning says that no load or store has an address",
        arguments: [
            ("0 0\n0 0\n1 0\n", ImportFormat.din, "every load and store (3 in all)"),
            ("r 0 4\nm 0 8\n", .din, "every load and store (2 in all)"),
            ("2 0\n2 0\n", .din, "every instruction fetch (2 in all)"),
            ("2 400\n0 0\n", .din, "every load and store (1 in all)"),
            ("I  04001090,3\n L 00000000,8\n S 00000000,4\n", .lackey, "every load and store (2 in all)"),
            (" M 0,8\n", .lackey, "every load and store (2 in all)"),
            ("LD 0\nST 0x0\n", .ramulator, "every load and store (2 in all)"),
            ("3 0\n0 0 0\n", .ramulator, "every load and store (3 in all)"),
            ("0x0 R\n", .ramulator, "every load and store (1 in all)"),
        ])
    func zeros(text: String, format: ImportFormat, what: String) throws {
        let found = try warnings(Array(text.utf8), format)
        #expect(found.count == 1 && found[0].hasPrefix("input: the address is 0 in \(what), so that"), "\(found)")
    }

    @Test(
        "One other address is enough, also where the aligned piece that holds it begins at 0",
        arguments: [
            ("0 0\n0 0\n1 4\n", ImportFormat.din), ("0 0\n1 3\n", .din), ("2 400\n", .din), ("4 0\n0 10\n", .din),
            (" L 00000000,8\n S 1ffefffe18,4\n", .lackey), ("LD 0\nLD 31\n", .ramulator), ("3 0\n0 0 1\n", .ramulator),
        ])
    func others(text: String, format: ImportFormat) throws { #expect(try warnings(Array(text.utf8), format) == []) }

    @Test("A ChampSim trace without the address of any load or store is doubted; one with one is not")
    func champSimRecords() throws {
        let none = champSim(0x40_1000) + champSim(0x40_1004, branch: 1)
        let found = try warnings(none, .champsim)
        #expect(
            found.count == 1
                && found[0].hasPrefix(
                    "input: every address of a load or store is 0, which stands for none, in all 2 instructions")
        )
        #expect(try warnings(none + champSim(0x40_1008, stores: [8]), .champsim) == [])
    }
}
