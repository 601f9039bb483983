import Foundation
import Report
import TestSupport
import Testing

@Suite("Formats")
struct FormatTests {
    @Test("JSON keeps the order of keys, prints whole numbers as integers, and no infinities")
    func json() throws {
        let value = JSONValue.object([
            ("zebra", .integer(1)), ("apple", .number(4)), ("third", .number(0.1)), ("none", .number(.infinity)),
            ("grid", .array([.integer(1), .integer(2)])), ("empty", .object([])),
        ])
        #expect(
            value.text == """
                {
                  "zebra": 1,
                  "apple": 4,
                  "third": 0.1,
                  "none": null,
                  "grid": [1, 2],
                  "empty": {}
                }
                """)
    }

    @Test("JSON strings survive another reader, whatever they hold")
    func jsonStrings() throws {
        let text = "quote \" backslash \\ line\nend tab\t nul \u{0} bell \u{7} umlaut ü 日本"
        let read = try parsed(JSONValue.object([("text", .text(text))]).text)
        #expect(read["text"] as? String == text)
    }

    @Test("Numbers read back to the same value", arguments: [0.1, 1e-300, 1.0 / 3, 9_007_199_254_740_992, 1e22, -2.5])
    func jsonNumbers(number: Double) {
        #expect(Double(JSONValue.text(of: number)) == number)
    }

    @Test("CSV quotes fields with commas and quotes, and only those; a row is one line")
    func csv() {
        var table = CSVTable(columns: ["a", "b"])
        table.append(["plain text", "1,2"])
        table.append(["say \"hi\"", "two\nlines"])
        #expect(table.text == "a,b\nplain text,\"1,2\"\n\"say \"\"hi\"\"\",two\\nlines\n")
    }

    @Test("A text table aligns its columns and ends no line with a space")
    func textTable() {
        var table = TextTable(columns: [("name", .left), ("count", .right), ("note", .left)])
        table.append(["a", "1", ""])
        table.appendRule()
        table.append(["longer", "1,234", "x"])
        #expect(
            table.text == """
                name    count  note
                -------------------
                a           1
                -------------------
                longer  1,234  x

                """)
    }

    @Test("Quantities have three to four digits and a prefix")
    func quantities() {
        #expect(Quantity.count(0) == "0")
        #expect(Quantity.count(1_234_567) == "1,234,567")
        #expect(Quantity.bytes(999) == "999 B")
        #expect(Quantity.bytes(1e6) == "1.00 MB")
        #expect(Quantity.bytes(134_217_728) == "134.2 MB")
        #expect(Quantity.bandwidth(4.814e12) == "4.81 TB/s")
        #expect(Quantity.nanoseconds(1616) == "1.62 us")
        #expect(Quantity.nanoseconds(999_999) == "1.00 ms")
        #expect(Quantity.percent(66.666) == "66.7 %")
        #expect(Quantity.percent(.nan) == "- %")
        #expect(Quantity.bytes(.infinity) == "-")
    }

    @Test("A count beyond all whole numbers is printed and not converted")
    func counts() {
        #expect(Quantity.wholeCount(1234.6) == "1,235")
        #expect(Quantity.wholeCount(1.8446744073709552e19) == "1.845e+19")
        #expect(
            Quantity.wholeCount(-3) == "0" && Quantity.wholeCount(.nan) == "-" && Quantity.wholeCount(.infinity) == "-")
        #expect(JSONValue.text(of: -0x1p63) == "-9.223372036854776e+18")
    }
}
