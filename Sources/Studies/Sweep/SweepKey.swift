import Trace

/// A 128-bit FNV-1a hash over names and values. It is the same on every machine and in every build.
/// *Source:* Fowler, Noll and Vo, offset basis and prime of 128 bits (2^88 + 0x13B).
package struct SweepHash: Sendable {
    private var high: UInt64 = 0x6c62_272e_07bb_0142
    private var low: UInt64 = 0x62b8_2175_6295_c58d

    package init() {}

    package mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            low ^= UInt64(byte)
            let product = low.multipliedFullWidth(by: 0x13b)
            high = high &* 0x13b &+ product.high &+ low &<< 24
            low = product.low
        }
    }

    /// Adds a name and its value so that no other pair of names and values gives the same bytes.
    package mutating func add(_ name: String, _ value: String) {
        for text in [name, value] {
            add("\(text.utf8.count):".utf8)
            add(text.utf8)
        }
    }

    /// 32 hexadecimal digits. Bytes of zero follow the last bytes, so that these have changed all digits.
    package var text: String {
        var end = self
        end.add(repeatElement(0, count: 16))
        return [end.high, end.low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// The layouts of a line of results. The line names its layout. Its key covers the layout and `Version.current`.
package enum SweepFormat {
    /// Layout of a line.
    package static let name = "weir-sweep-2"
    /// The layout before this one. Its lines have no checksum.
    static let withoutChecksums = "weir-sweep-1"
}

extension SweepHash {
    /// The hash of a file's bytes.
    /// - Throws: `TraceError` for a file that cannot be read.
    package static func ofFile(_ path: String) throws(TraceError) -> String {
        let input = try ByteInput(path: path)
        var hash = SweepHash()
        while true {
            let bytes = try input.read(1 << 20)
            guard !bytes.isEmpty else { return hash.text }
            hash.add(bytes)
        }
    }
}
