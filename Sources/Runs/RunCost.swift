/// The cost of a run on the machine that simulated it.
package struct RunCost: Equatable, Sendable {
    /// Elapsed time from the first launch's start to the last one's end, in seconds.
    package var wallSeconds: Double
    /// Largest resident memory of the process so far, in bytes.
    package var peakMemoryBytes: Int

    package init(wallSeconds: Double, peakMemoryBytes: Int) {
        self.wallSeconds = wallSeconds
        self.peakMemoryBytes = peakMemoryBytes
    }
}
