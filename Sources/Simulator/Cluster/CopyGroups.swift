/// The groups of asynchronous copies of every slot's block. For each group it holds how many operations are on their
/// way, and the latest arrival among the operations that are complete.
///
/// The groups of a block use the cells of a ring in turn.
struct CopyGroups: ~Copyable {
    /// Cells of a ring.
    static var cells: Int { 16 }

    private let outstanding: Buffer<Int32>
    private let ready: Buffer<Double>

    init(slots: Int) {
        outstanding = Buffer(repeating: 0, count: slots * Self.cells)
        ready = Buffer(repeating: 0, count: slots * Self.cells)
    }

    /// Forgets the groups of a slot.
    func reset(slot: Int) {
        for cell in (slot * Self.cells)..<((slot + 1) * Self.cells) {
            outstanding[cell] = 0
            ready[cell] = 0
        }
    }

    @inline(__always)
    func open(slot: Int, cell: Int32) { outstanding[slot * Self.cells + Int(cell)] += 1 }

    @inline(__always)
    func close(slot: Int, cell: Int32) { outstanding[slot * Self.cells + Int(cell)] -= 1 }

    /// Notes that copies of the group in `cell` arrive at `arrival`.
    @inline(__always)
    func note(slot: Int, cell: Int32, arrival: Double) {
        let index = slot * Self.cells + Int(cell)
        ready[index] = max(ready[index], arrival)
    }

    /// Cycle at which all copies of a group have arrived; nil while some are on their way.
    @inline(__always)
    func ready(slot: Int, group: Int32) -> Double? {
        let cell = slot * Self.cells + Int(group) % Self.cells
        return outstanding[cell] == 0 ? ready[cell] : nil
    }
}
