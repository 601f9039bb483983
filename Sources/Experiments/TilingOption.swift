import Kernels

/// One `--tiling KERNEL:M=64,N=64,K=32,warps=4,stages=4`: what replaces parts of a kernel's default tiling.
package struct TilingOption: Equatable, Sendable {
    /// The parts of a tiling that an option can name.
    private enum Part: String, CaseIterable {
        case m = "M"
        case n = "N"
        case k = "K"
        case heads = "H"
        case block = "BLOCK"
        case warps
        case stages

        var path: WritableKeyPath<Tiling, Int> {
            switch self {
            case .m: \.m
            case .n: \.n
            case .k: \.k
            case .heads: \.heads
            case .block: \.block
            case .warps: \.warps
            case .stages: \.stages
            }
        }

        /// What the autotuner's kernels can be compiled with.
        var allowed: ClosedRange<Int> {
            switch self {
            case .m, .n, .k: 16...512
            case .heads: 1...256
            case .block: 16...8192
            case .warps: 1...32
            case .stages: 1...10
            }
        }

        var needsPowerOfTwo: Bool { self != .stages }
    }

    /// The option as written, for errors.
    package let text: String
    /// Short name of the kernel, not yet looked up.
    package let kernel: String
    private let values: [(part: Part, value: Int)]

    /// Reads an option.
    /// - Throws: `ExperimentError.badTiling`.
    package init(_ text: String) throws(ExperimentError) {
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
            throw .badTiling(text: text, reason: "there is no kernel name followed by ':'")
        }
        var values: [(part: Part, value: Int)] = []
        for item in text[text.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = item.split(separator: "=", omittingEmptySubsequences: false)
            guard pieces.count == 2 else {
                throw .badTiling(text: text, reason: "'\(item)' is no name=number")
            }
            guard let part = Part.allCases.first(where: { $0.rawValue.lowercased() == pieces[0].lowercased() }) else {
                let names = Part.allCases.map(\.rawValue).joined(separator: ", ")
                throw .badTiling(text: text, reason: "'\(pieces[0])' is no part of a tiling (\(names))")
            }
            guard !values.contains(where: { $0.part == part }) else {
                throw .badTiling(text: text, reason: "\(part.rawValue) is given twice")
            }
            guard let value = Int(pieces[1]), part.allowed.contains(value) else {
                throw .badTiling(
                    text: text,
                    reason: "\(part.rawValue) is '\(pieces[1])' and must be \(part.allowed.lowerBound) to \(part.allowed.upperBound)")
            }
            guard !part.needsPowerOfTwo || value & (value - 1) == 0 else {
                throw .badTiling(text: text, reason: "\(part.rawValue) is \(value) and must be a power of two")
            }
            values.append((part, value))
        }
        self.text = text
        kernel = String(text[..<colon])
        self.values = values
    }

    /// `tiling` with this option's values in place of its own.
    /// - Throws: `ExperimentError.badTiling` for a part that the kernel's tiling does not have.
    package func applied(to tiling: Tiling) throws(ExperimentError) -> Tiling {
        var result = tiling
        for (part, value) in values {
            guard tiling[keyPath: part.path] > 0 else {
                throw .badTiling(text: text, reason: "\(kernel) has no \(part.rawValue)")
            }
            result[keyPath: part.path] = value
        }
        return result
    }

    package static func == (left: TilingOption, right: TilingOption) -> Bool { left.text == right.text }
}
