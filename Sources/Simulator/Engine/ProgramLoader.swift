import Trace

/// Pulls blocks' programs from a source, each once and in order, and refuses what the engine cannot run.
final class ProgramLoader {
    private let kernel: String
    private var first: BlockProgram?
    private(set) var blocksLoaded = 0

    /// - Parameter first: block 0's program, already loaded.
    init(kernel: String, first: BlockProgram) {
        self.kernel = kernel
        self.first = first
    }

    func load(block: Int, from source: inout any BlockProgramSource, into program: inout BlockProgram) throws {
        if block == 0, let first {
            program = first
            self.first = nil
        } else {
            try source.loadProgram(ofBlock: block, into: &program)
        }
        blocksLoaded += 1
        for operation in program.operations {
            switch operation {
            case .signal: throw SimulatorError.unsupportedOperation(kernel: kernel, operation: "signals to other blocks")
            case .awaitFlag: throw SimulatorError.unsupportedOperation(kernel: kernel, operation: "waits for other blocks")
            default: continue
            }
        }
    }
}

extension BlockProgram {
    /// Whether any compute step uses tensor cores; such launches run at the lower clock.
    var usesTensorCores: Bool {
        operations.contains { operation in
            if case .compute(let work) = operation { return work.tensor > 0 }
            return false
        }
    }
}
