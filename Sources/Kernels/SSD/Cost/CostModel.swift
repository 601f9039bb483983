import Trace

/// Instructions of each kernel by stage.
///
/// They are counted from a kernel's operations and priced by `InstructionPrices`. docs/cost-model.md states the
/// formulas and their errors against measured launches.
package enum CostModel {
    /// A block of ch_scan_bwd_dcb whose tile lies above the diagonal. It stores zeros and returns.
    package static func skippedTile(tiling: Tiling, shape: SSDShape) -> ComputeWork {
        chunkProductGradientSkipped(tiling: tiling, shape: shape).work
    }
}
