import Trace

/// Operators that launch nothing: they name memory anew, or reserve it.
struct ViewFamily: OperatorFamily {
    let operators = [
        "_reshape_alias", "_unsafe_view", "alias", "as_strided", "chunk", "detach", "diagonal", "empty", "empty_like",
        "empty_strided", "expand", "expand_as", "flatten", "lift_fresh", "movedim", "narrow", "new_empty",
        "new_empty_strided", "permute", "select", "slice", "split", "split_with_sizes", "squeeze", "t", "transpose",
        "unbind", "unflatten", "unfold", "unsafe_split", "unsqueeze", "view", "view_as",
    ]
    let category = OperatorCategory.other

    func launches(of op: Operator, places: inout TensorPlaces) -> [any BlockProgramSource]? { [] }
}
