import Foundation
import Machine

/// The range `FIRST..LAST:COUNT`, or `FIRST..LAST:COUNTx` with equal ratios.
struct SweepRange {
    let first: Double
    let last: Double
    /// The number of values, at least 2.
    let count: Int
    /// Whether neighbours have a constant ratio instead of a constant difference.
    let isGeometric: Bool

    /// - Parameter dots: the place of `..` in `text`.
    init(_ text: String, dots: Range<String.Index>, parameter: SweepParameter, fields: [AnyField]) throws {
        func malformed(_ reason: String, _ cure: String) -> SweepError {
            .malformed(text: "\(parameter.name)=\(text)", reason: reason, cure: cure)
        }
        let form = "write FIRST..LAST:COUNT, or FIRST..LAST:COUNTx for equal ratios"
        guard let colon = text.lastIndex(of: ":"), colon >= dots.upperBound else {
            throw malformed("the range has no ':' and number of values", form)
        }
        var digits = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        isGeometric = digits.hasSuffix("x")
        if isGeometric { digits.removeLast() }
        guard let count = Int(digits), (2...SweepPlan.limit).contains(count) else {
            throw malformed("'\(digits)' is no number of values from 2 to \(SweepPlan.limit)", form)
        }
        self.count = count
        let ends = [text[..<dots.lowerBound], text[dots.upperBound..<colon]].map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard let first = try parameter.number(of: ends[0], fields: fields),
            let last = try parameter.number(of: ends[1], fields: fields)
        else { throw malformed("it is no number, so that it has no range", "write its values as a list A,B,C") }
        // Beyond 2^53, neighbouring whole numbers are one floating-point number.
        guard max(abs(first), abs(last)) <= 0x1p53 || parameter.isField else {
            let wrong = abs(first) > 0x1p53 ? ends[0] : ends[1]
            throw malformed("its end \(wrong) is beyond \(1 << 53)", "give a smaller one")
        }
        (self.first, self.last) = (first, last)
        guard !isGeometric || (first > 0 && last > 0) else {
            throw malformed("equal ratios need ends above 0", "raise the lower end, or leave out the x")
        }
    }

    /// All values from `first` to `last`, rounded to values that the parameter takes.
    func values(parameter: SweepParameter, fields: [AnyField], machine: AnyMachine?) -> [SweepValue] {
        let field = if case .field(let name) = parameter { fields.first { $0.name == name } } else { AnyField?.none }
        let step = field.flatMap { machine?.step(ofField: $0.name) } ?? 1
        return (0..<count).map { index in
            let number = rounded(
                value(index), parameter: parameter, isWhole: field?.isWhole ?? true, step: Double(step))
            return SweepValue(text: field?.text(of: number) ?? String(Int(number)), number: number)
        }
    }

    /// The value at `index`. The ends are exact.
    private func value(_ index: Int) -> Double {
        if index == 0 { return first }
        if index == count - 1 { return last }
        let part = Double(index) / Double(count - 1)
        return isGeometric ? first * pow(last / first, part) : first + (last - first) * part
    }

    private func rounded(_ value: Double, parameter: SweepParameter, isWhole: Bool, step: Double) -> Double {
        if parameter.isPowerOfTwo { return pow(2, log2(value).rounded()) }
        guard isWhole else { return value }
        let whole = (value / step).rounded() * step
        return step > 1 ? max(step, whole) : whole
    }
}
