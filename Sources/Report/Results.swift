import Analysis
import Fusion
import Operators
import Runs
import Studies
import Validation

// Every kind of result that a command writes, with its renderers for each format.

extension RunResult: Reportable {
    package static var renderers: Renderers<Self> { Renderers(text: RunText(), json: RunJSON(), csv: RunCSV()) }
}

extension PlainRunResult: Reportable {
    package static var renderers: Renderers<Self> {
        Renderers(text: PlainRunText(), json: PlainRunJSON(), csv: PlainRunCSV())
    }
}

extension TraceSummary: Reportable {
    package static var renderers: Renderers<Self> {
        Renderers(text: InspectText(), json: InspectJSON(), csv: InspectCSV())
    }
}

extension CurveResult: Reportable {
    package static var renderers: Renderers<Self> { Renderers(text: CurveText(), json: CurveJSON(), csv: CurveCSV()) }
}

extension FusionComparison: Reportable {
    package static var renderers: Renderers<Self> {
        Renderers(text: FusionText(), json: FusionJSON(), csv: FusionCSV())
    }
}

extension TilingSearch: Reportable {
    package static var renderers: Renderers<Self> { Renderers(text: TuneText(), json: TuneJSON(), csv: TuneCSV()) }
}

extension ValidationResult: Reportable {
    package static var renderers: Renderers<Self> {
        Renderers(text: ValidationText(), json: ValidationJSON(), csv: ValidationCSV())
    }
}

extension RecordedValidationResult: Reportable {
    package static var renderers: Renderers<Self> {
        Renderers(text: RecordedValidationText(), json: RecordedValidationJSON(), csv: RecordedValidationCSV())
    }
}

extension OperatorValidationResult: Reportable {
    package static var renderers: Renderers<Self> {
        Renderers(text: OperatorValidationText(), json: OperatorValidationJSON(), csv: OperatorValidationCSV())
    }
}

extension OperatorSummary: Reportable {
    package static var renderers: Renderers<Self> {
        Renderers(text: OperatorSummaryText(), json: OperatorSummaryJSON(), csv: OperatorSummaryCSV())
    }
}

extension StepValidationResult: Reportable {
    package static var renderers: Renderers<Self> {
        Renderers(text: StepValidationText(), json: StepValidationJSON(), csv: StepValidationCSV())
    }
}

extension LifetimeComparison: Reportable {
    package static var renderers: Renderers<Self> {
        Renderers(text: LifetimeText(), json: LifetimeJSON(), csv: LifetimeCSV())
    }
}

extension MicrobenchmarkResult: Reportable {
    package static var renderers: Renderers<Self> {
        Renderers(text: MicrobenchmarkText(), json: MicrobenchmarkJSON(), csv: MicrobenchmarkCSV())
    }
}

extension [CheckOutcome]: Reportable {
    package static var renderers: Renderers<Self> { Renderers(text: CheckText(), json: CheckJSON(), csv: CheckCSV()) }
}
