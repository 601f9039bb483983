import Trace

/// Decides between two windows who takes which lock.
extension Simulation {
    /// Executes the requests of locks that no other request can precede.
    /// - Returns: whether a lock was taken or given back.
    func passLocks(window: Int) -> Bool {
        for half in 0..<halfCount {
            for position in 0..<halves[half].cluster.flags.lockRequests.count {
                locks.add(halves[half].cluster.flags.lockRequests[position], half: half)
            }
            halves[half].cluster.flags.lockRequests.removeAll()
        }
        // What a block asks for from now on reaches the L2 half a round trip later at the earliest.
        let configuration = halves[0].configuration
        let horizon = Double(window + 1) * configuration.windowCycles + configuration.nearHitLatency / 2
        let halves = halves
        return locks.execute(before: horizon) { half, slot, isTaken in
            halves[half].cluster.slots[slot].phase = isTaken ? .lockTaken : .lockRefused
        }
    }

    /// Whether a resident block waits for a lock that it can take.
    var hasWaiterForFreeLock: Bool {
        for half in 0..<halfCount {
            for slot in 0..<halves[half].cluster.slots.count where halves[half].cluster.slots[slot].block >= 0 {
                switch halves[half].cluster.slots[slot].phase {
                case .none, .fenced, .polled, .pausing: continue
                case .lockTaken: return true
                case .lockFenced, .lockAsked, .lockRefused, .lockPausing:
                    let position = Int(halves[half].cluster.slots[slot].position)
                    if case .tile(let word) = halves[half].cluster.programs[slot].operations[position],
                        locks.isFree(word.address)
                    {
                        return true
                    }
                }
            }
        }
        return false
    }
}
