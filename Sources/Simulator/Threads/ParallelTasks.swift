import Synchronization

/// Runs independent tasks side by side.
package enum ParallelTasks {
    /// The results of `body` for each of `count` tasks, in their order. The first error ends the rest and is thrown.
    ///
    /// The calling thread takes part. If the system provides fewer threads than `jobs`, the others do more, down to the
    /// calling thread alone. The results do not depend on the number of threads.
    /// - Parameters:
    ///   - jobs: the number of tasks at a time.
    ///   - progress: called from any thread with the number of tasks done and of all tasks.
    package static func map<Result: Sendable>(
        count: Int, jobs: Int, progress: (@Sendable (Int, Int) -> Void)? = nil,
        body: @escaping @Sendable (Int) throws -> Result
    ) throws -> [Result] {
        let tasks = TaskQueue<Result>(count: count, progress: progress)
        let threads = ThreadGroup()
        for _ in 0..<max(0, min(jobs, count) - 1) {
            guard threads.start({ tasks.work(body) }) else { break }
        }
        tasks.work(body)
        threads.join()
        return try tasks.results()
    }
}

/// The tasks by number, and their results so far.
private final class TaskQueue<Result: Sendable>: Sendable {
    private let count: Int
    private let progress: (@Sendable (Int, Int) -> Void)?
    private let next = Atomic<Int>(0)
    private let done = Atomic<Int>(0)
    private let gathered = Mutex<[Int: Result]>([:])
    private let failure = Mutex<(any Error)?>(nil)

    init(count: Int, progress: (@Sendable (Int, Int) -> Void)?) {
        self.count = count
        self.progress = progress
    }

    func work(_ body: @Sendable (Int) throws -> Result) {
        while true {
            let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard task < count, failure.withLock({ $0 == nil }) else { return }
            do {
                let result = try body(task)
                gathered.withLock { $0[task] = result }
                progress?(done.wrappingAdd(1, ordering: .relaxed).newValue, count)
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
    }

    func results() throws -> [Result] {
        if let error = failure.withLock({ $0 }) { throw error }
        return gathered.withLock { all in (0..<count).compactMap { all[$0] } }
    }
}
