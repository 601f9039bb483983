import Trace

/// Bytes that a launch moved between the L2 and memory within watched addresses.
package struct WatchedTraffic: Equatable, Sendable {
    package var readBytes: UInt64 = 0
    package var writtenBytes: UInt64 = 0

    package init(readBytes: UInt64 = 0, writtenBytes: UInt64 = 0) {
        self.readBytes = readBytes
        self.writtenBytes = writtenBytes
    }
}

/// Lines whose traffic with memory is counted separately, such as those of a tensor that one kernel writes and the next
/// one reads.
struct WatchedLines {
    private var ranges: [Range<UInt64>] = []
    private(set) var traffic = WatchedTraffic()

    /// Watches the lines of `addresses` from now on.
    mutating func watch(_ addresses: [Range<UInt64>], lineBytes: UInt64) {
        ranges = addresses.filter { !$0.isEmpty }.map {
            $0.lowerBound / lineBytes..<($0.upperBound - 1) / lineBytes + 1
        }
        traffic = WatchedTraffic()
    }

    @inline(__always)
    mutating func noteRead(line: UInt64, bytes: UInt64) {
        if !ranges.isEmpty, contains(line) { traffic.readBytes &+= bytes }
    }

    @inline(__always)
    mutating func noteWrite(line: UInt64, bytes: UInt64) {
        if !ranges.isEmpty, contains(line) { traffic.writtenBytes &+= bytes }
    }

    private func contains(_ line: UInt64) -> Bool {
        for range in ranges where range.contains(line) { return true }
        return false
    }
}
