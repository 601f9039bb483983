import Trace

/// What a user may choose about an export.
package struct ExportOptions: Sendable {
    /// Bytes of memory that a line of a din or Ramulator trace stands for. It is one of `granularities`.
    package var granularity = 32
    /// Whether compute steps become instructions in Accel-Sim's traces.
    package var keepsCompute = true

    package init() {}

    package static let granularities = [32, 64, 128]
}

/// Reads Weir's trace and writes a foreign one.
package enum TraceExport {
    /// Reads `reader` to its end and writes a din or Ramulator trace, launch after launch.
    /// - Parameters:
    ///   - format: `.din` or `.ramulator`.
    ///   - progress: called before each block with the number of the launch, the launch, and the number of the block.
    /// - Throws: `TraceError` of the trace or the output.
    package static func writeAddresses(
        of reader: TraceStreamReader, as format: ExportFormat, options: ExportOptions = ExportOptions(),
        to output: ByteOutput,
        progress: ((Int, KernelLaunch, Int) -> Void)? = nil
    ) throws -> ExportSummary {
        var exporter = AddressListExporter(output, format: format, granularity: options.granularity)
        while var source = try reader.nextLaunch() {
            let (number, launch) = (source.number, source.launch)
            try exporter.write(&source) { progress?(number, launch, $0) }
        }
        return try exporter.finish()
    }

    /// Reads `reader` to its end and fills `directory` with an Accel-Sim trace. The caller commits the directory.
    /// - Throws: `TraceFormatError` for what such a trace cannot express, `TraceError`.
    package static func writeAccelSim(
        of reader: TraceStreamReader, named name: String, options: ExportOptions = ExportOptions(),
        to directory: AtomicDirectory,
        progress: ((Int, KernelLaunch, Int) -> Void)? = nil
    ) throws -> ExportSummary {
        var exporter = AccelSimExporter(directory: directory, name: name, keepsCompute: options.keepsCompute)
        while var source = try reader.nextLaunch() {
            let (number, launch) = (source.number, source.launch)
            try exporter.write(&source) { progress?(number, launch, $0) }
        }
        return try exporter.finish()
    }
}
