"""Where stand-ins write their operators. It is the capture of the pretended GPU, if there is one."""

_capture = None


def connect(capture):
    global _capture
    _capture = capture


def emit(name, inputs, outputs, **attributes):
    """Writes an operator. Tensors that are None are left out, and so are attributes."""
    if _capture is not None:
        _capture.emit(
            name,
            [tensor for tensor in inputs if tensor is not None],
            [tensor for tensor in outputs if tensor is not None],
            {key: value for key, value in attributes.items() if value is not None},
        )
