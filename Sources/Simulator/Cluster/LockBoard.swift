/// Which locks of a launch are taken, and the compare-and-swaps and exchanges of locks on their way to the L2.
///
/// Whose compare-and-swap comes first takes a free lock. Requests are executed between windows, in the order of their
/// times, once no earlier one can follow. The answer to a compare-and-swap reaches its block later than that.
struct LockBoard {
    private var taken: Set<UInt64> = []
    private var coming: [(request: LockRequest, half: Int)] = []

    mutating func removeAll() {
        taken.removeAll(keepingCapacity: true)
        coming.removeAll(keepingCapacity: true)
    }

    /// Adds a request of a block of `half`.
    mutating func add(_ request: LockRequest, half: Int) { coming.append((request, half)) }

    /// Executes the requests whose time is before `horizon`.
    /// - Parameter answer: told for each compare-and-swap its half, its block's slot, and whether it took the lock.
    /// - Returns: whether a lock was taken or given back.
    mutating func execute(before horizon: Double, answer: (_ half: Int, _ slot: Int, _ isTaken: Bool) -> Void) -> Bool {
        guard !coming.isEmpty else { return false }
        coming.sort { ($0.request.time, $0.half, $0.request.slot) < ($1.request.time, $1.half, $1.request.slot) }
        let ready = coming.firstIndex { $0.request.time >= horizon } ?? coming.count
        var isChanged = false
        for (request, half) in coming[..<ready] {
            if request.slot < 0 {
                taken.remove(request.address)
                isChanged = true
            } else {
                let isTaken = taken.insert(request.address).inserted
                answer(half, Int(request.slot), isTaken)
                isChanged = isChanged || isTaken
            }
        }
        coming.removeFirst(ready)
        return isChanged
    }

    /// Whether a lock is free, or is given back by a request on its way.
    func isFree(_ address: UInt64) -> Bool {
        !taken.contains(address) || coming.contains { $0.request.slot < 0 && $0.request.address == address }
    }
}

/// A compare-and-swap or an exchange of a lock on its way to the L2.
struct LockRequest: BitwiseCopyable {
    /// Cycle at which the word's home executes it.
    var time: Double
    /// Address of the lock's word.
    var address: UInt64
    /// Slot, within the half, of the block that wants the lock; -1 for an exchange, which gives it back.
    var slot: Int32
}
