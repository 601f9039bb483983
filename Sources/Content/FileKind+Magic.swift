extension FileKind {
    /// Number of bytes that tell kinds reliably. No sign of a kind lies beyond them.
    package static let headBytes = 4096

    /// Streams that Weir inflates itself.
    package static let gzip = FileKind("a gzip stream", .pipe("gzip -dc"))
    package static let xz = FileKind("an xz stream", .pipe("xz -dc"))

    /// Whether bytes begin as a gzip stream, or are the first two bytes of one. gzip has one compression method.
    package static func isGzip(_ head: some Collection<UInt8>) -> Bool {
        head.starts(with: [0x1F, 0x8B, 0x08]) || head.count == 2 && head.starts(with: [0x1F, 0x8B])
    }
    /// Whether bytes begin as an xz stream.
    package static func isXZ(_ head: some Collection<UInt8>) -> Bool {
        head.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])
    }

    /// The kind whose signature the first bytes of a file have; nil where they have none. The kinds are compressed
    /// streams other than gzip and xz, archives, and files of programs that somebody may give by mistake.
    package static func signed(_ head: [UInt8]) -> FileKind? {
        for (signature, kind) in signatures where head.starts(with: signature) { return kind }
        if isBzip2(head) { return FileKind("a bzip2 stream", .pipe("bzip2 -dc")) }
        if isLzma(head) { return FileKind("an lzma stream (the format before xz)", .pipe("xz --format=lzma -dc")) }
        // Frames of zstd and lz4 that hold no data come first in some files. Both programs skip them.
        if head.count >= 4, head[0] & 0xF0 == 0x50, head[1...3].elementsEqual([0x2A, 0x4D, 0x18]) {
            return FileKind("a zstd or lz4 stream", .pipe("zstd -dc"))
        }
        if head.count >= 262, head[257...261].elementsEqual("ustar".utf8) {
            return FileKind("a tar archive", .pipe("tar -xOf", input: " -"))
        }
        return nil
    }

    /// *Source:* file(1)'s database and the formats' own documents; for Nsight Compute its Customization Guide.
    private static let signatures: [(signature: [UInt8], kind: FileKind)] = [
        ([0x89, 0x57, 0x45, 0x49, 0x52], FileKind("a .weir trace")),
        ([0x28, 0xB5, 0x2F, 0xFD], FileKind("a zstd stream", .pipe("zstd -dc"))),
        ([0x04, 0x22, 0x4D, 0x18], FileKind("an lz4 stream", .pipe("lz4 -dc"))),
        ([0x02, 0x21, 0x4C, 0x18], FileKind("an lz4 stream", .pipe("lz4 -dc"))),
        ([0x4C, 0x5A, 0x49, 0x50, 0x01], FileKind("an lzip stream", .pipe("lzip -dc"))),
        ([0x1F, 0x9D], FileKind("a stream of compress (.Z)", .pipe("gzip -dc"))),
        (
            [0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59],
            FileKind("a framed snappy stream", .pipe("snzip -dc"))
        ),
        ([0x50, 0x4B, 0x03, 0x04], FileKind("a zip archive", .file("unzip -p"))),
        ([0x50, 0x4B, 0x05, 0x06], FileKind("a zip archive", .file("unzip -p"))),
        ([0x50, 0x4B, 0x07, 0x08], FileKind("a zip archive", .file("unzip -p"))),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], FileKind("a 7z archive", .file("7z x -so"))),
        ([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], FileKind("a rar archive", .file("unrar p -inul"))),
        ([0x4E, 0x56, 0x52, 0x00], FileKind("a report of Nsight Compute (.ncu-rep)")),
        ([0x7F, 0x45, 0x4C, 0x46], FileKind("an ELF file (a program, a library or a cubin)")),
        ([0x50, 0xED, 0x55, 0xBA], FileKind("a CUDA fat binary")),
        ([0x25, 0x50, 0x44, 0x46, 0x2D], FileKind("a PDF document")),
        (Array("SQLite format 3\0".utf8), FileKind("an SQLite database, such as Nsight Systems exports")),
        ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], FileKind("an HDF5 file")),
        ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], FileKind("a NumPy array")),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], FileKind("a PNG image")),
        ([0xFF, 0xD8, 0xFF], FileKind("a JPEG image")),
        ([0x47, 0x49, 0x46, 0x38], FileKind("a GIF image")),
        ([0x50, 0x41, 0x52, 0x31], FileKind("a Parquet table")),
        ([0xCF, 0xFA, 0xED, 0xFE], FileKind("a Mach-O program")),
    ]

    /// "BZh", a level, and the mark of a block or of the end.
    private static func isBzip2(_ head: [UInt8]) -> Bool {
        guard head.count >= 10, head.starts(with: [0x42, 0x5A, 0x68]), (0x31...0x39).contains(head[3]) else {
            return false
        }
        let mark = head[4...9]
        return mark.elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
            || mark.elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
    }

    /// Whether bytes begin as an lzma stream. The format has no signature, so this checks what file(1) checks: usual
    /// properties, a dictionary of 2^n or 2^n + 2^(n-1) bytes, and a length that is unknown or below 256 GiB.
    private static func isLzma(_ head: [UInt8]) -> Bool {
        guard head.count >= 13, head[0] == 0x5D else { return false }
        let dictionary = head[1...4].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let bits = dictionary.nonzeroBitCount
        let isUsual = bits == 1 || bits == 2 && dictionary & dictionary << 1 != 0
        guard isUsual, dictionary >= 1 << 12 else { return false }
        let length = head[5...12].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return length == .max || length < 1 << 38
    }
}
