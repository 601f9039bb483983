import Trace

/// Passes signals between blocks, and starts the next parts of programs, between two windows.
extension Simulation {
    /// After this many windows in which all resident blocks wait for flags, the simulation checks whether any of them
    /// can still continue.
    private static var patience: Int { 256 }

    /// Continues the blocks whose part ended in the last window with their next part, in the order of these ends.
    func continueBlocks(_ loader: ProgramLoader) throws {
        var ended: [(half: Int, part: EndedPart)] = []
        for half in 0..<halfCount {
            for position in 0..<halves[half].cluster.endedParts.count {
                ended.append((half, halves[half].cluster.endedParts[position]))
            }
            halves[half].cluster.endedParts.removeAll()
        }
        guard !ended.isEmpty else { return }
        ended.sort { ($0.part.time, $0.half, $0.part.slot) < ($1.part.time, $1.half, $1.part.slot) }
        for (half, part) in ended {
            let slot = Int(part.slot)
            let hasPart = try loader.loadNextPart(
                ofBlock: Int(halves[half].cluster.slots[slot].block), into: &halves[half].cluster.programs[slot])
            halves[half].cluster.continueBlock(slot: slot, at: part.time, hasPart: hasPart)
        }
    }

    /// Enters the last window's signals into the board, and decides who takes which lock.
    /// - Throws: `SimulatorError.flagsNeverSignalled` if all resident blocks wait for flags with too few signals,
    ///   counting those on their way. `SimulatorError.locksNeverGiven` if some of them wait for locks that others of
    ///   them hold. `SimulatorError.stalled` if the other blocks compute for ever.
    func passSignals(kernel: String, window: Int) throws(SimulatorError) {
        let configuration = halves[0].configuration
        let horizon = Double(window) * configuration.windowCycles - configuration.nearHitLatency
        var signalled = passLocks(window: window)
        var waiting = 0
        var waitingForLocks = 0
        var resident = 0
        for half in 0..<halfCount {
            let count = halves[half].cluster.flags.signals.count
            for position in 0..<count {
                let signal = halves[half].cluster.flags.signals[position]
                board.signal(signal.flag, at: signal.time, horizon: horizon)
            }
            signalled = signalled || count > 0
            halves[half].cluster.flags.signals.removeAll()
            waitingForLocks += halves[half].cluster.flags.waitingForLocks
            waiting += halves[half].cluster.flags.waiting + halves[half].cluster.flags.waitingForLocks
            resident += halves[half].cluster.activeBlocks
        }
        guard waiting > 0, !signalled else {
            windowsWithoutSignal = 0
            return windowsAtFlags = 0
        }
        windowsWithoutSignal += 1
        let endless = waiting < resident ? endlessBlocks : 0
        windowsAtFlags = waiting + endless == resident ? windowsAtFlags + 1 : 0
        guard windowsAtFlags > Self.patience else { return }
        windowsAtFlags = 0
        // A block whose flag has its signals continues, however long the signals and the block's next poll are on their
        // way.
        guard !(0..<halfCount).contains(where: { halves[$0].cluster.hasSignalledWaiter }), !hasWaiterForFreeLock else {
            return
        }
        if endless > 0 { throw .stalled(kernel: kernel, blocks: resident) }
        if waitingForLocks > 0 { throw .locksNeverGiven(kernel: kernel, blocks: waiting) }
        throw .flagsNeverSignalled(kernel: kernel, blocks: waiting)
    }

    /// The number of resident blocks in compute steps that never end.
    private var endlessBlocks: Int {
        var blocks = 0
        for half in 0..<halfCount {
            for sm in 0..<halves[half].cluster.sms.count where halves[half].cluster.sms[sm].computesForEver {
                blocks += Int(halves[half].cluster.sms[sm].computing)
            }
        }
        return blocks
    }
}
