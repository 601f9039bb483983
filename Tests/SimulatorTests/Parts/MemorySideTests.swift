import Machine
import Testing

@testable import Simulator

/// Memory by itself: the order in which it serves, and when what it serves is there.
@Suite struct MemorySideTests {
    /// Channels that move a sector in a cycle and turn around at once; answers take 500 cycles near and 700 far.
    private func memory(watching: [Range<UInt64>] = []) throws -> MemorySide {
        let machine = try smallMachine {
            $0.hbm.bytesPerSecond = $0.gpu.clockHertz * 6 * 32
            $0.hbm.readEfficiency = 1
            $0.hbm.writeEfficiency = 1
            $0.hbm.turnaroundNanoseconds = 0
            $0.hbm.directionBurstBytes = 128
            $0.hbm.nearLatencyCycles = 500
            $0.hbm.farLatencyCycles = 700
        }
        var memory = MemorySide(machine: machine, map: addressMap(machine))
        memory.beginLaunch(machine: machine, configuration: configuration(machine), watching: watching)
        return memory
    }

    /// The answers of a window, to the thousandth of a cycle.
    private func answers(_ memory: inout MemorySide) -> [[Double]] {
        var answers: [[Double]] = []
        while let answer = memory.serveNext() {
            answers.append([Double(answer.read), answer.isForeign ? 1 : 0, (answer.arrival * 1000).rounded() / 1000])
        }
        return answers
    }

    @Test func `Reads of a channel follow each other by time, wherever they come from`() throws {
        var memory = try memory()
        memory.fetch(line: 0, sectors: 0b1111, read: 0, isForeign: false, time: 100)
        memory.fetch(line: 1, sectors: 0b0011, read: 1, isForeign: false, time: 102)
        memory.endOwn()
        memory.fetch(line: 2, sectors: 0b0001, read: 0, isForeign: true, time: 101)
        memory.fetch(line: 3, sectors: 0b0001, read: 1, isForeign: true, time: 300)
        // The channel is free at 104, then the far read takes it until 105, the second near one until 107.
        #expect(answers(&memory) == [[0, 0, 604], [0, 1, 805], [1, 0, 607], [1, 1, 1001]])
        #expect(memory.counters.l2FillSectors == 8 && memory.counters.hbmReadBytes == 8 * 32)
        #expect(abs(memory.meanBookedUntil() - 301 / 6) < 1e-6)
    }

    @Test func `A line on its way is expected at the least latency, and once served at its arrival`() throws {
        var memory = try memory()
        #expect(memory.arrival(of: 7) == 0)
        memory.fetch(line: 0, sectors: 0b1111, read: -1, isForeign: false, time: 100)
        memory.fetch(line: 7, sectors: 0b0001, read: -1, isForeign: false, time: 100)
        memory.endOwn()
        #expect(memory.arrival(of: 7) == 600)
        // Nobody waits, so that nothing is answered.
        #expect(answers(&memory).isEmpty)
        #expect(abs(memory.arrival(of: 7) - 605) < 1e-6)
        memory.expect(line: 8, arrival: 900)
        memory.update(line: 8, arrival: 950)
        memory.update(line: 9, arrival: 950)
        #expect(memory.arrival(of: 8) == 950 && memory.arrival(of: 9) == 0)
    }

    @Test func `Written sectors wait until a burst of them is together, and torn ones are read first`() throws {
        var memory = try memory(watching: [0..<128])
        memory.writeBack(WriteBack(line: 0, sectors: 0b0011, torn: 0b0001), time: 100)
        memory.endOwn()
        #expect(answers(&memory).isEmpty)
        #expect(
            memory.counters.hbmWriteBytes == 64 && memory.counters.hbmReadBytes == 32
                && memory.counters.l2OtherSectors == 1)
        #expect(memory.watched.traffic == WatchedTraffic(readBytes: 32, writtenBytes: 64))
        // Only the torn sector's read has taken a channel's time.
        #expect(abs(memory.meanBookedUntil() - 101 / 6) < 1e-6)
        memory.beginWindow()
        memory.writeBack(WriteBack(line: 1, sectors: 0b0011), time: 101)
        memory.fetch(line: 1, sectors: 0b0001, read: 0, isForeign: false, time: 101)
        memory.endOwn()
        // Four sectors are a burst, behind which the read comes.
        #expect(answers(&memory) == [[0, 0, 606]])
    }
}
