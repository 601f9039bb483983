extension MeasuredTiling {
    /// Written by Scripts/tuning-accuracy; do not edit.
    static let table = """
        shape,kernel,tiling,measured_ns,predicted_ns
        """
}
