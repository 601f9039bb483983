import Kernels
import Workloads

extension WorkloadRequest {
    /// The request with a point's values in place of its own; parameters of the machine change nothing here.
    ///
    /// Parts of a kernel's tiling go into that kernel's text.
    package func applying(_ point: SweepPoint) -> WorkloadRequest {
        var request = self
        for setting in point.settings {
            switch setting.parameter {
            // The point's values were checked when it was read.
            case .layer(let parameter): _ = parameter.set(setting.value.text, in: &request.parameters)
            case .tiling(let kernel, let field): request.addTiling("\(field)=\(setting.value.text)", kernel: kernel)
            case .model, .field, .cache, .machine: break
            }
        }
        return request
    }

    private mutating func addTiling(_ field: String, kernel: String) {
        if let index = tilings.firstIndex(where: { (try? TilingOption($0))?.kernel == kernel }) {
            tilings[index] += "," + field
        } else {
            tilings.append("\(kernel):\(field)")
        }
    }
}
