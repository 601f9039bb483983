import CZlib
import Foundation
import Trace
import TraceFormats

/// The readers of foreign traces.
enum ImportTargets {
    /// Imports an input; the trace that comes out must be readable to its end. Where the format takes these options, it
    /// is also imported in ChampSim's other layout and without fetches.
    static func input(_ bytes: [UInt8], as format: ImportFormat) {
        var choices = [ImportOptions()]
        if format.takes(.cloudSuite) {
            choices.append(ImportOptions())
            choices[choices.count - 1].isCloudSuite = true
        }
        if format.takes(.noFetches) {
            choices.append(ImportOptions())
            choices[choices.count - 1].keepsFetches = false
        }
        for options in choices {
            guard let trace = Verdict.of({ try imported(bytes, as: format, options: options) }) else { continue }
            read(trace)
        }
    }

    private static func read(_ trace: [UInt8]) {
        let names = ["the import's own trace"]
        var failed = true
        Verdict.of(naming: names) {
            let reader = try TraceStreamReader(ByteInput(bytes: trace, name: names[0]))
            var program = BlockProgram()
            while var source = try reader.nextLaunch() {
                for block in 0..<source.launch.grid.blockCount {
                    try source.loadProgram(ofBlock: block, into: &program)
                }
            }
            failed = false
        }
        precondition(!failed, "an import wrote a trace that cannot be read")
    }

    private static func imported(
        _ bytes: [UInt8], as format: ImportFormat, directory: String = ".", options: ImportOptions = ImportOptions()
    ) throws -> [UInt8] {
        let buffer = ByteOutput.Buffer()
        var writing = TraceWriter.Options()
        writing.temporaryDirectory = temporaryDirectory
        var writer = try TraceWriter(output: ByteOutput(buffer: buffer, name: Verdict.name), options: writing)
        _ = try TraceImport.read(
            ByteInput(bytes: bytes, name: Verdict.name), format: format, directory: directory, options: options,
            into: &writer)
        try writer.finish()
        return buffer.bytes
    }

    /// A folder in memory where the system has one: importers keep blocks there until they are counted.
    private static let temporaryDirectory = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"

    /// A list of kernels; errors may also name the two kernels that it can reach.
    static func kernelsList(_ bytes: [UInt8]) {
        let names = [Verdict.name, "kernel-1.traceg", "kernel-2.traceg", "kernel"]
        guard let trace = Verdict.of(naming: names, { try imported(bytes, as: .accelSim, directory: kernels) }) else {
            return
        }
        read(trace)
    }

    /// A folder with two kernels of one block, the second compressed badly.
    private static let kernels: String = {
        let folder = NSTemporaryDirectory() + "/weir-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
        let lines = [
            "-kernel name = k", "-kernel id = 1", "-grid dim = (1,1,1)", "-block dim = (32,1,1)", "-shmem = 0",
            "-nregs = 16",
            "-binary version = 80", "-cuda stream id = 0", "-shmem base_addr = 0x00007f4000000000",
            "-local mem base_addr = 0x00007f4100000000", "-nvbit version = 1.7", "-accelsim tracer version = 5",
            "-enable lineinfo = 0", "#traces format = ...", "#BEGIN_TB", "thread block = 0,0,0", "warp = 0",
            "insts = 2",
            "0030 ffffffff 1 R8 LDG.E.128 1 R2 16 1 0x7f0000000000 16 0 ", "0a10 ffffffff 0 EXIT 0 0 0 ", "#END_TB", "",
        ]
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder + "/kernel-1.traceg"))
            try Data([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 1]).write(
                to: URL(fileURLWithPath: folder + "/kernel-2.traceg.xz"))
        } catch {
            fatalError("the kernels to be listed cannot be written: \(error)")
        }
        return folder
    }()

    /// The first byte says what is done with the rest: 0 nothing, 1 gzip, 2 gzip with one bit changed, 3 gzip cut
    /// short, 4 two gzip members; more is taken as 0. An honest stream must give what its text gives.
    static func compressed(_ bytes: [UInt8]) {
        guard bytes.count > 3 else { return }
        let place = Int(bytes[1]) << 8 | Int(bytes[2])
        let text = Array(bytes[3...])
        var stream = text
        switch bytes[0] {
        case 1: stream = gzip(text)
        case 2:
            stream = gzip(text)
            stream[place % stream.count] ^= 1 << (bytes[1] & 7)
        case 3: stream = Array(gzip(text).prefix(place % 256))
        case 4: stream = gzip(Array(text.prefix(place % text.count))) + gzip(Array(text.dropFirst(place % text.count)))
        default: break
        }
        let result = Verdict.of { try imported(stream, as: .din) }
        guard bytes[0] == 1 || bytes[0] == 4 else { return }
        precondition(result == Verdict.of { try imported(text, as: .din) }, "compressed and plain text differ")
    }

    private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let status = deflateInit2_(
            &stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { fatalError("zlib could not start") }
        defer { deflateEnd(&stream) }
        var source = bytes
        var target = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let count = source.withUnsafeMutableBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                guard deflate(&stream, Z_FINISH) == Z_STREAM_END else { fatalError("zlib could not end") }
                return target.count - Int(stream.avail_out)
            }
        }
        return Array(target.prefix(count))
    }
}
