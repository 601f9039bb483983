import Content

/// The first bytes of an input without their compression.
struct HeadInflation {
    /// Most plain bytes that are looked at.
    private static let plainBytes = 1 << 20

    /// Plain bytes. They are as many as the compressed bytes gave before these ended or were found damaged.
    private(set) var plain: [UInt8]
    /// The streams around the plain bytes, from the outside in.
    private(set) var streams: [FileKind] = []
    /// Whether nothing follows `plain`.
    private(set) var isWhole: Bool
    /// What is wrong with the innermost stream.
    private(set) var damage: (method: String, reason: String)?

    /// Inflates `head`, repeatedly where a stream lies inside a stream.
    init(_ head: [UInt8], isWhole: Bool) {
        plain = head
        self.isWhole = isWhole
        while streams.count < 4, !ImportFormat.isCertain(plain) {
            if FileKind.isGzip(plain), let decoder = try? GzipDecoder() {
                inflate(with: decoder, .gzip)
            } else if FileKind.isXZ(plain), let decoder = try? XZDecoder() {
                inflate(with: decoder, .xz)
            } else {
                return
            }
        }
    }

    private mutating func inflate(with decoder: any StreamDecoder, _ kind: FileKind) {
        var target = [UInt8](repeating: 0, count: Self.plainBytes)
        var produced = 0
        var consumed = 0
        let source = plain
        while produced < target.count {
            let (from, room) = (consumed, produced)
            let result = source.withUnsafeBytes { source in
                target.withUnsafeMutableBytes { target in
                    Result { () throws(DecoderDamage) in
                        try decoder.step(
                            UnsafeRawBufferPointer(rebasing: source[from...]),
                            into: UnsafeMutableRawBufferPointer(rebasing: target[room...]), isLast: isWhole)
                    }
                }
            }
            if case .failure(let error) = result { damage = (decoder.method, error.reason) }
            guard case .success(let step) = result, step.consumed > 0 || step.produced > 0 else {
                if damage == nil, isWhole, consumed == source.count, !decoder.isAtEnd {
                    damage = (decoder.method, DecoderDamage.endsEarly.reason)
                }
                break
            }
            consumed += step.consumed
            produced += step.produced
        }
        isWhole = isWhole && consumed == source.count && decoder.isAtEnd && produced < target.count
        plain = Array(target[..<produced])
        streams.append(kind)
    }
}
