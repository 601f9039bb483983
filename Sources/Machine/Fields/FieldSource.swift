/// Where a number comes from.
package struct FieldSource: Equatable, Sendable, CustomStringConvertible {
    /// How well a number is known.
    package enum Kind: String, CaseIterable, Sendable {
        /// Read off a measurement of the real machine.
        case measured
        /// Published by the vendor or in a paper.
        case cited
        /// Chosen so that a model agrees with measurements.
        case fitted
        /// None of these: a judgement, with its reason.
        case estimated
    }

    package let kind: Kind
    /// One of these: the file and the place in it, the publication, the data of the fit, or the reason.
    package let text: String

    package var description: String { "\(kind.rawValue): \(text)" }

    static func measured(_ text: String) -> FieldSource { FieldSource(kind: .measured, text: text) }
    static func cited(_ text: String) -> FieldSource { FieldSource(kind: .cited, text: text) }
    static func fitted(_ text: String) -> FieldSource { FieldSource(kind: .fitted, text: text) }
    static func estimated(_ text: String) -> FieldSource { FieldSource(kind: .estimated, text: text) }
}
