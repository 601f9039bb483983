/// What the rest of Weir knows of a kernel. Only the generator knows more.
///
/// A description stands beside the kernel's generator, and its family lists it. `Registry` lists the families.
package struct KernelDescription: Sendable {
    /// The short name that traces, reports and commands use.
    package let name: String
    /// The functions that the library launches, named as in their source. Profilers also show what compilers add:
    /// return type, namespaces, template arguments. Commands accept these names too.
    ///
    /// *Source:* state-spaces/mamba 2.3.2 (ops/triton, csrc/selective_scan) and causal_conv1d's csrc; ssd_fused:
    /// RishiAstra/mamba.
    package let functions: [String]
    /// Functions that the library launches instead, each with the flag of the layer that selects it.
    package let variants: [String: LayerParameter]
    /// The names of its rows in measured tables.
    package let measured: MeasuredNames
    /// What it computes, in a few words.
    package let summary: String
    /// The part of a training step that launches the kernel by this name.
    package let pass: SSDPass
    /// A call launches the kernel once for each of these factors, in this order. Kernels that make no factor's gradient
    /// have one launch, which ignores it.
    package let factors: [ProductFactor]
    /// The arithmetic pipes that its own mathematics runs on.
    package let pipes: KernelPipes
    /// What the axes of its grid stand for; nil where no axis stands for chunks or heads.
    package let axes: GridAxes?
    /// The tilings that it can have; nil where the sizes alone decide how it is divided.
    package let tilings: TilingSpace?

    /// - Parameter measured: nil where measured tables use the short name.
    init(
        name: String, functions: [String], variants: [String: LayerParameter] = [:], measured: MeasuredNames? = nil,
        summary: String, pass: SSDPass, factors: [ProductFactor] = [.b], pipes: KernelPipes, axes: GridAxes? = nil,
        tilings: TilingSpace? = nil
    ) {
        self.name = name
        self.functions = functions
        self.variants = variants
        self.measured = measured ?? MeasuredNames(name)
        self.summary = summary
        self.pass = pass
        self.factors = factors
        self.pipes = pipes
        self.axes = axes
        self.tilings = tilings
    }
}
