/// One value of a parameter.
package struct SweepValue: Equatable, Sendable {
    /// The value as an option takes it, such as `25MiB`.
    package let text: String
    /// The number in base units; nil for names and lists.
    package let number: Double?

    package init(text: String, number: Double?) {
        self.text = text
        self.number = number
    }
}

/// A parameter with its value at a point.
package struct SweepSetting: Equatable, Sendable {
    package let parameter: SweepParameter
    package let value: SweepValue

    package init(parameter: SweepParameter, value: SweepValue) {
        self.parameter = parameter
        self.value = value
    }
}

/// The changes of one run of a sweep.
package struct SweepPoint: Equatable, Sendable {
    /// The settings in the order in which they were given. Each parameter appears once.
    package let settings: [SweepSetting]

    package init(settings: [SweepSetting]) {
        self.settings = settings
    }

    /// A text such as `l2.capacity=10MiB batch=2`.
    package var text: String { settings.map { "\($0.parameter.name)=\($0.value.text)" }.joined(separator: " ") }
}
