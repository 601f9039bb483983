import Machine
import Trace

/// Plain caches through which launches run one after another. Blocks run in linear order and operations in program
/// order. There is no time.
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
    /// - Throws: `SimulatorError`, or an error of the source.
    package func run(_ source: any BlockProgramSource, progress: ((Int) -> Void)? = nil) throws -> PlainLaunchResult {
        var source = source
        let launch = source.launch
        if cacheMode == .cold { hierarchy.reset() }
        hierarchy.counters = PlainCounters()
        for block in 0..<launch.grid.blockCount {
            progress?(block)
            try source.loadProgram(ofBlock: block, into: &program)
            try hierarchy.perform(program, kernel: launch.kernel)
        }
        if machine.settings.core.flushesAtEnd { hierarchy.copyBackAll() }
        return PlainLaunchResult(launch: launch, counters: hierarchy.counters)
    }
}

/// The counts of one launch in plain caches.
package struct PlainLaunchResult: Equatable, Sendable {
    package let launch: KernelLaunch
    package let counters: PlainCounters
}
