import Trace

/// A source whose launch header takes registers and shared memory from elsewhere, such as a measured launch.
package struct ResourceOverride: BlockProgramSource {
    package let launch: KernelLaunch
    private var source: any BlockProgramSource

    package init(_ source: any BlockProgramSource, registersPerThread: Int, sharedMemoryBytesPerBlock: Int) {
        self.source = source
        var launch = source.launch
        launch.registersPerThread = registersPerThread
        launch.sharedMemoryBytesPerBlock = sharedMemoryBytesPerBlock
        launch.resourcesAreEstimated = false
        self.launch = launch
    }

    package mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) throws {
        try source.loadProgram(ofBlock: block, into: &program)
    }
}
