import TestSupport
import Testing

@testable import Simulator

struct DivisorTests {
    @Test func `quotients and remainders are those of a division`() {
        let seed = SeededGenerator.printedSeed("divisor")
        var generator = SeededGenerator(seed: seed)
        let edges: [UInt64] = [1, 2, 3, 5, 7, 10, 48, 641, 1 << 32, 1 << 63, (1 << 63) + 1, .max - 1, .max]
        for round in 0..<4000 {
            let value =
                round < edges.count
                ? edges[round] : max(1, generator.next() >> UInt64.random(in: 0..<64, using: &generator))
            let divisor = Divisor(value)
            let near = value &* UInt64.random(in: 0...9, using: &generator)
            let dividends = [
                0, 1, .max, value, value &- 1, near, near &- 1,
                generator.next() >> UInt64.random(in: 0..<64, using: &generator),
            ]
            for dividend in dividends {
                let result = divisor.quotientAndRemainder(dividend)
                let expected = dividend.quotientAndRemainder(dividingBy: value)
                #expect(result == expected, "seed \(seed): \(dividend) / \(value)")
                #expect(divisor.remainder(dividend) == expected.remainder, "seed \(seed): \(dividend) % \(value)")
            }
        }
    }
}
