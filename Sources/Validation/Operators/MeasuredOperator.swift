import Content
import Operators

/// The operators that a row of a table of measured operators (h200_operators_dev.csv) ran, made from its columns.
///
/// Columns `p_*` have the sizes. What they do not say is in `rules`: which tensors an operator of this name has, and
/// how they lie.
package struct MeasuredOperator: Sendable {
    package let row: ReferenceRow
    /// The row's number in the table, from 0.
    package let number: Int
    /// The table's kind of operator, its name and the launch's number among its launches.
    package let kind: String
    package let direction: String
    package let launch: Int
    /// The function that was launched.
    package let function: String

    package init(row: ReferenceRow, number: Int) throws(ReferenceError) {
        self.row = row
        self.number = number
        kind = try row.required("op")
        direction = try row.required("direction")
        launch = try row.order("launch") ?? 0
        function = try row.required("function")
    }

    /// The operators; nil where no rule makes them.
    /// - Throws: `ReferenceError` for sizes that are missing or no numbers.
    package func operators() throws(ReferenceError) -> [Operator]? {
        let sizes = Sizes(row: row)
        switch kind {
        case "elementwise": return try elementwise(sizes)
        case "strided": return try strided(sizes)
        case "norm": return try norm(sizes)
        case "softmax": return try softmax(sizes)
        case "gather": return try gather(sizes)
        case "optimizer": return try optimizer(sizes)
        case "gemm": return try product(sizes)
        case "sdpa": return try attention(sizes)
        case "conv2d", "conv1d_depthwise": return try convolution(sizes)
        default: return nil
        }
    }

    /// The sizes of a row.
    struct Sizes {
        let row: ReferenceRow

        func count(_ name: String) throws(ReferenceError) -> Int { try row.requiredCount("p_" + name, most: 1 << 40) }

        /// The row's element types, before and behind `>`.
        func types() throws(ReferenceError) -> (from: OperatorElement, to: OperatorElement) {
            let text = try row.required("p_dtype")
            let names = text.split(separator: ">").map { $0 == "fp32" ? "f32" : $0 == "fp16" ? "f16" : String($0) }
            let types = names.compactMap(OperatorElement.init)
            guard let first = types.first, types.count == names.count else {
                throw ReferenceError(
                    file: row.file, line: row.line, cause: "'p_dtype' is '\(text)'", cure: "give bf16, fp16 or fp32")
            }
            return (first, types[types.count - 1])
        }
    }

    /// Names of the table, and the operators that they stand for.
    private static let names = ["mul_scalar": "mul", "square": "pow", "exp_fp32": "exp", "add_inplace": "add_"]

    private func elementwise(_ sizes: Sizes) throws(ReferenceError) -> [Operator] {
        let shape = [try sizes.count("elements")]
        var (type, to) = try sizes.types()
        if direction.hasPrefix("copy_") {
            return [
                Operator(
                    "aten::copy_", inputs: [OperatorTensor("x", shape, type)], outputs: [OperatorTensor("y", shape, to)]
                )
            ]
        }
        if direction.hasSuffix("_fp32") { (type, to) = (.f32, .f32) }
        if direction == "fill" {
            return [Operator("aten::fill_", inputs: [], outputs: [OperatorTensor("y", shape, type)])]
        }
        // A note such as `pointers 2 bytes off alignment` is about the inputs.
        let words = row.text("p_note")?.split(separator: " ") ?? []
        let offset =
            words.firstIndex(of: "pointers").flatMap { words.dropFirst($0 + 1).first }.flatMap { Int($0) } ?? 0
        let inputs = (0..<(try row.order("p_inputs") ?? 0)).map {
            OperatorTensor("x\($0)", shape, type, offset: offset / type.byteCount)
        }
        let output = direction == "add_inplace" ? inputs[0] : OperatorTensor("y", shape, to)
        return [Operator("aten::" + (Self.names[direction] ?? direction), inputs: inputs, outputs: [output])]
    }

    private func strided(_ sizes: Sizes) throws(ReferenceError) -> [Operator]? {
        let type = try sizes.types().from
        if row.text("p_rows") == nil {
            let (batch, channels) = (try sizes.count("batch"), try sizes.count("c_in"))
            let (height, width) = (try sizes.count("height"), try sizes.count("width"))
            let image = [batch, channels, height, width]
            let (positions, plane) = (height * width, height * width * channels)
            let x = OperatorTensor("x", image, type)
            switch direction {
            case "nchw_to_nhwc":
                let strides = [plane, 1, width * channels, channels]
                return [copy(x, OperatorTensor("y", image, strides: strides, type))]
            case "bld_to_bdl":
                let shape = [batch, channels, positions]
                return [
                    copy(
                        OperatorTensor("x", shape, strides: [plane, 1, channels], type),
                        OperatorTensor("y", shape, type))
                ]
            case "add_channel_broadcast":
                return [
                    Operator(
                        "aten::add", inputs: [x, OperatorTensor("b", [1, channels, 1, 1], type)],
                        outputs: [OperatorTensor("y", image, type)])
                ]
            default: return nil
            }
        }
        let (rows, columns) = (try sizes.count("rows"), try sizes.count("cols"))
        let plain = OperatorTensor("x", [rows, columns], type)
        let turned = OperatorTensor("t", [columns, rows], strides: [1, columns], type)
        let output = OperatorTensor("y", [rows, columns], type)
        func two(_ name: String, _ other: OperatorTensor) -> [Operator] {
            [Operator(name, inputs: [plain, other], outputs: [output])]
        }
        // A slice is one half of the columns of a tensor twice as wide.
        func slice(_ offset: Int) -> OperatorTensor {
            OperatorTensor("w", [rows, columns], strides: [2 * columns, 1], type, offset: offset)
        }
        switch direction {
        case "add_row_broadcast": return two("aten::add", OperatorTensor("b", [columns], type))
        case "mul_col_broadcast": return two("aten::mul", OperatorTensor("b", [rows, 1], type))
        case "slice_contiguous": return [copy(slice(0), output)]
        case "slice_second_add": return two("aten::add", slice(columns))
        case "add_transposed":
            return two("aten::add", OperatorTensor("t", [rows, columns], strides: [1, rows], type))
        case "transpose_contiguous": return [copy(turned, OperatorTensor("y", [columns, rows], type))]
        case "transpose_to_fp32":
            // The conversion keeps the strides. The second launch makes them contiguous.
            let converted = OperatorTensor("c", [columns, rows], strides: [1, columns], .f32)
            return [copy(turned, converted), copy(converted, OperatorTensor("y", [columns, rows], .f32))]
        case "cat_dim0":
            return [
                Operator(
                    "aten::cat", inputs: [plain, OperatorTensor("z", [rows, columns], type)],
                    outputs: [OperatorTensor("y", [2 * rows, columns], type)], attributes: ["dim": .integer(0)])
            ]
        case "cat_dim1":
            // The second tensor is twice as wide: so many bytes were moved.
            return [
                Operator(
                    "aten::cat", inputs: [plain, OperatorTensor("z", [rows, 2 * columns], type)],
                    outputs: [OperatorTensor("y", [rows, 3 * columns], type)], attributes: ["dim": .integer(1)])
            ]
        default: return nil
        }
    }

    private func copy(_ from: OperatorTensor, _ to: OperatorTensor) -> Operator {
        Operator("aten::copy_", inputs: [from], outputs: [to])
    }
}

extension ReferenceTable {
    /// Whether the rows are launches of measured operators.
    package var holdsOperators: Bool { ["op", "direction", "function", "launch"].allSatisfy(columns.contains) }
}
