/// The name, unit and meaning of a counter. These descriptions drive printing, JSON, CSV and merging.
package struct CounterDescription<Counts>: Sendable {
    /// The column's name, as in the measured tables, without `cold_` or `chain_`.
    package let name: String
    package let unit: String
    package let meaning: String
    /// The heading of its column where a run is printed for people; nil where it has none.
    package let heading: String?
    package let keyPath: WritableKeyPath<Counts, UInt64> & Sendable

    init(
        _ name: String, _ unit: String, _ meaning: String, heading: String? = nil,
        _ keyPath: WritableKeyPath<Counts, UInt64> & Sendable
    ) {
        self.name = name
        self.unit = unit
        self.meaning = meaning
        self.heading = heading
        self.keyPath = keyPath
    }
}
