/// A field's value, apart from its unit.
package enum FieldValue: Equatable, Sendable {
    case integer(Int)
    case real(Double)
    case flag(Bool)
    /// Free text, or the name of a choice.
    case text(String)
    case integers([Int])
    case groups([[Int]])
}
