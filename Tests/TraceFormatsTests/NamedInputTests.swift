import Content
import Testing
import Trace
import TraceFormats

@Suite("Inputs that are compressed, in another encoding, or binary")
struct NamedInputTests {
    private static let pair = ["load 1000 32", "load 2000 32"]

    @Test(
        "Members, streams and padding one after another are read; so are a mark of UTF-8 and a last line without its end",
        arguments: [
            (CompressedInputs.twoGzipMembers, pair + ["store 3000 32"]),
            (CompressedInputs.twoXZStreams, pair + ["store 3000 32"]),
            (CompressedInputs.paddedXZ, pair), ([0xEF, 0xBB, 0xBF] + Array("LD 0x1000\nLD 0x2000\n".utf8), pair),
            (Array("LD 0x1000\nLD 0x2000".utf8), pair),
        ])
    func read(bytes: [UInt8], expected: [String]) throws {
        for format in [ImportFormat.ramulator, .auto] {
            #expect(accesses(of: try imported(bytes, as: format).launches[0].programs[0]) == expected)
        }
    }

    @Test("A mark of UTF-8 is passed by in all text formats")
    func mark() throws {
        let texts: [(ImportFormat, String)] = [
            (.din, "0 1000\n1 ff00\n"), (.lackey, "I  04000a10,3\n"), (.ramulator, "LD 0x40\n"),
            (.accelSim, traceg([[["0000 ffffffff 1 R1 LDG.E 1 R2 4 1 0x7f8000100000 4 0"]]], threads: 32)),
            (
                .nvbit,
                "Kernel name k - grid size 1,1,1 - block size 32,1,1 - nregs 1 - shmem 0\nCTA 0,0,0 - warp 0 - LDG.E - "
                    + String(repeating: "0x1000 ", count: 32) + "\n"
            ),
        ]
        for (format, text) in texts {
            let plain = try imported(text, as: format)
            let marked = try imported("\u{FEFF}" + text, as: format)
            #expect(
                plain.launches.map(\.programs) == marked.launches.map(\.programs) && !plain.launches.isEmpty,
                "\(format)")
            #expect(plain.launches.map(\.launch) == marked.launches.map(\.launch), "\(format)")
        }
    }

    @Test(
        "Other streams, archives and encodings are named in one line, with the command that goes on",
        arguments: [
            (CompressedInputs.bzip2, "a bzip2 stream", "bzip2 -dc"),
            (CompressedInputs.zstd, "a zstd stream", "zstd -dc"),
            (CompressedInputs.lz4, "an lz4 stream", "lz4 -dc"),
            (CompressedInputs.lzma, "an lzma stream", "xz --format=lzma -dc"),
            (CompressedInputs.utf16, "text in UTF-16", "iconv -f UTF-16 -t UTF-8"),
            (CompressedInputs.tarInXZ, "a tar archive within an xz stream", "xz -dc | tar -xOf -"),
            (CompressedInputs.tarInGzip, "a tar archive within a gzip stream", "gzip -dc | tar -xOf -"),
            (CompressedInputs.gzipInGzip, "a gzip stream within a gzip stream", "gzip -dc | gzip -dc"),
            (
                CompressedInputs.utf16InGzip, "text in UTF-16 within a gzip stream",
                "gzip -dc | iconv -f UTF-16 -t UTF-8"
            ),
        ])
    func named(bytes: [UInt8], name: String, command: String) throws {
        for format in [ImportFormat.din, .lackey, .ramulator, .nvbit, .accelSim] {
            let message = try #require(failure(of: bytes, as: format))
            #expect(message.hasPrefix("input: this is \(name)"), "\(message)")
            #expect(
                message.contains(": \(command) | weir import \(format.rawValue) - --output FILE.weir"), "\(message)")
            #expect(message == message.asMessage)
        }
        let decided = try #require(failure(of: bytes, as: .auto))
        // Streams within streams are inflated to tell what they hold.
        #expect(
            decided.contains("\(command) | weir import auto -")
                || decided.contains("gzip -dc | weir import ramulator -"), "\(decided)")
    }

    @Test("Archives that no pipe can be unpacked from are to be saved first; from a file the command has its name")
    func archives() throws {
        let pipe = try #require(failure(of: CompressedInputs.zip, as: .din))
        #expect(pipe == "input: this is a zip archive. Save it to a file and unpack it, or give a trace of Dinero")
        let kind = try #require(FileKind.signed(CompressedInputs.zip))
        #expect(
            kind.cure(path: "it's.zip", into: "weir import din - --output FILE.weir", wanted: "")
                == "Convert it first: unzip -p 'it'\\''s.zip' | weir import din - --output FILE.weir")
    }

    @Test("Zeros behind a gzip stream are padding, as gzip has it; other bytes are damage")
    func padding() throws {
        for zeros in [1, 100, 70_000] {
            let bytes = CompressedInputs.twoGzipMembers + [UInt8](repeating: 0, count: zeros)
            for format in [ImportFormat.ramulator, .auto] {
                #expect(try imported(bytes, as: format).summary.accesses == 3)
            }
            let more = try imported(bytes + CompressedInputs.twoGzipMembers, as: .ramulator)
            #expect(more.summary.accesses == 6)
            #expect(
                try #require(failure(of: bytes + Array("junk".utf8), as: .ramulator)).contains(
                    "the gzip stream is broken"))
        }
    }

    @Test("A damaged stream is called broken where the format is to be told too")
    func brokenStreams() throws {
        for (bytes, method) in [(CompressedInputs.twoGzipMembers, "gzip"), (CompressedInputs.twoXZStreams, "xz")] {
            let head = Array(bytes.prefix(method == "gzip" ? 14 : 26))
            for format in [ImportFormat.auto, .ramulator] {
                let message = try #require(failure(of: head, as: format))
                #expect(
                    message == "input: the \(method) stream is broken (it ends early). Copy or compress the file again")
            }
            let instead = FormatRecognition(head: head, isWhole: true).insteadOfTrace(path: nil)
            #expect(instead.hasPrefix("the \(method) stream is broken (it ends early)"), "\(instead)")
        }
    }

    @Test("The command for a stream within a stream imports what comes out of it")
    func nestedAdvice() throws {
        let found = FormatRecognition(head: CompressedInputs.gzipInGzip, isWhole: true)
        guard case .formats(let formats) = found.finding, let format = formats.first else {
            Issue.record("no format")
            return
        }
        let command = "gzip -dc t.gz | weir import \(format.format.rawValue) - --output FILE.weir"
        #expect(
            found.insteadOfTrace(path: "t.gz").hasSuffix("Import it first: \(command)")
                && found.command(format, path: "t.gz") == command)
    }

    @Test(
        "Streams that were cut say so", arguments: [(CompressedInputs.cutGzip, "gzip"), (CompressedInputs.cutXZ, "xz")])
    func cut(bytes: [UInt8], method: String) throws {
        let message = try #require(failure(of: bytes, as: .ramulator))
        #expect(message == "input: the \(method) stream is broken (it ends early). Copy or compress the file again")
    }

    @Test("Binary data and files of other programs are named in text formats and are never printed")
    func binary() throws {
        let cases: [([UInt8], String)] = [
            ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], "an ELF file"),
            ([0x4E, 0x56, 0x52, 0, 8, 0], "a report of Nsight Compute"),
            (Array("%PDF-1.4\n".utf8), "a PDF document"), (Array("SQLite format 3\0".utf8), "an SQLite database"),
            ([0x89, 0x57, 0x45, 0x49, 0x52, 0x0D, 0x0A, 0x1A, 2, 0], "a .weir trace"),
            (champSim(0x40_1000, loads: [64]), "binary data"),
            (memoryTrace([(0, 4, 64)]), "binary data"), ((0..<200).map { UInt8($0 % 7) }, "binary data"),
        ]
        for (bytes, name) in cases {
            for format in [ImportFormat.din, .lackey, .ramulator, .nvbit, .accelSim] {
                let message = try #require(failure(of: bytes, as: format))
                #expect(message.hasPrefix("input: this is \(name)"), "\(format): \(message)")
                #expect(message == message.asMessage)
            }
        }
    }

    @Test("What a message quotes of a line is escaped and cut")
    func quoted() throws {
        let word: [UInt8] = [0x1B, 0x5B, 0x33, 0x31, 0x6D, 0x07, 0xFF, 0xC2, 0x9B, 0xE2, 0x80, 0xAE, 0x41]
        let message = try #require(failure(of: word + Array(" 1\n".utf8), as: .din))
        #expect(message.contains(#"'\u{1B}[31m\u{07}\xFF\u{009B}\u{202E}A'"#), "\(message)")
        let long = try #require(failure(of: [UInt8](repeating: 0x78, count: 5000), as: .ramulator))
        #expect(long.contains("'" + String(repeating: "x", count: 60) + "...'") && long.utf8.count < 500, "\(long)")
    }
}
