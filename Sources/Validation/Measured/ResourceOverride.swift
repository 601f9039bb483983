import Trace

/// A source whose launch header takes registers and shared memory from elsewhere, such as a measured launch.
package struct ResourceOverride<Source: BlockProgramSource>: BlockProgramSource {
    package let launch: KernelLaunch
    private var source: Source

    package init(_ source: Source, registersPerThread: Int, sharedMemoryBytesPerBlock: Int) {
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

/// Programs in parts remain in parts.
extension ResourceOverride: PartedProgramSource where Source: PartedProgramSource {
    package mutating func loadNextPart(ofBlock block: Int, into program: inout BlockProgram) throws -> Bool {
        try source.loadNextPart(ofBlock: block, into: &program)
    }
}

extension BlockProgramSource {
    /// The source with other registers and shared memory.
    package func launched(registersPerThread: Int, sharedMemoryBytesPerBlock: Int) -> any BlockProgramSource {
        ResourceOverride(
            self, registersPerThread: registersPerThread, sharedMemoryBytesPerBlock: sharedMemoryBytesPerBlock)
    }
}
