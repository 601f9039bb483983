import Kernels
import Machine
import Trace

/// The order in which the blocks of a launch, its tiles, are issued.
package enum TileOrder: Equatable, Sendable {
    /// The order of the grid's numbers, x fastest.
    case linear
    /// Heads fastest, then the other axes in the grid's order.
    case headFastest
    /// Chunks fastest, then the other axes in the grid's order.
    case chunkFastest
    /// The two slowest axes with more than one block are rows (the slowest) and columns. Groups of `rows` rows are
    /// walked column by column, as Triton's GROUP_M does. Faster axes stay within.
    case swizzled(rows: Int)
    /// Tiles of one share of the chunks go to the SMs behind one L2 partition.
    case perPartition
    /// The given axes, fastest first.
    case axes([GridAxis])

    /// Names that commands take.
    package static let names = ["linear", "head-fastest", "chunk-fastest", "swizzled", "per-partition"]

    /// An order by its name, or by its axes, such as `zyx`.
    /// - Parameter rows: rows of a group of the swizzled order.
    /// - Throws: `FusionError.unknownOrder`.
    package init(named name: String, rows: Int = 8) throws(FusionError) {
        switch name {
        case "linear": self = .linear
        case "head-fastest": self = .headFastest
        case "chunk-fastest": self = .chunkFastest
        case "swizzled": self = .swizzled(rows: rows)
        case "per-partition": self = .perPartition
        default:
            let axes = name.compactMap(GridAxis.init(rawValue:))
            guard axes.count == name.count, Set(axes).count == GridAxis.allCases.count, axes.count == 3 else {
                throw .unknownOrder(name: name)
            }
            self = .axes(axes)
        }
    }

    /// The name as a command takes it.
    package var name: String {
        switch self {
        case .linear: "linear"
        case .headFastest: "head-fastest"
        case .chunkFastest: "chunk-fastest"
        case .swizzled: "swizzled"
        case .perPartition: "per-partition"
        case .axes(let axes): String(axes.map(\.rawValue))
        }
    }
}

/// The tiles of one launch in an order: a permutation of its linear block numbers. It is computed from positions if
/// possible, and otherwise listed.
package struct TileSequence: Sendable {
    private enum Rule: Sendable {
        /// Axes, fastest first.
        case axes([GridAxis])
        /// Four counts: the blocks of the axes within a tile of the plane, the columns, the rows, and the rows of a
        /// group.
        case swizzled(inner: Int, columns: Int, rows: Int, group: Int)
        case listed([Int32])
    }

    private let grid: Grid
    private let rule: Rule

    /// The number of tiles.
    package var count: Int { grid.blockCount }

    /// The order of a launch's tiles on a machine.
    /// - Throws: `FusionError.noSuchAxis` if the order needs an axis that the kernel's grid does not have or that is
    ///   not known.
    package init(_ order: TileOrder, of launch: KernelLaunch, machine: MachineDescription) throws(FusionError) {
        grid = launch.grid
        let axes = Registry.kernel(named: launch.kernel)?.axes
        switch order {
        case .linear: rule = .axes([.x, .y, .z])
        case .axes(let axes): rule = .axes(axes)
        case .headFastest:
            guard let head = axes?.head else {
                throw .noSuchAxis(order: order.name, kernel: launch.kernel, isKnown: axes != nil)
            }
            rule = .axes(Self.first(head))
        case .chunkFastest:
            guard let chunk = axes?.chunk else {
                throw .noSuchAxis(order: order.name, kernel: launch.kernel, isKnown: axes != nil)
            }
            rule = .axes(Self.first(chunk))
        case .swizzled(let group):
            let wide = GridAxis.allCases.filter { $0.extent(of: launch.grid) > 1 }
            guard wide.count >= 2 else { throw .tooFewAxes(kernel: launch.kernel) }
            let rows = wide[wide.count - 1].extent(of: grid)
            let columns = wide[wide.count - 2].extent(of: grid)
            rule = .swizzled(
                inner: grid.blockCount / (rows * columns), columns: columns, rows: rows, group: max(1, group))
        case .perPartition:
            let slowest = GridAxis.allCases.last { $0.extent(of: launch.grid) > 1 } ?? .x
            rule = .listed(Self.perPartition(grid: grid, axis: axes?.chunk ?? slowest, layout: machine.gpcs))
        }
    }

    private static func first(_ axis: GridAxis) -> [GridAxis] { [axis] + GridAxis.allCases.filter { $0 != axis } }

    /// The linear number of the tile at `position`.
    package func tile(at position: Int) -> Int {
        switch rule {
        case .axes(let axes):
            var rest = position
            var number = 0
            for axis in axes {
                let extent = axis.extent(of: grid)
                number += rest % extent * Self.stride(of: axis, in: grid)
                rest /= extent
            }
            return number
        case .swizzled(let inner, let columns, let rows, let group):
            let plane = position / inner
            let first = plane / (group * columns) * group
            let height = min(group, rows - first)
            let within = plane % (group * columns)
            return position % inner + inner * (within / height + columns * (first + within % height))
        case .listed(let tiles): return Int(tiles[position])
        }
    }

    private static func stride(of axis: GridAxis, in grid: Grid) -> Int {
        switch axis {
        case .x: 1
        case .y: grid.x
        case .z: grid.x * grid.y
        }
    }

    /// Deals tiles so that each position gets a tile of its SM's partition. Position p starts on the p-th SM of the
    /// dispatch order (modulo the SMs) if SMs become free in that order. The values of the axis are divided evenly
    /// among partitions. A partition without tiles left takes those of the next partition.
    private static func perPartition(grid: Grid, axis: GridAxis, layout: GPCLayout) -> [Int32] {
        let partitions = (layout.partitionOfGPC.max() ?? 0) + 1
        let extent = axis.extent(of: grid)
        let stride = stride(of: axis, in: grid)
        var next = [Int](repeating: 0, count: partitions)
        func advance(_ partition: Int) {
            while next[partition] < grid.blockCount,
                next[partition] / stride % extent * partitions / extent != partition
            { next[partition] += 1 }
        }
        for partition in 0..<partitions { advance(partition) }
        return (0..<grid.blockCount).map { position in
            var partition = layout.partitionOfSM[layout.dispatchOrder[position % layout.dispatchOrder.count]]
            while next[partition] == grid.blockCount { partition = (partition + 1) % partitions }
            let tile = next[partition]
            next[partition] += 1
            advance(partition)
            return Int32(truncatingIfNeeded: tile)
        }
    }
}
