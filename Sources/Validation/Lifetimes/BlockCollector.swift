import Machine
import Simulator
import Trace

/// Keeps all blocks of one launch.
final class BlockCollector: LaunchObserver {
    private(set) var blocks: [BlockInterval] = []
    private var clockHertz = 1.0

    func launchBegins(_ launch: KernelLaunch, occupancy: Occupancy, clockHertz: Double) {
        blocks = []
        self.clockHertz = clockHertz
    }

    func blocksEnded(_ blocks: [BlockRecord]) {
        for block in blocks { self.blocks.append(BlockInterval(block, clockHertz: clockHertz)) }
    }

    func launchEnded(_ result: LaunchResult) {}
}
