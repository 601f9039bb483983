import Experiments

/// The renderer of validations for each format.
package enum ValidationRenderers {
    package static func renderer(for format: OutputFormat) -> any Renderer<ValidationResult> {
        switch format {
        case .text: ValidationText()
        case .json: ValidationJSON()
        case .csv: ValidationCSV()
        }
    }
}
