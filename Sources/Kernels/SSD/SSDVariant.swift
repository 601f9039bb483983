/// One compiled form of a kernel of the SSD call.
struct SSDVariant: Sendable {
    let tiling: Tiling
    let shape: SSDShape
    /// Whether the backward pass launches it. There state_pass_fwd writes fp32 states and is unrolled.
    let isRecomputing: Bool
}
