import Models

extension StepRequest {
    /// The request with a point's values in place of its own; parameters of the machine change nothing here.
    package func applying(_ point: SweepPoint) -> StepRequest {
        setting(
            point.settings.compactMap { setting in
                // The point's values were checked when it was read.
                guard let parameter = setting.parameter.modelParameter, let value = Int(setting.value.text) else {
                    return nil
                }
                return (parameter, value)
            })
    }
}
