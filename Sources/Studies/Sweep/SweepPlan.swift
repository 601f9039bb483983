import Machine

/// The points of a sweep, in order: the listed points, and for each of them every combination of the axes' values. The
/// first axis changes slowest, the last fastest. A point is made when it is asked for.
package struct SweepPlan: Sendable {
    /// The largest number of points.
    package static let limit = 1_000_000

    /// Listed points. Without a list it holds one empty point.
    private let listed: [SweepPoint]
    private let axes: [SweepAxis]
    private let shard: SweepShard
    /// The number of points of the whole sweep.
    package let wholeCount: Int

    /// - Parameters:
    ///   - listed: the points of a list; nil without a list.
    ///   - axes: at least one if there is no list.
    /// - Throws: `SweepError.repeated` for a name that appears twice, `.tooManyPoints`.
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

    /// The number of points of this shard.
    package var count: Int { shard.count(of: wholeCount) }

    /// The varied parameters of lists and axes. Each appears once, in order.
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

/// Every n-th point of a sweep. The shards 1/n to n/n together have each point once.
package struct SweepShard: Equatable, Sendable {
    /// The number of the shard, from 1.
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

    /// The number of the shard's points among `whole` points.
    func count(of whole: Int) -> Int { (whole + count - number) / count }

    /// The index in the whole sweep of the shard's point `position`.
    func index(_ position: Int) -> Int { position * count + number - 1 }
}
