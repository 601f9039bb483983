/// Threads that are waited for together.
package final class ThreadGroup {
    private var threads: [JoinableThread] = []

    package init() {}

    /// Starts a thread that runs `body`.
    /// - Returns: false where the system lends no thread.
    package func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        guard let thread = WorkerThread.start(body) else { return false }
        threads.append(JoinableThread(thread))
        return true
    }

    /// Waits for the end of all. Call once.
    package func join() {
        for thread in threads { thread.join() }
        threads = []
    }
}

/// A worker thread in an array, which holds no values that cannot be copied.
private final class JoinableThread {
    private var thread: WorkerThread?

    init(_ thread: consuming WorkerThread) { self.thread = consume thread }

    func join() {
        guard let thread = thread.take() else { return }
        thread.join()
    }
}
