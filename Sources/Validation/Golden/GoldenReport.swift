/// The outcome of comparing one digest with its generator.
package struct GoldenReport: Equatable, Sendable {
    /// The file's name as given.
    package let file: String
    package let kernel: String
    /// Rows of the digest that were compared.
    package let rowCount: Int
    /// The number of differences in grid, rows and totals.
    package let differenceCount: Int
    /// The first differences in words, at most `GoldenCheck.reportedDifferences`.
    package let differences: [String]

    package init(file: String, kernel: String, rowCount: Int, differenceCount: Int, differences: [String]) {
        self.file = file
        self.kernel = kernel
        self.rowCount = rowCount
        self.differenceCount = differenceCount
        self.differences = differences
    }

    /// Whether there are no differences.
    package var agrees: Bool { differenceCount == 0 }
}
