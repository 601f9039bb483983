import Content
import Testing
import Trace
import TraceFormats

/// Binary traces that begin like other files, and other files given as binary traces.
@Suite("Binary traces and what looks like them")
struct BinaryDoubtTests {
    private static let rest = (0..<8).flatMap {
        champSim(0x40_0000 + 4 * UInt64($0), loads: [0x60_0045 + 64 * UInt64($0), 0x70_0045])
    }

    @Test(
        "Records of ChampSim win over the signatures that the low bytes of their first instruction's address look like",
        arguments: [
            UInt64(0x40_8b1f), 0x0008_8b1f, 0x40_9d1f, 0x40_005d, 0x184d_2a50, 0xffff_ffff_ffd8_ff, 0x40_feff,
            0x0403_4b50, 0x184d_2204,
        ])
    func signatures(address: UInt64) throws {
        let bytes = champSim(address) + Self.rest
        for format in [ImportFormat.champsim, .auto] {
            let result = try imported(bytes, as: format)
            #expect(result.summary.lines == 9 && result.summary.accesses == 25)
            #expect(accesses(of: result.launches[0].programs[0])[0] == "fetch \(String(address & ~3, radix: 16)) 4")
        }
    }

    @Test("What begins so and is no trace of ChampSim is named as before")
    func others() throws {
        let streams = [
            (CompressedInputs.bzip2, "a bzip2 stream"), (CompressedInputs.zstd, "a zstd stream"),
            (CompressedInputs.zip, "a zip archive"),
        ]
        for (bytes, name) in streams {
            #expect(try #require(failure(of: bytes, as: .champsim)).hasPrefix("input: this is \(name)"))
        }
        // Without the method behind it, 1F 8B begins no gzip stream.
        #expect(
            !FileKind.isGzip([0x1F, 0x8B, 0x40]) && FileKind.isGzip([0x1F, 0x8B, 0x08])
                && FileKind.isGzip([0x1F, 0x8B]))
        for format in [ImportFormat.champsim, .drmemtrace] {
            let message = try #require(failure(of: CompressedInputs.utf16, as: format))
            #expect(
                message.hasPrefix("input: this is text in UTF-16. Give ") && message.contains("which is binary"),
                "\(message)")
        }
    }

    @Test("A small trace of drmemtrace given as ChampSim's is recognised by its header")
    func memoryTraceAsChampSim() throws {
        for narrow in [false, true] {
            let message = try #require(failure(of: memoryTrace([(10, 3, 0x40_1000)], narrow: narrow), as: .champsim))
            #expect(
                message.hasPrefix("input: this begins with the header of a final trace of DynamoRIO's drmemtrace"),
                "\(message)")
        }
    }

    @Test("Where --no-fetches leaves nothing, the error names the option")
    func onlyFetches() throws {
        var options = ImportOptions()
        options.keepsFetches = false
        let expected = "accesses are instruction fetches, which --no-fetches leaves out. Import it without --no-fetches"
        #expect(
            failure(of: champSim(0x40_1000) + champSim(0x40_1004), as: .champsim, options: options) == "input: all 2 "
                + expected)
        #expect(
            failure(of: memoryTrace([(10, 3, 0x40_1000)]), as: .drmemtrace, options: options) == "input: all 1 "
                + expected)
    }
}
