/// Threads that the caller joins together.
package final class ThreadGroup {
    private var threads: [JoinableThread] = []

    package init() {}

    /// Starts a thread that runs `body`.
    /// - Returns: false if the system provides no thread.
    package func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        guard let thread = WorkerThread.start(body) else { return false }
        threads.append(JoinableThread(thread))
        return true
    }

    /// Waits for the end of all threads. The caller must call it once.
    package func join() {
        for thread in threads { thread.join() }
        threads = []
    }
}

/// Holds a worker thread in an array. Arrays hold no values that cannot be copied.
private final class JoinableThread {
    private var thread: WorkerThread?

    init(_ thread: consuming WorkerThread) { self.thread = consume thread }

    func join() {
        guard let thread = thread.take() else { return }
        thread.join()
    }
}
