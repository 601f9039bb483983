import Report

/// The names of all charts of all commands. None of them is taken for a file.
enum ChartNames {
    static let all = Set(
        names(RunChart.self) + names(StepChart.self) + names(TraceChart.self) + names(CurveChart.self)
            + names(FusionChart.self)
            + names(SearchChart.self)
            + names(ComparisonChart.self) + names(SweepChart.self))

    private static func names<Kind: ChartKind>(_ kinds: Kind.Type) -> [String] { kinds.allCases.map(\.rawValue) }
}
