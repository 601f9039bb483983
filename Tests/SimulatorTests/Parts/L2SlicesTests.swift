import Machine
import Testing

@testable import Simulator

/// Slices by themselves: what waits for them, and how far they are.
@Suite struct L2SlicesTests {
    /// A slice delivers a sector in two cycles; its atomic unit takes 50 a sector, 120 for the same one again.
    private func slices() throws -> L2Slices {
        let machine = try smallMachine {
            $0.l2.sliceBytesPerCycle = 16
            $0.l2.nearLatencyCycles = 210
            $0.l2.farLatencyCycles = 400
            $0.l2.farSpreadCycles = 0
            $0.l2.reductionSectorCycles = 50
            $0.l2.reductionRepeatCycles = 120
        }
        let constants = configuration(machine)
        var slices = L2Slices(machine: machine, map: addressMap(machine), windowCycles: constants.windowCycles)
        slices.beginLaunch(constants)
        return slices
    }

    @Test func `A slice serves its lines one after the other, and the others meanwhile`() throws {
        let slices = try slices()
        #expect(slices.wait(line: 0, sectors: 4, now: 10) == 0)
        #expect(slices.wait(line: 0, sectors: 1, now: 12) == 6)
        #expect(slices.wait(line: 0, sectors: 1, now: 20) == 0)
        // The lines of a round lie in six slices.
        let waits = (1..<6).map { slices.wait(line: UInt64($0), sectors: 1, now: 20) }
        #expect(waits == [0, 0, 0, 0, 0])
        #expect(slices.nearLatency(line: 3, gpc: 0) == 210 && slices.farLatency(line: 3) == 400)
    }

    @Test func `An atomic unit takes sectors one after the other, the same one again only after a while`() throws {
        var slices = try slices()
        #expect(slices.waitForUnit(line: 0, sectors: 0b0011, now: 100, window: 0) == 0)
        #expect(slices.waitForUnit(line: 0, sectors: 0b0100, now: 110, window: 0) == 90)
        #expect(slices.waitForUnit(line: 0, sectors: 0b0100, now: 250, window: 1) == 70)
        #expect(slices.unitsBookedUntil == 370)
    }
}
