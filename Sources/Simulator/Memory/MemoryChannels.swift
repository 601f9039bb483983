/// The HBM channels behind one L2 partition: bandwidth, read/write turnaround, queueing.
///
/// A channel serves reads first come, first served. Writes collect in its queue. The channel drains them in batches:
/// when the queue is full, or in the gaps that reads leave. Each change of direction costs `turnaroundCycles`. All
/// times are in cycles of the launch's clock.
struct MemoryChannels: ~Copyable {
    private let freeAt: Buffer<Double>
    private let queuedWriteBytes: Buffer<Double>
    /// Whether the channel's last transfer was a write.
    private let isWriting: Buffer<Bool>
    private let cyclesPerReadByte: Double
    private let cyclesPerWriteByte: Double
    private let turnaroundCycles: Double
    private let batchBytes: Double

    init(
        channels: Int, readBytesPerCycle: Double, writeBytesPerCycle: Double, turnaroundCycles: Double,
        writeBatchBytes: Double
    ) {
        freeAt = Buffer(repeating: 0, count: channels)
        queuedWriteBytes = Buffer(repeating: 0, count: channels)
        isWriting = Buffer(repeating: false, count: channels)
        cyclesPerReadByte = 1 / readBytesPerCycle
        cyclesPerWriteByte = 1 / writeBytesPerCycle
        self.turnaroundCycles = turnaroundCycles
        batchBytes = writeBatchBytes
    }

    /// Books a read of `bytes` at time `now`. It returns the cycles from `now` until the transfer is done.
    @inline(__always)
    func read(channel: Int, bytes: Double, now: Double) -> Double {
        drainGap(channel: channel, until: now)
        var start = max(now, freeAt[channel])
        if isWriting[channel] {
            start += turnaroundCycles
            isWriting[channel] = false
        }
        let done = start + bytes * cyclesPerReadByte
        freeAt[channel] = done
        return done - now
    }

    /// Queues a write of `bytes` at time `now`. If the queue is full, the channel writes it out.
    @inline(__always)
    func write(channel: Int, bytes: Double, now: Double) {
        drainGap(channel: channel, until: now)
        queuedWriteBytes[channel] += bytes
        if queuedWriteBytes[channel] >= batchBytes { drain(channel: channel, from: max(now, freeAt[channel])) }
    }

    /// Writes the queue out in the idle time before `now`, if it fits there.
    @inline(__always)
    private func drainGap(channel: Int, until now: Double) {
        let queued = queuedWriteBytes[channel]
        guard queued > 0, now - freeAt[channel] >= queued * cyclesPerWriteByte + 2 * turnaroundCycles else { return }
        drain(channel: channel, from: freeAt[channel])
    }

    private func drain(channel: Int, from start: Double) {
        let change = isWriting[channel] ? 0 : turnaroundCycles
        freeAt[channel] = start + change + queuedWriteBytes[channel] * cyclesPerWriteByte
        isWriting[channel] = true
        queuedWriteBytes[channel] = 0
    }

    /// Mean time until which the channels are booked.
    func meanBookedUntil() -> Double {
        var sum = 0.0
        for channel in 0..<freeAt.count { sum += freeAt[channel] }
        return sum / Double(freeAt.count)
    }
}
