import Kernels

/// A function that PyTorch applies to each element.
struct ElementwiseFunction: Sendable {
    /// The operators that apply it.
    let names: [String]
    /// Instructions an element.
    let price: InstructionMix
    /// Registers of its vectorised kernel on 16-bit types; nil for 32.
    let registers: Int?
    /// Whether it takes or makes truth values beside numbers. Those are not converted.
    let takesTruths: Bool

    init(_ names: [String], _ price: InstructionMix, registers: Int? = nil, takesTruths: Bool = false) {
        self.names = names
        self.price = price
        self.registers = registers
        self.takesTruths = takesTruths
    }

    private static let exponential = InstructionMix(fma: 5.8, alu: 1.1, special: 1)
    private static let logistic = InstructionMix(fma: 10.1, alu: 3.8, special: 2, other: 3.8)
    private static let one = InstructionMix(fma: 1)
    private static let quotient = InstructionMix(fma: 4.7, alu: 0.5, special: 2, other: 2.9)

    /// The functions. *Source:* the rows of docs/validation/h200_operators_dev.csv whose names stand first in each
    /// line, less `IteratorPrices`. Further names of a line were not measured and take its price.
    static let all: [ElementwiseFunction] = [
        ElementwiseFunction(["add", "sub", "rsub"], one, registers: 34),
        ElementwiseFunction(["mul", "addcmul", "lerp"], one, registers: 40),
        ElementwiseFunction(["pow", "neg", "abs"], one),
        ElementwiseFunction(["div", "addcdiv", "reciprocal", "rsqrt", "sqrt", "true_divide"], quotient, registers: 40),
        ElementwiseFunction(["exp", "exp2", "log", "sin", "cos"], exponential),
        ElementwiseFunction(["sigmoid", "tanh", "softplus", "log1p"], logistic),
        ElementwiseFunction(["silu"], InstructionMix(fma: 10.6, alu: 2.3, special: 3, other: 3.8)),
        ElementwiseFunction(["gelu", "erf"], InstructionMix(fma: 13.1, alu: 11.4, special: 1)),
        ElementwiseFunction(
            ["relu", "clamp_min", "clamp", "clamp_max", "maximum", "minimum"], InstructionMix(alu: 3.9, other: 1.3)),
        ElementwiseFunction(
            ["silu_backward", "sigmoid_backward", "tanh_backward", "softplus_backward"],
            InstructionMix(fma: 12.6, alu: 5.6, special: 2, other: 3.9), registers: 40),
        ElementwiseFunction(["gelu_backward"], InstructionMix(fma: 21.7, alu: 14, special: 2, other: 0.5)),
        ElementwiseFunction(["threshold_backward"], InstructionMix(alu: 1.4)),
        ElementwiseFunction(["remainder", "fmod"], InstructionMix(fma: 12.9, alu: 15, special: 3, other: 5.8)),
        ElementwiseFunction(["floor_divide"], InstructionMix(fma: 9.9, alu: 8.5, special: 3, other: 5.3)),
        ElementwiseFunction(
            [
                "where", "masked_fill", "eq", "ne", "lt", "le", "gt", "ge", "logical_not", "logical_and", "logical_or",
                "bitwise_and", "bitwise_or", "bitwise_not", "isnan",
            ], InstructionMix(alu: 1.4), takesTruths: true),
    ]

    /// The price of a product, a sum or a difference of 64-bit integers. *Source:* mul of the indices in the index_bwd
    /// rows of the same table.
    static let wideInteger = InstructionMix(fma: 3, alu: 1.5)

    static let byName = Dictionary(
        all.flatMap { function in function.names.map { ($0, function) } }, uniquingKeysWith: { first, _ in first })
}
