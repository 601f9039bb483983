import CSupport
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The machine's halves and the threads that advance them: one thread, or one a half.
///
/// `run` executes a step on every half and returns when all are done. Halves live in raw memory so that each step works on
/// them in place; a step may read another half's queues of the step before.
final class HalfTeam: @unchecked Sendable {
    /// What the halves do in one step.
    enum Step: Int, Sendable {
        case advance, serveHome, stop
    }

    let halves: UnsafeMutablePointer<Half>
    let count: Int
    private var usesWorker: Bool
    private let request = Atomic<Int>(0)
    private let finished = Atomic<Int>(0)
    private var serial = 0
    private var step = Step.advance
    private var window = 0
    private var thread: pthread_t?

    /// - Parameter threads: 2 or more use a second thread where the machine has two halves.
    init(halves: UnsafeMutablePointer<Half>, count: Int, threads: Int) {
        self.halves = halves
        self.count = count
        usesWorker = threads > 1 && count > 1
        if usesWorker { startWorker() }
    }

    /// Ends the worker thread. Call exactly once, after the last `run`.
    func stop() {
        guard usesWorker, let thread else { return }
        post(.stop, window: 0)
        pthread_join(thread, nil)
        self.thread = nil
    }

    /// Executes `step` for `window` on every half.
    func run(_ step: Step, window: Int) {
        guard usesWorker else {
            for half in 0..<count { execute(step, window: window, half: half) }
            return
        }
        post(step, window: window)
        execute(step, window: window, half: 0)
        wait { finished.load(ordering: .acquiring) == serial }
    }

    private func post(_ step: Step, window: Int) {
        self.step = step
        self.window = window
        serial += 1
        request.store(serial, ordering: .releasing)
    }

    private func execute(_ step: Step, window: Int, half: Int) {
        let other = count == 1 ? half : 1 - half
        switch step {
        case .advance:
            let start = Double(window) * halves[half].configuration.windowCycles
            if count == 1 {
                // A single half has no fabric, hence no answers from it.
                halves[half].fabricResponses.removeAll()
                let none = RequestQueue<FabricResponse>(capacity: 16)
                halves[half].deliverAnswers(responses: none, now: start)
            } else {
                halves[half].deliverAnswers(responses: halves[other].fabricResponses, now: start)
            }
            halves[half].runEvents(in: window)
            halves[half].lookUp(window: window)
        case .serveHome:
            if count == 1 {
                let none = RequestQueue<FabricRequest>(capacity: 16)
                halves[half].serveHome(requests: none)
            } else {
                halves[half].serveHome(requests: halves[other].fabricRequests)
            }
        case .stop:
            break
        }
    }

    private func startWorker() {
        let context = Unmanaged.passRetained(self).toOpaque()
        var handle = pthread_t(bitPattern: 0)
        let status = withUnsafeMutablePointer(to: &handle) { pointer in
            pointer.withMemoryRebound(to: pthread_t.self, capacity: 1) { pthread_create($0, nil, workerMain, context) }
        }
        guard status == 0 else {
            // The system lends no second thread: one gives the same results.
            Unmanaged<HalfTeam>.fromOpaque(context).release()
            usesWorker = false
            return
        }
        thread = handle
    }

    fileprivate func work() {
        var seen = 0
        while true {
            wait { request.load(ordering: .acquiring) > seen }
            seen += 1
            let current = step
            if current == .stop { return }
            execute(current, window: window, half: 1)
            finished.store(seen, ordering: .releasing)
        }
    }

    /// Spins for a while, then gives the core away between looks.
    @inline(__always)
    private func wait(until condition: () -> Bool) {
        var spins = 0
        while !condition() {
            spins += 1
            if spins < 4_000 { weir_pause() } else { sched_yield() }
        }
    }
}

private func workerMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<HalfTeam>.fromOpaque(context).takeRetainedValue().work()
    return nil
}
