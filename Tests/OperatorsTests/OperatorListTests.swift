import Operators
import Testing

@Suite("Lists of operators")
struct OperatorListTests {
    private static let header = #"{"format":"weir-operators","version":1}"#

    @Test("A list that is written and read again is the same")
    func roundTrip() throws {
        let x = OperatorTensor("x", [4, 8], .bf16)
        let turned = OperatorTensor("x", [8, 4], strides: [1, 8], .bf16, offset: 3)
        let list = OperatorList(
            [
                Operator("aten::add", inputs: [x, x], outputs: [x], layer: "0.norm", pass: .backward),
                Operator(
                    "aten::cat", inputs: [turned], outputs: [OperatorTensor("y", [], .f32)],
                    attributes: [
                        "dim": .integer(-1), "eps": .number(0.5), "out": .flag(true), "mode": .text("a/b"),
                        "sizes": .list([.integer(1), .integer(2)]),
                    ], pass: .optimizer),
            ], name: "list")
        let read = try OperatorList(text: list.text, name: "list")
        #expect(read.text == list.text)
        #expect(read.operators.map(\.line) == [2, 3])
        var plain = read.operators
        for index in plain.indices { plain[index].line = 0 }
        #expect(plain == list.operators)
    }

    @Test("Strides, offset, layer and pass have values of their own where they are left out")
    func defaults() throws {
        let line = #"{"op":"aten::exp","inputs":[{"id":"a","shape":[2,3],"type":"f32"}]}"#
        let op = try #require(try OperatorList(text: Self.header + "\n\n" + line, name: "f").operators.first)
        #expect(op.inputs == [OperatorTensor("a", [2, 3], strides: [3, 1], .f32)])
        #expect(op.pass == .forward && op.layer.isEmpty && op.outputs.isEmpty && op.line == 3)
    }

    @Test(
        "A line that cannot be read is one error with file, line, cause and cure",
        arguments: [
            ("", 1, "there is no header"),
            ("[]", 1, "the line is no JSON object"),
            (#"{"op":"aten::add"}"#, 1, "the first line is no header"),
            (#"{"format":"weir-operators","version":2}"#, 1, "the list has version 2"),
            (header + "\nnonsense", 2, "the line is no JSON"),
            (header + "\n{}", 2, "the operator has no 'op'"),
            (header + #"\#n{"op":3}"#, 2, "'op' has a value of another type"),
            (header + #"\#n{"op":"a","input":[]}"#, 2, "'input' is no field of an operator; nearest is 'inputs'"),
            (header + #"\#n{"op":"a","pass":"sideways"}"#, 2, "the pass is 'sideways'"),
            (header + #"\#n\#n{"op":"a","inputs":[{"id":"x","shape":[1]}]}"#, 3, "the tensor has no 'type'"),
            (header + tensor(#""shape":[1],"type":"bf17""#), 2, "the element type 'bf17' is not known"),
            (header + tensor(#""shape":[1,2],"strides":[1],"type":"f32""#), 2, "has 2 sizes and 1 strides"),
            (header + tensor(#""shape":[-1],"type":"f32""#), 2, "has a negative size"),
            (header + tensor(#""shape":[1099511627776,1099511627776],"type":"f32""#), 2, "is longer than 2^45 bytes"),
            (header + tensor(#""shape":["x"],"type":"f32""#), 2, "'inputs[0].shape[0]' has a value of another type"),
        ])
    func errors(text: String, line: Int, cause: String) throws {
        let error = #expect(throws: OperatorError.self) { try OperatorList(text: text, name: "bad.ops.jsonl") }
        let message = try #require(error?.message)
        #expect(message.hasPrefix("bad.ops.jsonl:\(line): "), "\(message)")
        #expect(message.contains(cause), "\(message)")
        #expect(message.contains("; ") && !message.contains("\n"), "\(message)")
    }

    /// A line whose operator has one tensor with these fields.
    private static func tensor(_ fields: String) -> String { "\n" + #"{"op":"a","inputs":[{"id":"x",\#(fields)}]}"# }
}
