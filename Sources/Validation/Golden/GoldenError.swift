import Content
import Kernels
import Trace

/// Why a golden digest cannot be compared. Differences are not errors: `GoldenReport` counts them.
package enum GoldenError: UserError, Equatable {
    case unreadable(file: String, reason: String)
    case damagedCompression(file: String, reason: String)
    case malformedHeader(file: String, reason: String)
    case malformedRow(file: String, line: Int, reason: String)
    case unsupportedKernel(file: String, kernel: String, known: [String])
    case unusableLaunch(file: String, reason: String)

    package var description: String { text.asMessage }

    private var text: String {
        switch self {
        case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
        case .damagedCompression(let file, let reason):
            "\(file): damaged gzip data: \(reason); fetch the file again"
        case .malformedHeader(let file, let reason):
            "\(file): line 1: \(reason); the first line is # and one JSON object with kernel, params, block_config, grid and allocs"
        case .malformedRow(let file, let line, let reason):
            "\(file): line \(line): \(reason); a row is x,y,z,seq,op,alloc,elem,n,min,max,nsec,hash"
        case .unsupportedKernel(let file, let kernel, let known):
            "\(file): no generator for kernel \(kernel); "
                + (KernelNames.nearest(to: kernel, among: known).nearest()
                    ?? "generated are \(known.joined(separator: ", "))")
        case .unusableLaunch(let file, let reason): "\(file): line 1: \(reason)"
        }
    }
}
