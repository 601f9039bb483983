import Kernels
import Trace
import Workloads

/// Texts of launches whose pass is open until later launches decide it. Texts beyond `memoryBytes` wait in a temporary
/// file.
struct PassSlots {
    private static let memoryBytes = 1 << 20

    private let directory: String?
    private var resolver = PassResolver()
    /// The texts before and behind the open pass of each waiting launch.
    private var waiting: [(before: String, after: String)] = []
    private var waitingBytes = 0
    /// The older texts. `spool` holds the texts themselves, and `spooled` their lengths in bytes.
    private var spool: SpoolFile?
    private var spooled: [(before: Int, after: Int)] = []

    /// - Parameter directory: the place of a temporary file; nil keeps everything in memory.
    init(directory: String?) {
        self.directory = directory
    }

    /// Takes the next launch's text, and gives `write` the whole texts of the launches whose pass is now known.
    mutating func add(kernel: String, before: String, after: String, write: TextSink) throws {
        waiting.append((before, after))
        waitingBytes += before.utf8.count + after.utf8.count
        try fill(resolver.add(kernel), write: write)
        if let directory, waitingBytes > Self.memoryBytes { try spoolWaiting(in: directory) }
    }

    /// Gives `write` the remaining texts. The caller must call it once, after the last launch.
    mutating func finish(write: TextSink) throws { try fill(resolver.finish(), write: write) }

    /// Fills all waiting texts at once.
    private mutating func fill(_ runs: [PassResolver.Run], write: TextSink) throws {
        guard !runs.isEmpty else { return }
        let passes = runs.lazy.flatMap { repeatElement($0.pass, count: $0.count) }
        var offset: UInt64 = 0
        for (index, pass) in passes.enumerated() {
            if index < spooled.count, let spool {
                let lengths = spooled[index]
                let bytes = try spool.read(lengths.before + lengths.after, at: offset)
                offset += UInt64(bytes.count)
                try write(
                    String(decoding: bytes.prefix(lengths.before), as: UTF8.self) + pass.rawValue
                        + String(decoding: bytes.dropFirst(lengths.before), as: UTF8.self))
            } else {
                let (before, after) = waiting[index - spooled.count]
                try write(before + pass.rawValue + after)
            }
        }
        (waiting, waitingBytes, spool, spooled) = ([], 0, nil, [])
    }

    private mutating func spoolWaiting(in directory: String) throws {
        let spool = try self.spool ?? SpoolFile(directory: directory)
        self.spool = spool
        for (before, after) in waiting {
            try spool.append(Array(before.utf8) + Array(after.utf8))
            spooled.append((before.utf8.count, after.utf8.count))
        }
        (waiting, waitingBytes) = ([], 0)
    }
}
