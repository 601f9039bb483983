import Machine
import Trace

/// Plain caches through which launches run one after another: blocks in linear order, operations in program order, no time.
package final class PlainSimulation {
    package let machine: PlainMachine
    package let cacheMode: CacheMode
    private var hierarchy: PlainHierarchy
    private var program = BlockProgram()

    package init(machine: PlainMachine, cacheMode: CacheMode) {
        self.machine = machine
        self.cacheMode = cacheMode
        hierarchy = PlainHierarchy(machine)
    }

    /// Runs one launch to its end.
    /// - Parameter progress: called before each block with the number of blocks started.
    /// - Throws: `SimulatorError`, or what the source throws.
    package func run(_ source: any BlockProgramSource, progress: ((Int) -> Void)? = nil) throws -> PlainLaunchResult {
        var source = source
        let launch = source.launch
        if cacheMode == .cold { hierarchy.reset() }
        hierarchy.counters = PlainCounters()
        for block in 0..<launch.grid.blockCount {
            progress?(block)
            try source.loadProgram(ofBlock: block, into: &program)
            try perform(program, kernel: launch.kernel)
        }
        return PlainLaunchResult(launch: launch, counters: hierarchy.counters)
    }

    private func perform(_ program: borrowing BlockProgram, kernel: String) throws(SimulatorError) {
        for operation in program.operations {
            switch operation {
            case .tile(let tile): perform(tile)
            case .lanes(let lanes):
                let access = PlainAccess(lanes.kind)
                let bytes = UInt64(lanes.laneBytes)
                guard bytes > 0 else { continue }
                let first = Int(lanes.firstLane)
                for lane in first..<(first &+ Int(lanes.laneCount)) {
                    hierarchy.access(access, address: program.laneAddresses[lane], bytes: bytes)
                }
            case .awaitLoads, .commitGroup, .awaitGroups, .barrier, .compute, .invalidateL1: continue
            case .signal: throw .unsupportedOperation(kernel: kernel, operation: "signals to other blocks")
            case .awaitFlag: throw .unsupportedOperation(kernel: kernel, operation: "waits for other blocks")
            }
        }
    }

    /// A tile's lanes one after another: request by request in row-major order, in each row by row, the last lane of a row cut
    /// where the row ends.
    private func perform(_ tile: TileAccess) {
        guard tile.rows > 0, tile.rowBytes > 0, tile.laneBytes > 0 else { return }
        let access = PlainAccess(tile.kind)
        let rows = Int(tile.rows)
        let rowBytes = Int(tile.rowBytes)
        let laneBytes = Int(tile.laneBytes)
        let laneStride = Int(tile.laneStrideBytes)
        let span = laneStride * Int(tile.lanesPerRow)
        for firstRow in stride(from: 0, to: rows, by: Int(tile.requestRows)) {
            let endRow = min(rows, firstRow + Int(tile.requestRows))
            for column in stride(from: 0, to: rowBytes, by: span) {
                for piece in stride(from: 0, to: min(laneStride, rowBytes - column), by: laneBytes) {
                    let width = min(laneBytes, laneStride - piece)
                    for _ in 0..<tile.replicas {
                        for row in firstRow..<endRow {
                            let start = tile.address &+ UInt64(bitPattern: Int64(row) &* tile.pitchBytes)
                            let end = min(rowBytes, column + span)
                            for offset in stride(from: column + piece, to: end, by: laneStride) {
                                hierarchy.access(
                                    access, address: start &+ UInt64(offset), bytes: UInt64(min(width, rowBytes - offset)))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What one launch did in plain caches.
package struct PlainLaunchResult: Equatable, Sendable {
    package let launch: KernelLaunch
    package let counters: PlainCounters
}
