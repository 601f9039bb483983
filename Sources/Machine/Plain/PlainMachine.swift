/// Validated plain caches. Their simulator reads them.
package struct PlainMachine: Equatable, Sendable {
    package let settings: PlainSettings

    /// Validates `settings`.
    /// - Throws: `MachineError.impossible` with the first contradiction.
    package init(_ settings: PlainSettings) throws(MachineError) {
        try settings.validate()
        self.settings = settings
    }
}

extension PlainSettings {
    /// Most lines of one cache. Their tags take 8 bytes each.
    private static let maximumLines = 1 << 27

    package func validate() throws(MachineError) {
        for field in Self.fields { try field.checkRange(in: self) }
        if core.hasInstructionCache { try validate(i1, group: "i1") }
        try validate(d1, group: "d1")
        try validate(ll, group: "ll")
    }

    private func validate(_ cache: CacheGeometry, group: String) throws(MachineError) {
        func bytes(_ count: Int) -> String { FieldUnit.bytes.text(Double(count)) }
        guard cache.lineBytes.nonzeroBitCount == 1 else {
            throw .impossible(
                field: "\(group).line", reason: "\(bytes(cache.lineBytes)) is no power of two",
                cure: "use 32B, 64B or another")
        }
        let set = cache.lineBytes * cache.ways
        guard cache.capacityBytes % set == 0 else {
            throw .impossible(
                field: "\(group).capacity",
                reason: "\(bytes(cache.capacityBytes)) are no whole number of sets of \(cache.ways) ways of "
                    + "\(bytes(cache.lineBytes))",
                cure: "use a multiple of \(bytes(set)), or change \(group).ways or \(group).line")
        }
        guard cache.capacityBytes / cache.lineBytes <= Self.maximumLines else {
            throw .impossible(
                field: "\(group).capacity",
                reason: "\(bytes(cache.capacityBytes)) are \(cache.capacityBytes / cache.lineBytes) lines, and at most "
                    + "\(Self.maximumLines) can be simulated",
                cure: "lower it, or raise \(group).line")
        }
    }
}
