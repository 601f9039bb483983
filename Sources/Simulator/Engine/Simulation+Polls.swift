import Trace

/// Long waits for flags. The simulation finds waits that never end, and skips polls beside long compute steps.
///
/// It skips polls only if nothing else happens for long. It holds all polls back until none is on its way. Then each
/// poll moves by as many of its own periods as fit before the next event. A skipped poll would have found the caches as
/// the poll before it did. Counters and times are therefore those of polling one by one, to the last digit of the
/// clock. There is one exception: blocks with different periods now and then meet in a slice, which costs half a cycle.
/// The skip leaves that out too.
extension Simulation {
    /// The number of windows without a signal after which long waits are checked.
    private static var patience: Int { 256 }
    /// The least number of windows without other events that makes a skip worth while.
    private static var leastWindows: Double { 256 }

    /// Checks long waits. The caller calls it between windows, once the window's signals are entered.
    /// - Parameter isComplete: whether all blocks and all their parts are handed out.
    /// - Throws: `SimulatorError.flagNeverSignalled` for a wait that no block can end.
    func passLongWaits(kernel: String, window: Int, isComplete: Bool) throws(SimulatorError) {
        guard windowsWithoutSignal > Self.patience else { return }
        if holdsPolls { return skipHeldPolls(window: window) }
        if isComplete, windowsWithoutSignal & (windowsWithoutSignal &- 1) == 0 { try checkWaits(kernel: kernel) }
        guard !pollsOneByOne, windowsWithoutSignal % 4 == 0, let next = nextBesidesPolls(), next.isFinite else {
            return
        }
        let cycles = halves[0].configuration.windowCycles
        let longest = (0..<halfCount).reduce(0) { max($0, halves[$1].cluster.longestPollPeriod()) }
        guard next > Double(window + 1) * cycles + Self.leastWindows * cycles + 4 * longest,
            !(0..<halfCount).contains(where: { halves[$0].cluster.hasSignalledWaiter })
        else { return }
        for half in 0..<halfCount { halves[half].cluster.flags.holdsPolls = true }
    }

    private var holdsPolls: Bool { halves[0].cluster.flags.holdsPolls }

    private func nextBesidesPolls() -> Double? {
        var next = Double.infinity
        for half in 0..<halfCount {
            guard let here = halves[half].cluster.nextBesidesPolls() else { return nil }
            next = min(next, here)
        }
        return next
    }

    /// Skips polls as soon as all of them are held back.
    private func skipHeldPolls(window: Int) {
        var held = 0
        var waiting = 0
        var first = Double.infinity
        for half in 0..<halfCount {
            held += halves[half].cluster.flags.held.count
            waiting += halves[half].cluster.flags.waiting
            for position in 0..<halves[half].cluster.flags.held.count {
                first = min(first, halves[half].cluster.flags.held[position].time)
            }
        }
        guard held == waiting else { return }
        // The margin leaves some polls before the next event. They find everything as if none had been skipped.
        let cycles = halves[0].configuration.windowCycles
        let longest = (0..<halfCount).reduce(0) { max($0, halves[$1].cluster.longestPollPeriod()) }
        let next = nextBesidesPolls() ?? first
        for half in 0..<halfCount { halves[half].skipPolls(from: first, to: next - 8 * cycles - 2 * longest) }
    }

    /// For each flag with a waiting block, adds the signals that came to those that the programs of resident blocks
    /// still hold. It throws if a wait can never end.
    private func checkWaits(kernel: String) throws(SimulatorError) {
        var waits: [UInt32: UInt32] = [:]
        var left: [UInt32: Int] = [:]
        for half in 0..<halfCount {
            for slot in 0..<halves[half].cluster.slots.count where halves[half].cluster.slots[slot].block >= 0 {
                let position = Int(halves[half].cluster.slots[slot].position)
                for (index, operation) in halves[half].cluster.programs[slot].operations[position...].enumerated() {
                    switch operation {
                    case .signal(let flag): left[flag, default: 0] += 1
                    case .awaitFlag(let flag, let count) where index == 0: waits[flag] = max(waits[flag] ?? 0, count)
                    default: continue
                    }
                }
            }
        }
        for (flag, count) in waits.sorted(by: { $0.key < $1.key }) {
            let signals = board.signals(flag) + (left[flag] ?? 0)
            guard signals < Int(count) else { continue }
            throw .flagNeverSignalled(kernel: kernel, flag: flag, wanted: Int(count), signals: signals)
        }
    }
}
