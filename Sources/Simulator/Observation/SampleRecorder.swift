/// Collects `LaunchSamples` in a bounded number of buckets. When all are in use, pairs of buckets merge and the width
/// doubles.
struct SampleRecorder {
    private struct Bucket {
        var readBytes = 0.0
        var writeBytes = 0.0
        var sectors = 0.0
        var hitSectors = 0.0
        /// Block cycles in this bucket of the blocks that start or end in it. Starts and ends count as if they lasted
        /// to the bucket's end.
        var residentCycles = 0.0
        /// The number of starts less the number of ends in this bucket.
        var residentChange = 0.0
    }

    private let limit: Int
    private let bytesPerCycle: Double
    private var width: Double
    private var buckets: [Bucket] = []
    private var seen = Counters()
    private var pendingRead = 0.0
    private var pendingWrite = 0.0
    /// Cycle up to which pending bytes have been moved.
    private var movedUntil = 0.0

    /// - Parameters:
    ///   - bucketCycles: the first width.
    ///   - bytesPerCycle: peak HBM bandwidth. Bytes requested faster than this move later.
    ///   - limit: the greatest number of buckets, which is even.
    init(bucketCycles: Double, bytesPerCycle: Double, limit: Int = 512) {
        width = bucketCycles
        self.bytesPerCycle = bytesPerCycle
        self.limit = limit
    }

    /// Books the counts since the last call at `time`. Times do not decrease.
    mutating func add(counters: Counters, at time: Double) {
        move(until: time)
        pendingRead += Double(counters.hbmReadBytes - seen.hbmReadBytes)
        pendingWrite += Double(counters.hbmWriteBytes - seen.hbmWriteBytes)
        let bucket = bucket(at: time)
        buckets[bucket].sectors += Double(counters.l2Sectors - seen.l2Sectors)
        buckets[bucket].hitSectors += Double(counters.l2HitSectors - seen.l2HitSectors)
        seen = counters
    }

    /// Counts a block as resident from its start to its end.
    mutating func add(_ block: BlockRecord) {
        changeResidents(by: 1, at: block.start)
        changeResidents(by: -1, at: block.end)
    }

    /// The launch's samples. Pending HBM traffic moves after the last window.
    mutating func finish() -> LaunchSamples {
        move(until: .infinity)
        var resident = 0.0
        let residents = buckets.map { bucket in
            defer { resident += bucket.residentChange }
            // Sums of starts and ends leave a rounding residue where no block is resident.
            return max(0, ((resident * width + bucket.residentCycles) / width * 1e6).rounded() / 1e6)
        }
        return LaunchSamples(
            bucketCycles: width, hbmReadBytes: buckets.map(\.readBytes), hbmWriteBytes: buckets.map(\.writeBytes),
            l2Sectors: buckets.map(\.sectors), l2HitSectors: buckets.map(\.hitSectors), residentBlocks: residents)
    }

    private mutating func changeResidents(by change: Double, at time: Double) {
        let bucket = bucket(at: time)
        buckets[bucket].residentCycles += change * (Double(bucket + 1) * width - time)
        buckets[bucket].residentChange += change
    }

    /// Moves pending bytes at peak bandwidth up to `time`, reads and writes in proportion.
    private mutating func move(until time: Double) {
        while pendingRead + pendingWrite > 0, movedUntil < time {
            let pending = pendingRead + pendingWrite
            let bucket = bucket(at: movedUntil)
            let cycles = min(min(Double(bucket + 1) * width, time) - movedUntil, pending / bytesPerCycle)
            let isLast = cycles >= pending / bytesPerCycle
            let share = isLast ? 1 : cycles * bytesPerCycle / pending
            buckets[bucket].readBytes += pendingRead * share
            buckets[bucket].writeBytes += pendingWrite * share
            pendingRead = isLast ? 0 : pendingRead * (1 - share)
            pendingWrite = isLast ? 0 : pendingWrite * (1 - share)
            movedUntil += cycles
        }
        if time.isFinite { movedUntil = max(movedUntil, time) }
    }

    /// The bucket of `time`. It is made if it does not exist.
    private mutating func bucket(at time: Double) -> Int {
        while time >= Double(limit) * width { merge() }
        let index = Int(time / width)
        while buckets.count <= index { buckets.append(Bucket()) }
        return index
    }

    private mutating func merge() {
        var merged: [Bucket] = []
        for first in stride(from: 0, to: buckets.count, by: 2) {
            var pair = buckets[first]
            // A change in the first half lasts through the second.
            pair.residentCycles += pair.residentChange * width
            if first + 1 < buckets.count {
                let second = buckets[first + 1]
                pair.readBytes += second.readBytes
                pair.writeBytes += second.writeBytes
                pair.sectors += second.sectors
                pair.hitSectors += second.hitSectors
                pair.residentCycles += second.residentCycles
                pair.residentChange += second.residentChange
            }
            merged.append(pair)
        }
        buckets = merged
        width *= 2
    }
}
