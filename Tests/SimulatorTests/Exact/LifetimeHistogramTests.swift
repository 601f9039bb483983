import Simulator
import TestSupport
import Testing

@Suite struct LifetimeHistogramTests {
    @Test
    func `Quantiles are those of the sorted lifetimes, to half a part in 128 and within the least and the greatest`() {
        let seed = SeededGenerator.printedSeed("lifetime quantiles")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<100 {
            let count = Int.random(in: 1...200, using: &generator)
            let most = [1.0, 2, 100, 1e4, 1e12][round % 5]
            let values = (0..<count).map { _ in 1 + Double.random(in: 0...most, using: &generator) }
            var whole = LifetimeHistogram()
            var parts = [LifetimeHistogram(), LifetimeHistogram()]
            for (index, value) in values.enumerated() {
                whole.add(cycles: value)
                parts[index % 2].add(cycles: value)
            }
            parts[0].add(parts[1])
            let sorted = values.sorted()
            for histogram in [whole, parts[0]] {
                #expect(histogram.count == UInt64(count))
                #expect(histogram.minimum == sorted[0] && histogram.maximum == sorted[count - 1])
                #expect(abs(histogram.mean * Double(count) - values.reduce(0, +)) <= 1e-9 * most * Double(count) + 1e-9)
                for fraction in [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1] {
                    let exact = sorted[max(1, Int((fraction * Double(count)).rounded(.up))) - 1]
                    let found = histogram.percentile(fraction)
                    #expect(abs(found / exact - 1) <= 0.5 / 128 + 1e-9, "seed \(seed), round \(round): \(fraction)")
                    #expect(found >= sorted[0] && found <= sorted[count - 1])
                }
            }
        }
    }

    @Test func `Parts of octaves hold the lifetimes between their edges`() {
        var histogram = LifetimeHistogram()
        for cycles in [1.0, 1.9, 2, 3, 3.99, 4, 1000, 1024, 1279, 1280, 0.5] { histogram.add(cycles: cycles) }
        let parts = histogram.distribution(perOctave: 4).map { [$0.from, $0.to, Double($0.blocks)] }
        #expect(
            parts == [
                [1, 1.25, 2], [1.75, 2, 1], [2, 2.5, 1], [3, 3.5, 1], [3.5, 4, 1], [4, 5, 1], [896, 1024, 1],
                [1024, 1280, 2], [1280, 1536, 1],
            ])
        #expect(LifetimeHistogram().percentile(0.5) == 0 && LifetimeHistogram().mean == 0)
    }

    @Test func `A median of two is the lower one`() {
        var histogram = LifetimeHistogram()
        for cycles in [100.0, 200, 300, 400] { histogram.add(cycles: cycles) }
        #expect(abs(histogram.percentile(0.5) - 200) < 1)
        #expect(abs(histogram.percentile(0.51) - 300) < 2)
        // The middle of 100 to 100.5, a part of the octave from 64; of 400 to 402 it would be more than the greatest.
        #expect(histogram.percentile(0) == 100.25 && histogram.percentile(1) == 400)
    }
}
