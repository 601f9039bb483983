import ArgumentParser
import Report

/// `weir kernels`: lists the kernels that have a generator.
package struct KernelsCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "kernels", abstract: "Lists the kernels that run, generate, sweep, tune, curve and fuse know.",
        discussion: """
            A kernel goes by its short name, or by the name of the library's function, such as _chunk_scan_fwd_kernel. With \
            --format json the list has functions, block sizes, the autotuner's tilings, and the parameters that change a kernel.

              weir kernels --format json
            """)

    @OptionGroup package var output: OutputOptions

    package init() {}

    package func run() throws {
        let text =
            switch output.format {
            case .text: KernelList.text()
            case .json: KernelList.json()
            case .csv: KernelList.commaSeparated()
            }
        let outputs = OutputFiles(reading: [])
        try output.write(text, to: try output.open(in: outputs))
        try outputs.commit()
    }
}
