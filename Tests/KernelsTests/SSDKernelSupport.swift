@testable import Kernels

/// A kernel of the SSD call that a test names.
func ssdKernel(_ name: String) -> SSDKernel {
    guard let kernel = try? SSDKernels.kernel(named: name) else { preconditionFailure("no kernel is called \(name)") }
    return kernel
}
