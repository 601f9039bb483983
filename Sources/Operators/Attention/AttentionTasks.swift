/// The tiles that blocks of an attention kernel take: persistent blocks take the next tile as they become free, longest
/// first within a head, as cuDNN's counter in memory hands them out. Other kernels have a block a tile.
struct AttentionTasks: Sendable {
    struct Task: Sendable {
        var batch: Int
        var head: Int
        var tile: Int
    }

    private let order: [Task]
    /// For each block, the numbers of its tasks.
    private let ofBlock: [[Int32]]

    /// Steps that beginning and ending a tile is worth.
    private static let overhead = 2

    /// - Parameter steps: steps of a tile's task.
    init(_ shape: AttentionShape, tiles: Int, blocks: Int, steps: (Int) -> Int) {
        var order: [Task] = []
        order.reserveCapacity(shape.batch * shape.heads * tiles)
        let ranked = (0..<tiles).sorted { (steps($0), $0) > (steps($1), $1) }
        for batch in 0..<shape.batch {
            for head in 0..<shape.heads {
                for tile in ranked { order.append(Task(batch: batch, head: head, tile: tile)) }
            }
        }
        self.order = order
        var ofBlock = [[Int32]](repeating: [], count: blocks)
        var free = [Int](repeating: 0, count: blocks)
        for (number, task) in order.enumerated() {
            var first = 0
            for block in free.indices where free[block] < free[first] { first = block }
            free[first] += steps(task.tile) + Self.overhead
            ofBlock[first].append(Int32(number))
        }
        self.ofBlock = ofBlock
    }

    func tasks(ofBlock block: Int) -> some Sequence<Task> { ofBlock[block].lazy.map { order[Int($0)] } }
}
