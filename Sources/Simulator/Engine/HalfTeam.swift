import CSupport
import Synchronization

/// The machine's halves and the threads that advance them: one thread, or one thread per half.
///
/// `run` executes a step on every half and returns when all are done. Halves live in raw memory, so that each step
/// works on them in place. A step may read the queues that another half filled in the step before.
///
/// The thread that claims the second half's step first executes it. On a quiet machine the worker spins for its next
/// step and claims it at once. On a busy machine the system may delay the worker. Then the calling thread does both
/// steps and is no slower than alone. A thread that waits for a step that has begun spins for some microseconds and
/// then sleeps.
final class HalfTeam: @unchecked Sendable {
    /// What the halves do in one step.
    enum Step: Int, Sendable {
        case advance, serveHome, stop
    }

    let halves: UnsafeMutablePointer<Half>
    let count: Int
    /// The number of the requested step, and the number of the last step that the worker finished; nil without a
    /// worker.
    private var gates: (request: OpaquePointer, finished: OpaquePointer)?
    /// The number of the last step whose second half was claimed.
    private let claimed = Atomic<Int>(0)
    private var serial = 0
    private var step = Step.advance
    private var window = 0
    private var thread: WorkerThread?

    /// - Parameter threads: with 2 or more, a second thread runs if the machine has two halves and the system provides
    ///   the thread.
    init(halves: UnsafeMutablePointer<Half>, count: Int, threads: Int) {
        self.halves = halves
        self.count = count
        if threads > 1, count > 1 { startWorker() }
    }

    deinit {
        guard let gates else { return }
        weir_gate_destroy(gates.request)
        weir_gate_destroy(gates.finished)
    }

    /// Ends the worker thread. The caller must call it exactly once, after the last `run`.
    func stop() {
        guard let gates, let thread = thread.take() else { return }
        post(.stop, window: 0, to: gates.request)
        thread.join()
    }

    /// Executes `step` for `window` on every half.
    func run(_ step: Step, window: Int) {
        guard let gates else {
            for half in 0..<count { execute(step, window: window, half: half) }
            return
        }
        post(step, window: window, to: gates.request)
        execute(step, window: window, half: 0)
        if claim(serial) {
            execute(step, window: window, half: 1)
        } else {
            weir_gate_wait(gates.finished, serial)
        }
    }

    private func post(_ step: Step, window: Int, to request: OpaquePointer) {
        self.step = step
        self.window = window
        serial += 1
        weir_gate_post(request, serial)
    }

    /// Claims the second half's part of step `serial`. It fails if the part is taken or the calling thread is already
    /// past it.
    private func claim(_ serial: Int) -> Bool {
        claimed.compareExchange(expected: serial - 1, desired: serial, ordering: .acquiringAndReleasing).exchanged
    }

    private func execute(_ step: Step, window: Int, half: Int) {
        let other = count == 1 ? half : 1 - half
        switch step {
        case .advance:
            let start = Double(window) * halves[half].configuration.windowCycles
            if count == 1 {
                // A single half has no fabric and therefore no answers from it.
                halves[half].path.crossbar.beginResponses()
                let none = Buffer<FabricResponse>(capacity: 16)
                halves[half].deliverAnswers(responses: none, now: start)
            } else {
                halves[half].deliverAnswers(responses: halves[other].path.crossbar.responses, now: start)
            }
            halves[half].runEvents(in: window)
            halves[half].lookUp()
        case .serveHome:
            if count == 1 {
                let none = Buffer<FabricRequest>(capacity: 16)
                halves[half].serveHome(requests: none)
            } else {
                halves[half].serveHome(requests: halves[other].path.crossbar.outgoing)
            }
        case .stop:
            break
        }
    }

    private func startWorker() {
        guard let request = weir_gate_create() else { return }
        guard let finished = weir_gate_create() else { return weir_gate_destroy(request) }
        gates = (request, finished)
        thread = WorkerThread.start { [self] in work() }
        guard thread == nil else { return }
        gates = nil
        weir_gate_destroy(request)
        weir_gate_destroy(finished)
    }

    private func work() {
        guard let (request, finished) = gates else { return }
        var seen = 0
        while true {
            weir_gate_wait(request, seen + 1)
            // The calling thread may have done steps alone. They are past.
            seen = weir_gate_value(request)
            guard claim(seen) else { continue }
            let current = step
            if current == .stop { return }
            execute(current, window: window, half: 1)
            weir_gate_post(finished, seen)
        }
    }
}
