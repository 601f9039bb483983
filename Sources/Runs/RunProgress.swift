/// The progress of a run or a generation.
package struct RunProgress: Sendable {
    /// Number of the current launch, from 0.
    package let order: Int
    /// The number of launches, if it is known.
    package let launchCount: Int?
    package let kernel: String
    /// Blocks of the current launch that have started.
    package let blocksStarted: Int
    /// Blocks of the current launch.
    package let blockCount: Int

    package init(order: Int, launchCount: Int?, kernel: String, blocksStarted: Int, blockCount: Int) {
        self.order = order
        self.launchCount = launchCount
        self.kernel = kernel
        self.blocksStarted = blocksStarted
        self.blockCount = blockCount
    }

    /// A line such as `launch 2 of 5, ch_state_fwd: 1024 of 4096 blocks`.
    package var line: String {
        let launches = launchCount.map { " of \($0)" } ?? ""
        return "launch \(order + 1)\(launches), \(kernel): \(blocksStarted) of \(blockCount) blocks"
    }
}
