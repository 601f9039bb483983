import Kernels

/// What PyTorch's elementwise kernels cost in instructions a warp, besides their loads and stores, which follow from
/// sizes.
///
/// *Source:* warp_instructions, alu_warp_inst, fma_warp_inst and xu_warp_inst of the elementwise and strided rows of
/// docs/validation/h200_operators_dev.csv, divided by the launch's warps and by a thread's elements.
enum IteratorPrices {
    /// Once a thread of a vectorised kernel: indices, pointers, the check for the last block (fp32 add: 14, 3 and 11
    /// with its eight additions).
    static let vectorized = InstructionMix(fma: 6, alu: 3, other: 11)
    /// The same of a fill (of bf16: 6, 5 and 8; of fp32: 7, 5 and 9).
    static let fill = InstructionMix(fma: 6.5, alu: 5, other: 8.5)
    /// What the last block adds where it is not full and takes its elements one by one.
    static let partialBlock = InstructionMix(alu: 4, other: 4)
    /// Once a thread of an unrolled kernel (bf16 add at odd addresses: 32, 34 and 25 in all).
    static let unrolled = InstructionMix(fma: 22, alu: 24, other: 25)
    /// What one element costs more where its type is converted on the way: the switch over all types (bf16 to fp32:
    /// 44, 60 and 95 for four).
    static let conversion = InstructionMix(fma: 4.8, alu: 8, other: 17.5)
    /// One element of a strided kernel of two operands and two dimensions (a transposing copy: 8.5, 15.5 and 16.5).
    static let strided = InstructionMix(fma: 7.8, alu: 14.3, other: 16.5)
    /// What one further dimension adds to an element: a division and its remainder (NCHW to NHWC less a transposing
    /// copy).
    static let dimension = InstructionMix(fma: 4.3, alu: 3.3, other: 4.5)
    /// What one further operand adds to an element (a broadcast addition less a transposing copy).
    static let operand = InstructionMix(fma: 1.2, alu: 5, other: 5.3)
    /// A 16-bit element on its way into a register, and out of one.
    static let unpack = InstructionMix(fma: 0.65, alu: 0.75)
    static let pack = InstructionMix(alu: 0.5)

    /// The instructions of a warp whose threads take `elements` elements.
    static func work(
        _ variant: IteratorVariant, elements: Double, function: InstructionMix, operands: [OperatorElement],
        dimensions: Int, converts: Bool, isPartial: Bool
    ) -> InstructionMix {
        var mix: InstructionMix
        switch variant {
        case .vectorized(let width):
            mix = operands.count == 1 ? fill : vectorized
            if isPartial { mix.add(partialBlock) }
            for type in operands {
                let bytes = isPartial ? type.byteCount : min(16, width * type.byteCount)
                mix.memory += elements * Double(type.byteCount) / Double(bytes)
            }
        case .unrolled:
            mix = unrolled
            mix.memory = elements * Double(operands.count)
        case .strided:
            mix = InstructionMix()
            mix.add(strided, times: elements)
            mix.add(dimension, times: elements * Double(max(0, dimensions - 2)))
            mix.add(operand, times: elements * Double(max(0, operands.count - 2)))
            mix.memory = elements * Double(operands.count)
        }
        // A fill has its value ready.
        guard operands.count > 1 else { return mix }
        mix.add(function, times: elements)
        if converts { mix.add(conversion, times: elements) }
        if operands[0].isHalf { mix.add(pack, times: elements) }
        mix.add(unpack, times: elements * Double(operands.dropFirst().count { $0.isHalf }))
        return mix
    }
}
