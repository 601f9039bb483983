import Machine

/// The points of a sweep, in order: listed points, and for each of them every combination of the axes' values. The
/// first axis changes slowest, the last fastest. Points are made when they are asked for.
package struct SweepPlan: Sendable {
    /// The largest number of points.
    package static let limit = 1_000_000

    /// Listed points; one empty point without a list.
    private let listed: [SweepPoint]
    private let axes: [SweepAxis]
    private let shard: SweepShard
    /// Points of the whole sweep.
    package let wholeCount: Int

    /// - Parameters:
    ///   - listed: points of a list; nil without one.
    ///   - axes: at least one where there is no list.
    /// - Throws: `SweepError.repeated` for a name that stands twice, `.tooManyPoints`.
    package init(axes: [SweepAxis], listed: [SweepPoint]? = nil, shard: SweepShard = SweepShard()) throws(SweepError) {
        self.listed = listed ?? [SweepPoint(settings: [])]
        self.axes = axes
        self.shard = shard
        var names: Set<String> = []
        for axis in axes {
            guard names.insert(axis.parameter.name).inserted else {
                throw .repeated(name: axis.parameter.name, other: "another --vary")
            }
        }
        for setting in self.listed.lazy.flatMap(\.settings) where names.contains(setting.parameter.name) {
            throw .repeated(name: setting.parameter.name, other: "--points")
        }
        var count = self.listed.count
        for axis in axes {
            let (product, overflows) = count.multipliedReportingOverflow(by: axis.values.count)
            guard !overflows, product <= Self.limit else { throw .tooManyPoints(limit: Self.limit) }
            count = product
        }
        guard count <= Self.limit else { throw .tooManyPoints(limit: Self.limit) }
        wholeCount = count
    }

    /// Points of this shard.
    package var count: Int { shard.count(of: wholeCount) }

    /// What varies: parameters of lists and axes, each once, in order.
    package var parameters: [SweepParameter] {
        var result: [SweepParameter] = []
        for parameter in listed.flatMap({ $0.settings.map(\.parameter) }) + axes.map(\.parameter)
        where !result.contains(parameter) {
            result.append(parameter)
        }
        return result
    }

    /// The machines among the values, by name.
    package var machines: [String] {
        let listedMachines = listed.flatMap(\.settings).filter { $0.parameter == .machine }.map(\.value.text)
        let varied = axes.filter { $0.parameter == .machine }.flatMap { $0.values.map(\.text) }
        return listedMachines + varied
    }

    /// Point `position` of this shard, from 0.
    package func point(_ position: Int) -> SweepPoint {
        var rest = shard.index(position)
        var settings: [SweepSetting] = []
        for axis in axes.reversed() {
            let value = axis.values[rest % axis.values.count]
            settings.append(SweepSetting(parameter: axis.parameter, value: value))
            rest /= axis.values.count
        }
        return SweepPoint(settings: listed[rest].settings + settings.reversed())
    }
}

/// Every n-th point of a sweep: shards 1/n to n/n have each point once.
package struct SweepShard: Equatable, Sendable {
    /// From 1.
    package var number = 1
    package var count = 1

    package init() {}

    /// Reads `K/N`.
    /// - Throws: `SweepError.badShard`.
    package init(_ text: String) throws(SweepError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]), number >= 1, number <= count,
            count <= SweepPlan.limit
        else { throw .badShard(text: text) }
        self.number = number
        self.count = count
    }

    /// How many of `whole` points are the shard's.
    func count(of whole: Int) -> Int { (whole + count - number) / count }

    /// The index in the whole sweep of the shard's point `position`.
    func index(_ position: Int) -> Int { position * count + number - 1 }
}
