import Trace

/// What passes between blocks, and from part to part of their programs, between two windows.
extension Simulation {
    /// Windows in which all resident blocks wait for flags before these are looked up: whether any of them can still go
    /// on.
    private static var patience: Int { 256 }

    /// Lets the blocks whose part ended in the last window go on with the next one, in the order of these ends.
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

    /// Enters the last window's signals into the board.
    /// - Throws: `SimulatorError.flagsNeverSignalled` when all resident blocks wait for flags that show too few
    ///   signals, those on their way included, and `.stalled` when the others compute for ever.
    func passSignals(kernel: String, window: Int) throws(SimulatorError) {
        let configuration = halves[0].configuration
        let horizon = Double(window) * configuration.windowCycles - configuration.nearHitLatency
        var signalled = false
        var waiting = 0
        var resident = 0
        for half in 0..<halfCount {
            let count = halves[half].cluster.flags.signals.count
            for position in 0..<count {
                let signal = halves[half].cluster.flags.signals[position]
                board.signal(signal.flag, at: signal.time, horizon: horizon)
            }
            signalled = signalled || count > 0
            halves[half].cluster.flags.signals.removeAll()
            waiting += halves[half].cluster.flags.waiting
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
        // A block whose flag has its signals goes on, however long these and its next poll are on their way.
        guard !(0..<halfCount).contains(where: { halves[$0].cluster.hasSignalledWaiter }) else { return }
        if endless > 0 { throw .stalled(kernel: kernel, blocks: resident) }
        throw .flagsNeverSignalled(kernel: kernel, blocks: waiting)
    }

    /// Resident blocks in compute steps that take for ever.
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
