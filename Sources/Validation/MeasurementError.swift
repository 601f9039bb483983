import Content

/// What can be wrong with measurements that predictions are to be compared with.
package enum MeasurementError: UserError, Equatable, Sendable {
    /// A measured table has no launch that can be generated.
    case nothingToValidate(file: String)

    package var description: String {
        switch self {
        case .nothingToValidate(let file):
            "\(file): no row is a forward launch of a kernel with a generator; give a table such as h200_ssd.csv"
        }
    }
}
