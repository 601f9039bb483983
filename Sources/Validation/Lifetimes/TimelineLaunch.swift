import Content
import Kernels
import Machine
import Trace

/// Finds the launch that a measured time line belongs to.
package enum TimelineLaunch {
    /// A launch to simulate, or the reason in one line why there is none.
    package enum Resolution {
        case launch(kernel: String, source: any BlockProgramSource)
        case skipped(reason: String)
    }

    /// The number of a call's launches that belong to the forward pass.
    private static let forwardLaunches = SSDKernels.ssdForward.count

    /// Looks for the table's row with the time line's shape and order. Without such a row the name of the shape must be
    /// that of a published model, such as `m2.7b_s2048_c256` or `m130m_b8_s2048_c256`. The kernel then has its default
    /// tiling.
    /// - Throws: `ReferenceError` or `KernelError` for a row that makes no launch.
    package static func resolve(
        _ timeline: MeasuredTimeline, table: ReferenceTable?, machine: MachineDescription
    ) throws -> Resolution {
        let row = try table?.rows.first { try $0.text("shape") == timeline.shapeName && $0.order() == timeline.order }
        let kernel = row?.text("kernel") ?? shortName(of: timeline.kernelName)
        guard SSDKernels.kernels.contains(kernel) else {
            return .skipped(reason: "there is no generator for \(row?.text("kernel") ?? timeline.kernelName)")
        }
        let source: any BlockProgramSource
        if let row {
            if let name = row.text("triton_kernel"), name != "_\(timeline.kernelName)_kernel" {
                return .skipped(reason: "launch \(timeline.order) of \(row.file) is \(name)")
            }
            source = try row.place {
                try MeasuredLaunch(row: row, sharedReserveBytes: machine.sm.sharedReserveBytes).source(on: machine)
            }
        } else {
            guard let shape = shape(named: timeline.shapeName) else {
                return .skipped(reason: "no row of the reference and no model has the shape \(timeline.shapeName)")
            }
            try shape.validate()
            let pass: SSDPass = timeline.order < forwardLaunches ? .forward : .backward
            source = try SSDKernels.makeSource(kernel: kernel, allocation: SSDAllocation(shape: shape, pass: pass))
        }
        let grid = source.launch.grid
        if let measured = timeline.grid, measured != grid {
            return .skipped(
                reason:
                    "measured with a grid of \(measured.x) x \(measured.y) x \(measured.z), and its tiling here makes "
                    + "\(grid.x) x \(grid.y) x \(grid.z)")
        }
        return .launch(kernel: kernel, source: source)
    }

    /// The short name of a Triton kernel, whose function files of time lines name without its first and last word:
    /// `_chunk_state_fwd_kernel` as `chunk_state_fwd`. A name that no kernel has stays as it is.
    package static func shortName(of name: String) -> String {
        Registry.kernel(named: "_\(name)_kernel")?.name ?? name
    }

    /// The shape of a name such as `m130m_b8_s2048_c256`: model, batch (1 if it is missing), positions, chunk.
    package static func shape(named name: String) -> SSDShape? {
        let parts = name.split(separator: "_")
        guard let first = parts.first, first.first == "m",
            let model = ModelPreset.all.first(where: { $0.name == "mamba2-" + first.dropFirst() })
        else { return nil }
        var batch = 1
        var length: Int?
        var chunk: Int?
        for part in parts.dropFirst() {
            guard let number = Int(part.dropFirst()), (1...1 << 24).contains(number) else { return nil }
            switch part.first {
            case "b": batch = number
            case "s": length = number
            case "c": chunk = number
            default: return nil
            }
        }
        return length.map { model.shape(batch: batch, sequenceLength: $0, chunkSize: chunk) }
    }
}
