import Foundation
import Simulator

/// Runs the points of a plan that are missing in their file, several at a time.
package struct SweepRunner: Sendable {
    private let plan: SweepPlan
    private let file: SweepFile
    private let jobs: Int
    private let retriesFailed: Bool

    /// - Parameters:
    ///   - jobs: the number of points that run at the same time.
    ///   - retriesFailed: whether to run points again that were recorded as failed before this sweep began.
    package init(plan: SweepPlan, file: SweepFile, jobs: Int, retriesFailed: Bool = false) {
        self.plan = plan
        self.file = file
        self.jobs = jobs
        self.retriesFailed = retriesFailed
    }

    /// Returns once the file has a line for every point of the plan, whoever ran it.
    ///
    /// A point that another process runs is left to that process. If it ends without a result, the point is run here.
    /// - Parameters:
    ///   - key: the point's key.
    ///   - line: runs the point and returns its line, which includes the point's errors.
    ///   - progress: called from the calling thread, a few times a second. Without any other thread it is called after
    ///     each point.
    /// - Throws: `SweepError` of the file; points that run then finish, but they are not recorded. It also throws if
    ///   the file was deleted, replaced or shortened in the meantime.
    package func run(
        key: @escaping @Sendable (SweepPoint) -> String, line: @escaping @Sendable (SweepPoint, String) -> String,
        progress: (SweepProgress) -> Void
    ) throws -> SweepProgress {
        let queue = SweepQueue(count: plan.count)
        let threads = ThreadGroup()
        for _ in 0..<min(jobs, max(1, plan.count)) {
            queue.enter()
            let starts = threads.start { [self] in
                work(queue, key: key, line: line)
                queue.leave()
            }
            guard !starts else { continue }
            queue.leave()
            break
        }
        while queue.wait(seconds: 0.2) { progress(queue.progress) }
        threads.join()
        // Without any thread nothing has been done yet.
        work(queue, key: key, line: line) { progress(queue.progress) }
        if let error = queue.error { throw error }
        try file.verify()
        return queue.progress
    }

    private func work(
        _ queue: SweepQueue, key: @Sendable (SweepPoint) -> String, line: @Sendable (SweepPoint, String) -> String,
        progress: () -> Void = {}
    ) {
        while let position = queue.next() {
            let point = plan.point(position)
            let key = key(point)
            do {
                if let status = finished(key) {
                    queue.skip(status)
                } else if try file.claim(key: key) {
                    defer { file.release(key: key) }
                    if let status = finished(key) {
                        queue.skip(status)
                    } else {
                        let line = line(point, key)
                        try file.append(line)
                        queue.finish(file.status(ofKey: key))
                    }
                } else {
                    queue.postpone(position)
                }
            } catch {
                queue.fail(error)
            }
            progress()
        }
    }

    /// The recorded status of a point that does not need a run.
    private func finished(_ key: String) -> SweepFile.Status? {
        guard let status = file.status(ofKey: key) else { return nil }
        guard status == .failed, retriesFailed, file.failedBefore(key: key) else { return status }
        return nil
    }
}

/// The state that the threads of a sweep share.
private final class SweepQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private let count: Int
    private var position = 0
    /// Points that another thread or process is running.
    private var postponed: [Int] = []
    private var threads = 0
    private var state: SweepProgress
    private var failure: (any Error)?

    init(count: Int) {
        self.count = count
        state = SweepProgress(total: count)
    }

    var progress: SweepProgress { condition.withLock { state } }
    var error: (any Error)? { condition.withLock { failure } }

    func enter() { condition.withLock { threads += 1 } }

    func leave() {
        condition.withLock {
            threads -= 1
            condition.broadcast()
        }
    }

    /// The next point. Postponed points come last, after a pause. nil once no point is left.
    func next() -> Int? {
        condition.lock()
        defer { condition.unlock() }
        guard failure == nil else { return nil }
        if position < count {
            position += 1
            return position - 1
        }
        guard !postponed.isEmpty else { return nil }
        let first = postponed.removeFirst()
        condition.unlock()
        Thread.sleep(forTimeInterval: 0.05)
        condition.lock()
        return failure == nil ? first : nil
    }

    func postpone(_ position: Int) { condition.withLock { postponed.append(position) } }

    func skip(_ status: SweepFile.Status) {
        condition.withLock {
            state.skipped += 1
            if status == .failed { state.skippedFailed += 1 }
        }
    }

    func finish(_ status: SweepFile.Status?) {
        condition.withLock {
            state.ran += 1
            if status == .failed { state.failed += 1 }
        }
    }

    func fail(_ error: any Error) { condition.withLock { if failure == nil { failure = error } } }

    /// Waits for the threads' end.
    /// - Returns: whether some threads still run.
    func wait(seconds: Double) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        if threads > 0 { _ = condition.wait(until: Date(timeIntervalSinceNow: seconds)) }
        return threads > 0
    }
}
