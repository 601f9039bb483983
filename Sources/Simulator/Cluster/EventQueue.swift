/// What an event wakes.
enum EventKind: UInt8 {
    /// A block executes its first operation.
    case begin
    /// A block continues with its program.
    case block
    /// The compute step of an SM that ends first may be complete.
    case compute
}

/// Something that happens on an SM at a known time.
struct Event: BitwiseCopyable {
    var time: Double
    /// The order in which events were scheduled. It breaks ties, so that runs repeat exactly.
    var sequence: UInt32
    /// The generation of a `compute` event. The event is outdated unless it equals the SM's generation.
    var generation: UInt32
    /// The slot for `begin` and `block` events, the SM for `compute` events.
    var index: Int32
    var kind: EventKind

    @inline(__always)
    static func < (left: Event, right: Event) -> Bool {
        left.time < right.time || (left.time == right.time && left.sequence < right.sequence)
    }
}

/// A 4-ary heap of events. A stage of a block has a handful of events; memory requests have none.
struct EventQueue: ~Copyable {
    private var heap = Buffer<Event>(capacity: 4096)
    private var nextSequence: UInt32 = 0

    var isEmpty: Bool { heap.count == 0 }

    /// Time of the earliest event; infinity without events.
    var nextTime: Double { heap.count == 0 ? .infinity : heap[0].time }

    /// Time of the earliest event for which `isWanted` holds; infinity without one.
    func earliest(where isWanted: (Event) -> Bool) -> Double {
        var time = Double.infinity
        for position in 0..<heap.count where heap[position].time < time && isWanted(heap[position]) {
            time = heap[position].time
        }
        return time
    }

    mutating func push(time: Double, kind: EventKind, index: Int, generation: UInt32 = 0) {
        let event = Event(
            time: time, sequence: nextSequence, generation: generation, index: Int32(truncatingIfNeeded: index),
            kind: kind)
        nextSequence &+= 1
        heap.append(event)
        var hole = heap.count - 1
        while hole > 0 {
            let parent = (hole - 1) / 4
            guard event < heap[parent] else { break }
            heap[hole] = heap[parent]
            hole = parent
        }
        heap[hole] = event
    }

    /// Removes the earliest event. The queue must not be empty.
    mutating func pop() -> Event {
        let top = heap[0]
        let last = heap[heap.count - 1]
        heap.resize(to: heap.count - 1)
        let count = heap.count
        guard count > 0 else { return top }
        var hole = 0
        while true {
            let first = hole * 4 + 1
            guard first < count else { break }
            var best = first
            for child in (first + 1)..<max(first + 1, min(first + 4, count)) where heap[child] < heap[best] {
                best = child
            }
            guard heap[best] < last else { break }
            heap[hole] = heap[best]
            hole = best
        }
        heap[hole] = last
        return top
    }

    mutating func removeAll() {
        heap.removeAll()
        nextSequence = 0
    }
}
