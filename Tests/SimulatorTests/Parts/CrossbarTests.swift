import Machine
import Testing

@testable import Simulator

/// The crossbar by itself: when requests arrive, what waits, and what reads are answered.
@Suite struct CrossbarTests {
    /// Two GPCs that pass a request in two cycles, so that a window takes a hundred; a sector crosses the fabric in a
    /// cycle.
    private func crossbar(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> Crossbar {
        let machine = try smallMachine {
            $0.gpcs.requestCycles = 2
            $0.gpcs.fillBytesPerCycle = 0
            $0.l2.fabricBytesPerCycle = 32
            change(&$0)
        }
        let constants = configuration(machine)
        #expect(constants.windowCycles == 200)
        var crossbar = Crossbar(machine: machine, gpcs: 2, windowCycles: constants.windowCycles)
        crossbar.beginLaunch(constants)
        return crossbar
    }

    private func read(line: UInt64, at time: Double, gpc: UInt8 = 0, ticket: Int32 = 0) -> SectorRequest {
        SectorRequest(time: time, line: line, ticket: ticket, gpc: gpc, sectors: 1, wholeSectors: 0, kind: .read)
    }

    @Test func `Requests arrive in their window, by time, and those beyond the GPC's rate wait`() throws {
        var crossbar = try crossbar()
        crossbar.begin(window: 0)
        for number in 0..<102 { crossbar.send(read(line: UInt64(number), at: Double(101 - number))) }
        crossbar.send(read(line: 200, at: 50.5, gpc: 1))
        crossbar.send(read(line: 300, at: 450))
        let count = crossbar.takeArrivals()
        let passed = (0..<count).map { crossbar.pass($0) }
        #expect(count == 103)
        #expect(passed.map(\.request.line).prefix(2) == [101, 100])
        // The last two of the first GPC are one and two requests too many; the second GPC has its own rate.
        #expect(passed.map(\.delay).filter { $0 > 0 } == [2, 4])
        #expect(passed[101].request.time == 100 + 2 && passed[102].request.time == 101 + 4)
        #expect(passed.first { $0.request.line == 200 }?.delay == 0)
        #expect(crossbar.firstOccupied(from: 1) == 2)
        crossbar.begin(window: 2)
        #expect(crossbar.takeArrivals() == 1 && crossbar.arrivedLine(0) == 300)
        #expect(crossbar.firstOccupied(from: 3) == nil)
    }

    @Test func `The coalescer merges a read with an earlier one, and a multicast with none`() throws {
        var crossbar = try crossbar { $0.coalescer.enabled = true }
        func opens(_ kind: SectorRequest.Kind, line: UInt64) -> Bool {
            var request = read(line: line, at: 10)
            request.kind = kind
            guard let opened = crossbar.open(request, delay: 0) else { return false }
            crossbar.answer(opened, at: 5000)
            return true
        }
        #expect(opens(.read, line: 1) && !opens(.read, line: 1))
        #expect(opens(.multicast, line: 1) && opens(.multicast, line: 2) && opens(.multicast, line: 2))
        #expect(opens(.read, line: 2) && crossbar.mergedCount == 1)
    }

    @Test func `Answers come to the tickets that asked, as late as they were raised to`() throws {
        var crossbar = try crossbar()
        let opened = crossbar.open(read(line: 1, at: 12, ticket: 5), delay: 2)
        let first = try #require(opened)
        crossbar.answerLater(first, earliest: 300)
        let openedNext = crossbar.open(read(line: 1, at: 20, ticket: 6), delay: 0)
        let second = try #require(openedNext)
        crossbar.answer(second, at: 250)
        let atomic = crossbar.open(ticket: 7, at: 30, earliest: 30)
        crossbar.settle(atomic, at: 400)
        crossbar.raise(first.number, to: 350)
        crossbar.raise(first.number, to: 320)
        #expect(crossbar.hasAnswers && crossbar.readCount == 3 && crossbar.mergedCount == 0)
        let answers = (0..<3).map { crossbar.takeAnswer($0) }
        #expect(answers.map(\.ticket) == [5, 6, 7] && answers.map(\.arrival) == [350, 250, 400])
        // Requests left at 10, 20 and 30.
        #expect(crossbar.answerCycles == 340 + 230 + 370)
        crossbar.endAnswers()
        #expect(crossbar.hasAnswers == false)
    }

    @Test func `A read that the coalescer merges is answered with the first one, whenever that is`() throws {
        var crossbar = try crossbar {
            $0.coalescer.enabled = true
            $0.coalescer.passageCycles = 100
        }
        let opened = crossbar.open(read(line: 9, at: 10, ticket: 1), delay: 0)
        let first = try #require(opened)
        crossbar.answerLater(first, earliest: 500)
        let merged = crossbar.open(read(line: 9, at: 15, ticket: 2), delay: 0)
        // Another GPC has a coalescer of its own.
        let other = crossbar.open(read(line: 9, at: 16, gpc: 1, ticket: 3), delay: 0)
        #expect(merged?.number == nil && other?.number == 1)
        crossbar.raise(first.number, to: 620)
        #expect(crossbar.mergedTicket(0) == 2)
        let answer = crossbar.mergedAnswer(0)
        #expect(answer.ticket == 2 && answer.arrival == 620)
    }

    @Test func `Answers wait for their GPC's rate of sectors, and further reads merge with those that wait`() throws {
        // A GPC takes a sector in a window of 200 cycles, and its requests do not wait.
        var crossbar = try crossbar {
            $0.gpcs.requestCycles = 0
            $0.gpcs.fillBytesPerCycle = 32.0 / 200
            $0.coalescer.enabled = true
            $0.coalescer.passageCycles = 100
        }
        crossbar.begin(window: 0)
        let none = crossbar.takeArrivals()
        let opened = crossbar.open(read(line: 1, at: 0), delay: 0)
        let first = try #require(opened)
        crossbar.answer(first, at: 250)
        let openedNext = crossbar.open(read(line: 2, at: 0), delay: 0)
        let second = try #require(openedNext)
        crossbar.answer(second, at: 250)
        // At 340 the first answer has passed the coalescer, and the second one has not. A merged read takes no sector.
        let merged = crossbar.open(read(line: 2, at: 340), delay: 0)
        let openedLate = crossbar.open(read(line: 1, at: 340), delay: 0)
        let late = try #require(openedLate)
        crossbar.answerLater(late, earliest: 500)
        let openedOther = crossbar.open(read(line: 1, at: 0, gpc: 1), delay: 0)
        let other = try #require(openedOther)
        crossbar.answer(other, at: 250)
        #expect(none == 0 && merged?.number == nil)
        #expect(crossbar.mergedCount == 1 && crossbar.mergedAnswer(0).arrival == 450)
        let arrivals: [Double] = (0..<4).map { crossbar.takeAnswer($0).arrival }
        #expect(arrivals == [250, 450, 900, 250])
        #expect(crossbar.queueCycles == 600)
    }

    @Test func `An answer waits no second time for what its request has waited`() throws {
        var crossbar = try crossbar { $0.gpcs.fillBytesPerCycle = 32.0 / 200 }
        crossbar.begin(window: 0)
        _ = crossbar.takeArrivals()
        let delays: [Double] = (0..<3).map { crossbar.open(read(line: UInt64($0), at: 0), delay: 150)?.fillDelay ?? -1 }
        #expect(delays == [0, 50, 250])
    }

    @Test func `Sectors cross the fabric one after the other`() throws {
        var crossbar = try crossbar()
        #expect(crossbar.waitForFabric(sectors: 4, now: 10) == 0)
        #expect(crossbar.waitForFabric(sectors: 2, now: 11) == 3)
        #expect(crossbar.fabricFree == 16)
        #expect(crossbar.waitForFabric(sectors: 1, now: 40) == 0)
    }
}
