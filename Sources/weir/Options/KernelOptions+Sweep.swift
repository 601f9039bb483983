import Experiments
import Kernels

extension KernelOptions {
    /// The options with a point's values in place of their own; parameters of the machine change nothing here.
    ///
    /// Parts of a kernel's tiling go into that kernel's `--tiling`.
    package func applying(_ point: SweepPoint) -> KernelOptions {
        var options = self
        for setting in point.settings {
            let text = setting.value.text
            switch setting.parameter {
            case .size(let size): options.set(size, to: Int(text) ?? 0)
            case .model: options.model = text
            case .dtype: options.dtype = ElementType(rawValue: text) ?? options.dtype
            case .tiling(let kernel, let field): options.addTiling("\(field)=\(text)", kernel: kernel)
            case .field, .cache, .machine: break
            }
        }
        return options
    }

    private mutating func set(_ size: SweepSize, to value: Int) {
        switch size {
        case .batch: batch = value
        case .sequenceLength: sequenceLength = value
        case .chunkSize: chunkSize = value
        case .heads: heads = value
        case .headDim: headDim = value
        case .groups: groups = value
        case .stateDim: stateDim = value
        case .dim: dim = value
        case .width: width = value
        }
    }

    private mutating func addTiling(_ field: String, kernel: String) {
        if let index = tiling.firstIndex(where: { $0.hasPrefix(kernel + ":") }) {
            tiling[index] += "," + field
        } else {
            tiling.append("\(kernel):\(field)")
        }
    }

    /// Whether `--tiling` gives this part of a kernel's tiling.
    package func sets(_ field: String, ofTiling kernel: String) -> Bool {
        let options = tiling.compactMap { try? TilingOption($0) }.filter { $0.kernel == kernel }
        return options.contains { option in
            option.fields.split(whereSeparator: { ",; \t".contains($0) })
                .contains { $0.lowercased().hasPrefix(field.lowercased() + "=") }
        }
    }

    /// Every option as name and text: all that launches follow from, besides the SMs.
    package var keyTexts: [(name: String, value: String)] {
        func text(_ value: Int?) -> String { value.map(String.init) ?? "" }
        return [
            ("kernels", kernels.joined(separator: " ")),
            ("model", (model ?? ModelLayer.defaultModel(kernels: kernels)).lowercased()),
            ("batch", text(batch)), ("sequence-length", text(sequenceLength)), ("chunk-size", text(chunkSize)),
            ("heads", text(heads)), ("head-dim", text(headDim)), ("groups", text(groups)), ("state-dim", text(stateDim)),
            ("dim", text(dim)), ("width", text(width)), ("channel-last", "\(channelLast)"), ("dtype", dtype.rawValue),
            ("time-step-dtype", (timeStepDtype ?? dtype).rawValue), ("d", d?.rawValue ?? ""), ("z", "\(hasGate)"),
            ("seq-idx", "\(hasSequenceIndex)"), ("initial-states", "\(hasInitialStates)"),
            ("no-dt-bias", "\(hasNoTimeStepBias)"), ("packed", "\(packed)"), ("with-glue", "\(withGlue)"),
            ("tiling", tiling.map(Self.sortedFields).sorted().joined(separator: " ")),
        ]
    }

    /// A tiling option with its fields in order, so that equal tilings are equal texts.
    private static func sortedFields(_ option: String) -> String {
        guard let tiling = try? TilingOption(option) else { return option }
        let fields = tiling.fields.split(whereSeparator: { ",; \t".contains($0) }).map { $0.lowercased() }
        return "\(tiling.kernel):\(fields.sorted().joined(separator: ","))"
    }
}
