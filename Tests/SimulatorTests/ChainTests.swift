import Machine
import Simulator
import Testing
import Trace

@Suite("Chains and request rates")
struct ChainTests {
    @Test("A GPC passes no more requests than its rate: what a window has too many of waits")
    func requestRate() throws {
        func cycles(interval: Double) throws -> Double {
            let machine = try smallMachine { $0.gpcs.requestCycles = interval }
            let simulation = try Simulation(machine: machine, cacheMode: .cold)
            let load: [Operation] = [
                access(.copyBypass, at: 0, bytes: 32 * 128), .commitGroup, .awaitGroups(pending: 0),
            ]
            let source = SyntheticSource(launch: launch()) { _, program in program.operations = load }
            return try simulation.run(source).lifetimes.sum
        }
        let free = try cycles(interval: 0)
        // Windows of 200 cycles pass twenty requests at ten cycles each; twelve of 32 wait, the last for a hundred and
        // twenty.
        let held = try cycles(interval: 10)
        #expect(held - free > 60)
        #expect(held - free <= 120)
    }
}
