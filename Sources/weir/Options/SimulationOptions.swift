import ArgumentParser
import Foundation
import Simulator

extension CacheMode: ExpressibleByArgument {}

/// How launches are simulated.
package struct SimulationOptions: ParsableArguments {
    @Option(help: "What a launch finds in the L2: cold (nothing) or chained (what earlier launches left).")
    package var cache = CacheMode.cold

    @Option(help: "Threads, 1 or 2; results do not depend on it.")
    package var threads = min(2, ProcessInfo.processInfo.activeProcessorCount)

    @Flag(help: "Leaves wall_seconds and peak_memory_bytes out, so that equal results are equal bytes.")
    package var deterministic = false

    package init() {}

    package func validate() throws {
        guard (1...64).contains(threads) else {
            throw ValidationError("--threads is \(threads) and must be 1 to 64; more than 2 are not used")
        }
    }
}
