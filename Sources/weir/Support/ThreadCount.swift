/// How many of the threads that `--threads` gives a simulation uses.
enum ThreadCount {
    /// Says once on standard error where fewer are used than were asked for.
    /// - Parameters:
    ///   - limit: the most that the simulation can use: one for each half of a GPU, or one for plain caches.
    /// - Returns: at most `limit`.
    static func used(_ threads: Int, limit: Int = 2, quiet: Bool) -> Int {
        if threads > 2, !quiet {
            StandardError.write(
                limit == 1
                    ? "weir: --threads \(threads): 1 thread is used; plain caches are simulated on one"
                    : "weir: --threads \(threads): 2 threads are used; a simulation has two halves, each with a thread")
        }
        return min(limit, threads)
    }
}
