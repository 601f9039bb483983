import Simulator

/// A counter that has a column of its own in a run's text.
struct CounterColumn {
    let heading: String
    private let counter: CounterDescription<Counters>

    /// The counters with a heading, in the order of the table of counters.
    static let all = CounterTable.rows.compactMap { counter in
        counter.heading.map { CounterColumn(heading: $0, counter: counter) }
    }

    /// The counter's value: bytes with a prefix, other units as a count.
    func cell(_ counters: Counters) -> String {
        let value = counters[keyPath: counter.keyPath]
        return counter.unit == "bytes" ? Quantity.bytes(Double(value)) : Quantity.count(value)
    }
}
