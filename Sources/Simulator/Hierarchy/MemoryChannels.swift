/// The HBM channels behind one L2 partition: bandwidth, read/write turnaround, queueing.
///
/// A channel serves reads first come, first served. Writes collect in its queue and are drained in batches: when the queue is
/// full, or in the gaps that reads leave. Each change of direction costs `turnaroundCycles`.
/// All times in cycles of the launch's clock.
struct MemoryChannels: ~Copyable {
    private let freeAt: FixedBuffer<Double>
    private let queuedWriteBytes: FixedBuffer<Double>
    private let cyclesPerByte: Double
    private let turnaroundCycles: Double
    private let batchBytes: Double
    /// Cycles that channels were transferring data, summed over channels.
    private(set) var busyCycles = 0.0

    init(channels: Int, bytesPerCyclePerChannel: Double, turnaroundCycles: Double, writeBatchBytes: Double) {
        freeAt = FixedBuffer(repeating: 0, count: channels)
        queuedWriteBytes = FixedBuffer(repeating: 0, count: channels)
        cyclesPerByte = 1 / bytesPerCyclePerChannel
        self.turnaroundCycles = turnaroundCycles
        batchBytes = writeBatchBytes
    }

    /// Books a read of `bytes` at time `now`; returns the cycles that it waits before its transfer is done.
    @inline(__always)
    mutating func read(channel: Int, bytes: Double, now: Double) -> Double {
        drainGap(channel: channel, until: now)
        let start = max(now, freeAt[channel])
        let done = start + bytes * cyclesPerByte
        freeAt[channel] = done
        busyCycles += bytes * cyclesPerByte
        return done - now
    }

    /// Queues a write of `bytes` at time `now`.
    @inline(__always)
    mutating func write(channel: Int, bytes: Double, now: Double) {
        drainGap(channel: channel, until: now)
        let queued = queuedWriteBytes[channel] + bytes
        if queued >= batchBytes {
            let cost = queued * cyclesPerByte
            freeAt[channel] = max(now, freeAt[channel]) + cost + 2 * turnaroundCycles
            busyCycles += cost
            queuedWriteBytes[channel] = 0
        } else {
            queuedWriteBytes[channel] = queued
        }
    }

    /// Writes what fits into the idle time before `now`.
    @inline(__always)
    private mutating func drainGap(channel: Int, until now: Double) {
        let queued = queuedWriteBytes[channel]
        guard queued > 0 else { return }
        let gap = now - freeAt[channel] - 2 * turnaroundCycles
        let cost = queued * cyclesPerByte
        if gap >= cost {
            freeAt[channel] += cost + 2 * turnaroundCycles
            busyCycles += cost
            queuedWriteBytes[channel] = 0
        }
    }

    /// Time at which the last booked transfer ends, queued writes included.
    func lastTransferEnd() -> Double {
        var end = 0.0
        for channel in 0..<freeAt.count {
            end = max(end, freeAt[channel] + queuedWriteBytes[channel] * cyclesPerByte)
        }
        return end
    }

    /// Starts a new launch at time 0 with idle channels.
    mutating func startLaunch() {
        freeAt.fill(0)
        queuedWriteBytes.fill(0)
        busyCycles = 0
    }
}
