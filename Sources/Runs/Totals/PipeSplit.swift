import Kernels

/// The division of time among kernels that use only the tensor pipes, only the vector pipes, or both.
package struct PipeSplit: Equatable, Sendable {
    private var times: [KernelPipes: Double] = [:]

    package init() {}

    /// - Parameter times: the time of each class, in any unit.
    package init(tensor: Double, vector: Double, both: Double) {
        times = [.tensor: tensor, .vector: vector, .both: both]
    }

    package mutating func add(_ time: Double, pipes: KernelPipes) { times[pipes, default: 0] += time }

    /// Time of the kernels of a class, in the unit that was added.
    package func time(_ pipes: KernelPipes) -> Double { times[pipes] ?? 0 }

    /// Share of the kernels of a class in percent; 0 without any time.
    package func percent(_ pipes: KernelPipes) -> Double {
        let total = KernelPipes.allCases.reduce(0) { $0 + time($1) }
        return total > 0 ? 100 * time(pipes) / total : 0
    }
}
