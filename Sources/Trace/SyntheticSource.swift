/// A launch whose programs a function writes. Microbenchmarks, tests and experiments use it.
package struct SyntheticSource: BlockProgramSource {
    package let launch: KernelLaunch
    private let write: (Int, inout BlockProgram) -> Void

    /// - Parameter write: appends block `number`'s operations to an empty program.
    package init(launch: KernelLaunch, write: @escaping (_ number: Int, _ program: inout BlockProgram) -> Void) {
        self.launch = launch
        self.write = write
    }

    package mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        write(block, &program)
    }
}
