import ArgumentParser
import Foundation

/// The threads of one simulation.
package struct ThreadsOption: ParsableArguments {
    /// The values that `--threads` takes. A simulation uses at most two threads.
    static let range = 1...64

    @Option(name: .customLong("threads"), help: "Threads, 1 or 2; results do not depend on it.")
    package var asked = min(2, ProcessInfo.processInfo.activeProcessorCount)

    package init() {}

    package func validate() throws {
        guard Self.range.contains(asked) else {
            throw ValidationError("--threads is \(asked) and must be 1 to 64; more than 2 are not used")
        }
    }

    /// The number of the requested threads that a simulation uses. If it is smaller, the command says so once on
    /// standard error.
    /// - Parameter limit: the most threads that the simulation can use: one for each half of a GPU, or one for plain
    ///   caches.
    func used(limit: Int = 2, quiet: Bool) -> Int {
        if asked > 2, !quiet {
            StandardError.write(
                limit == 1
                    ? "weir: --threads \(asked): 1 thread is used; plain caches are simulated on one"
                    : "weir: --threads \(asked): 2 threads are used; a simulation has two halves, each with a thread")
        }
        return min(limit, asked)
    }
}
