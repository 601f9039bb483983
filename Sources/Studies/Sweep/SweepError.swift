import Content

/// An error in a sweep. Each prints as one line: the place, the cause, the cure.
package enum SweepError: UserError, Equatable, Sendable {
    /// No field, size or option has this name. `nearest` holds names that exist.
    case unknownName(name: String, nearest: [String])
    /// The text is not `NAME=VALUES`.
    case malformed(text: String, reason: String, cure: String)
    /// A name is varied twice, or both varied and set.
    case repeated(name: String, other: String)
    /// The parameter cannot have this value.
    case badValue(name: String, text: String, cure: String)
    /// The sweep has more points than one sweep takes.
    case tooManyPoints(limit: Int)
    /// `--shard` is not K/N.
    case badShard(text: String)
    /// Kernel parameters are given together with recorded traces, which cannot change.
    case fixedByTrace(option: String)
    /// The name is no size of the model, or the list of operators is as it is. `sizes` holds what the model has.
    case unfitStep(name: String, step: String, sizes: [String])
    /// A size that only models have is given for kernels.
    case sizeOfModels(name: String)
    /// A list of points cannot be read.
    case badPoints(file: String, line: Int, reason: String, cure: String)
    /// A name or value in a list of points is wrong, or the list as a whole, which has no line.
    case badPoint(file: String, line: Int?, reason: String)
    /// The file of results holds a line that no sweep has written.
    case foreignLine(file: String, line: Int)
    /// Points failed. `first` is the cause of the first failure.
    case failed(file: String, failed: Int, total: Int, first: String)
    /// Another file now has the name of the results, or lines of the file are missing.
    case replaced(file: String, what: String)
    /// A file of results cannot be read.
    case unreadable(file: String)
    /// The results have no finished point.
    case noResults(files: [String], failed: Int)
    /// No finished point or launch has this column as a number.
    case unknownColumn(name: String, nearest: [String])
    /// The axis does not have at least two values among the finished points.
    case unknownAxis(name: String, known: [String])
    /// The kernel has no launch with the column.
    case unknownLaunch(kernel: String, metric: String, known: [String])
    /// The points have all settings in common.
    case nothingVaries
    /// A heat map has only one axis.
    case oneAxis(name: String)
    /// Two points have the same value on every axis.
    case samePlace(key: String, place: String)
    /// A system call on the file of results failed.
    case system(file: String, call: String, message: String, cure: String)

    package var isUsage: Bool {
        switch self {
        case .unknownName, .malformed, .repeated, .badValue, .tooManyPoints, .badShard, .fixedByTrace, .unfitStep,
            .sizeOfModels, .unknownColumn, .unknownAxis, .unknownLaunch, .oneAxis:
            true
        case .badPoints, .badPoint, .failed, .foreignLine, .replaced, .unreadable, .noResults, .nothingVaries,
            .samePlace, .system:
            false
        }
    }

    /// The message without the name of the option, for a name or value that came from elsewhere.
    var withoutOption: String {
        let option = "--vary "
        return description.hasPrefix(option) ? String(description.dropFirst(option.count)) : description
    }

    package var description: String {
        switch self {
        case .unknownName(let name, let nearest):
            "--vary \(name): there is nothing of this name to vary; "
                + (nearest.isEmpty
                    ? "weir machines with the machine's name lists its fields, weir sweep --help the other names"
                    : "nearest \(nearest.count == 1 ? "is" : "are") \(nearest.joined(separator: ", "))")
        case .malformed(let text, let reason, let cure):
            "--vary \(text): \(reason); \(cure)"
        case .repeated(let name, let other):
            "--vary \(name): \(other) gives it values too; keep one of the two"
        case .badValue(let name, let text, let cure):
            "--vary \(name): '\(text)' is no value of it; \(cure)"
        case .tooManyPoints(let limit):
            "the sweep has more than \(limit) points; give fewer values, or several sweeps"
        case .badShard(let text):
            "--shard \(text): write K/N with 1 <= K <= N, such as 3/16"
        case .fixedByTrace(let option):
            "\(option): a recorded trace is as it is; vary machine fields, machine or cache, or name kernels instead of --trace"
        case .unfitStep(let name, let step, let sizes):
            "--vary \(name): \(step) \(sizes.isEmpty ? "is as it is" : "has no such size"); vary "
                + (sizes.isEmpty ? "" : sizes.joined(separator: ", ") + ", ") + "machine fields, machine or cache"
        case .sizeOfModels(let name):
            "--vary \(name): kernels have no such size; name a model, such as model:mamba2-8b, or leave it out"
        case .badPoints(let file, let line, let reason, let cure):
            "\(file):\(line): \(reason); \(cure)"
        case .badPoint(let file, let line, let reason):
            "\(file):\(line.map { "\($0):" } ?? "") \(reason)"
        case .failed(let file, let failed, let total, let first):
            "\(file): \(failed == total ? "all \(total)" : "\(failed) of \(total)") points failed; \(first)"
        case .foreignLine(let file, let line):
            "\(file):\(line): this is no line of a sweep's results; give a file of its own, or remove the line"
        case .replaced(let file, let what):
            "\(file): \(what) while the sweep ran; results are missing from it; start the sweep again, which runs what is missing"
        case .unreadable(let file):
            "\(file): the results cannot be read; check the path and its permissions"
        case .noResults(let files, let failed):
            "\(files.joined(separator: ", ")): no point has finished\(failed > 0 ? ", \(failed) failed" : ""); "
                + "run the sweep first"
        case .unknownColumn(let name, let nearest):
            "--metric \(name): no point or launch has a number of this name; "
                + (nearest.isEmpty
                    ? "the results' lines have the names, such as cold_duration_ns"
                    : "nearest \(nearest.count == 1 ? "is" : "are") \(nearest.joined(separator: ", "))")
        case .unknownAxis(let name, let known):
            "\(name): this does not vary among the finished points; give one of \(known.joined(separator: ", "))"
        case .unknownLaunch(let kernel, let metric, let known):
            known.isEmpty
                ? "--kernel \(kernel): \(metric) is a column of whole points; name one of launches, such as cold_duration_ns"
                : "--kernel \(kernel): there is no such launch; give one of \(known.joined(separator: ", "))"
        case .nothingVaries:
            "all finished points have the same values; there is nothing to draw a metric over"
        case .oneAxis(let name):
            "--chart heatmap: only \(name) varies, and a heat map needs two axes; draw lines instead"
        case .samePlace(let key, let place):
            "two points stand at \(place), one of them \(key); they differ in what was not varied; give the results of one sweep"
        case .system(let file, let call, let message, let cure):
            "\(file): \(call) failed: \(message); \(cure)"
        }
    }
}
