extension MachineSettings {
    /// Checks what no single field can: that the values together describe a machine that can exist.
    /// - Throws: `MachineError.impossible` with the first contradiction found.
    package func validate() throws(MachineError) {
    }
}
