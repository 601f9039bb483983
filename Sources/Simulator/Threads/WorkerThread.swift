import CSupport
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A thread of the system that runs one function. Every thread of this project starts here.
///
/// The system may provide no thread. Then `start` returns nil, the caller does the work itself, and the handler of
/// `onShortage` runs once.
package struct WorkerThread: ~Copyable {
    private let handle: pthread_t
    /// Bytes of a worker's stack, as many as a main thread has.
    private static let stackBytes = 8 << 20

    private init(handle: pthread_t) { self.handle = handle }

    /// Starts a thread that runs `body`.
    /// - Returns: nil if the system provides no thread.
    package static func start(_ body: @escaping @Sendable () -> Void) -> WorkerThread? {
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        var handle = pthread_t(bitPattern: 0)
        let status = withUnsafeMutablePointer(to: &handle) { pointer in
            pointer.withMemoryRebound(to: pthread_t.self, capacity: 1) {
                weir_thread_start($0, stackBytes, runBody, context)
            }
        }
        guard status == 0, let started = Optional(handle) else {
            Unmanaged<Body>.fromOpaque(context).release()
            shortage.report()
            return nil
        }
        return WorkerThread(handle: started)
    }

    /// Waits for the thread's end. The caller must call it exactly once.
    package consuming func join() { pthread_join(handle, nil) }

    private static let shortage = ThreadShortage()

    /// Sets the handler that runs once in the life of the process, when the system provides no thread. The command
    /// writes a line then.
    package static func onShortage(_ handler: @escaping @Sendable () -> Void) { shortage.setHandler(handler) }

    /// For tests: of the threads that this thread starts from now on, only the first `count` start. nil lets all start.
    package static func limitStarts(to count: Int?) { weir_thread_limit(Int32(count ?? -1)) }
}

/// Calls a handler for the first shortage only.
private final class ThreadShortage: Sendable {
    private let handler = Mutex<(@Sendable () -> Void)?>(nil)
    private let isReported = Atomic<Bool>(false)

    func setHandler(_ new: @escaping @Sendable () -> Void) { handler.withLock { $0 = new } }

    func report() {
        guard let handler = handler.withLock({ $0 }), !isReported.exchange(true, ordering: .relaxed) else { return }
        handler()
    }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runBody(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
