import Synchronization

/// Lets a test see and change the calls to the operating system that write files. It records the calls in order and can
/// make one of them fail. It holds for the calls of the task or thread that `$current.withValue` runs on.
package final class SystemCallProbe: Sendable {
    /// The kinds of calls, by what they do.
    package enum Call: String, Sendable {
        case open, write, truncate, synchronize, close, rename, remove
        case synchronizeDirectory = "synchronize directory"
    }

    /// A call that fails: the `number`-th of its kind, counted from 1. Where `isLasting`, all later calls of the kind
    /// fail too.
    package struct Fault: Sendable {
        let call: Call
        let number: Int
        let errorNumber: Int32
        let isLasting: Bool

        package init(_ call: Call, number: Int = 1, errorNumber: Int32, isLasting: Bool = false) {
            self.call = call
            self.number = number
            self.errorNumber = errorNumber
            self.isLasting = isLasting
        }
    }

    @TaskLocal package static var current: SystemCallProbe?

    private let fault: Fault?
    private let recorded = Mutex<[Call]>([])

    package init(fault: Fault? = nil) {
        self.fault = fault
    }

    /// The calls so far.
    package var calls: [Call] { recorded.withLock { $0 } }

    /// Records a call.
    /// - Returns: the error number that the call must fail with, or nil.
    func errorNumber(of call: Call) -> Int32? {
        let number = recorded.withLock { calls in
            calls.append(call)
            return calls.count { $0 == call }
        }
        guard let fault, fault.call == call, number == fault.number || fault.isLasting && number > fault.number else {
            return nil
        }
        return fault.errorNumber
    }
}
