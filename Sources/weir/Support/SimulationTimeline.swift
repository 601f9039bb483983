import Machine
import Models
import Report
import Simulator

/// The file of `--timeline`: blocks of kernels, or launches of a step.
enum SimulationTimeline {
    case blocks(TimelineWriter)
    case launches(StepTimelineWriter)

    /// - Throws: `TraceError` of the output, as every call does.
    init(_ file: OutputFile, of step: StepLaunches?, machine: MachineDescription) throws {
        self =
            if let step {
                .launches(try StepTimelineWriter(output: file.output, step: step, machine: machine))
            } else {
                .blocks(try TimelineWriter(output: file.output, machine: machine))
            }
    }

    /// What watches the blocks of launches; nil where nothing does.
    var observer: (any LaunchObserver)? {
        if case .blocks(let writer) = self { writer } else { nil }
    }

    /// Takes a launch's result. A writer of blocks has seen it already.
    func add(_ result: LaunchResult) throws {
        if case .launches(let writer) = self { try writer.add(result) }
    }

    func finish() throws {
        switch self {
        case .blocks(let writer): try writer.finish()
        case .launches(let writer): try writer.finish()
        }
    }
}
