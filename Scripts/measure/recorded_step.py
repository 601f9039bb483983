#!/usr/bin/env python3
"""Holds a list of operators (record_torch.py) against a table of a step's launches on an H200 (docs/validation).

    measure/recorded_step.py h200_step_NAME.csv NAME.ops.jsonl [--differences]

Launches of one operator are joined. Then both sides are names and shapes of inputs, in order. Shapes are held against
each other without dimensions of one, and without what the profiler does not show.
"""

import argparse
import csv
import difflib
import json
import re
from collections import Counter

ATTENTION = {"_cudnn_attention_forward": "attention", "_cudnn_attention_backward": "attention_backward"}
SEVERAL = {
    "native_batch_norm", "native_batch_norm_backward", "native_layer_norm_backward", "embedding_dense_backward",
    "_index_put_impl_", "_cudnn_attention_backward", "cudnn_convolution", "convolution_backward", "_fused_adamw_",
    "_foreach_add_",
}  # fmt: skip


def shrunk(shape):
    return tuple(size for size in shape if size != 1)


def flat(dims):
    found = []
    for part in dims:
        if part and isinstance(part[0], list):
            found += flat(part)
        else:
            found.append(shrunk(part))
    return [shape for shape in found if shape]


def measured(path):
    """(name, shapes, part) of each operator of a table."""
    found, last, joined = [], None, None
    in_scan = False
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        name, outer, function = row["aten_op"].removeprefix("aten::"), row["outer_op"], row["function"]
        if name.startswith("Optimizer.step"):
            continue
        dims = flat(json.loads(row["input_dims"] or "[]"))
        key = (name, outer, row["input_dims"])
        glue = row["ssm_glue"] == "1"
        if "splitKreduce" in function:
            continue
        # The scan of Mamba-2, whose launches one operator stands for.
        if "_chunk_cumsum_bwd" in function:
            in_scan = False
            continue
        if in_scan and not function.startswith("_layer_norm") and not name.startswith(("mm", "bmm")):
            continue
        in_scan = in_scan and "Backward" in outer
        if re.match(r"_(chunk|bmm_chunk|state_passing)", function):
            if "Backward" in outer:
                in_scan = True
                if found and glue and found[-1][0] == "copy_":
                    found.pop()
                if found[-1][0] == "copy_" and len(found[-1][1]) == 1 and len(found[-1][1][0]) == 2:
                    found.pop()  # dt.clone()
                found.append(("chunk_scan_bwd", None, row["part"]))
            elif last != "chunk_scan":
                found.append(("chunk_scan_fwd", None, row["part"]))
            last = "chunk_scan" if not in_scan else None
            continue
        last = None
        if function.startswith("_layer_norm"):
            found.append(("layer_norm_" + ("bwd" if "_bwd_" in function else "fwd"), None, row["part"]))
            joined = None
            continue
        if "selective_scan" in function:
            found.append(("selective_scan_" + ("bwd" if "_bwd_" in function else "fwd"), None, row["part"]))
            joined = None
            continue
        # What lies inside other operators.
        if "IndexBackward" in outer and name in ("remainder", "mul", "div_", "arange"):
            continue
        if "EmbeddingBackward" in outer and name in ("arange", "fill_"):
            continue
        if name == "fill_" and ("batch_norm" in outer or "BatchNorm" in outer):
            continue
        if name in SEVERAL and key == joined:
            continue
        joined = key if name in SEVERAL else None
        if name.startswith("DaoAILab"):
            name, dims = name.removeprefix("DaoAILab::_causal_"), dims[:3]
        elif name == "gather":
            name, dims = "rows", dims[:2]
        elif name == "index":
            dims = dims[:1]
        elif name in ("cudnn_convolution", "_conv_depthwise2d"):
            name = "convolution"
        elif name == "copy_":
            dims = dims[:1]
        elif name in ("_fused_adamw_", "_foreach_add_", "embedding_dense_backward"):
            dims = None
        name = ATTENTION.get(name, name)
        found.append((name, None if dims is None else tuple(dims), row["part"]))
    return found


def is_plain(source, target):
    """Whether a copy keeps type and order. It is a memory copy and no launch, so that tables do not have it."""
    return all(source.get(key) == target.get(key) for key in ("type", "shape", "strides"))


def recorded(path):
    found = []
    with open(path) as file:
        next(file)
        for line in file:
            op = json.loads(line)
            name = op["op"].split("::")[1]
            shapes = [shrunk(tensor["shape"]) for tensor in op.get("inputs", ())]
            out = shrunk(op["outputs"][0]["shape"])
            if name == "copy_" and is_plain(op["inputs"][0], op["outputs"][0]):
                continue
            where = f"{op.get('layer', '')}:{op['pass']}"
            if name.startswith("_scaled_dot_product_cudnn"):
                name = "attention_backward" if name.endswith("backward") else "attention"
            elif name in ("embedding", "index_select"):
                name, shapes = "rows", [shapes[0], out]
            elif name in ("index_put_", "_index_put_impl_"):
                name, shapes = "_index_put_impl_", [shapes[0], shapes[-1]]
            elif name == "index":
                shapes = shapes[:1]
            elif name == "fill_":
                shapes = [out]
            elif name == "nll_loss_backward":
                shapes = [out, shapes[1]]
            elif name.startswith("_causal_conv1d"):
                name, shapes = name.removeprefix("_causal_"), shapes[:3]
            elif name.startswith("_layer_norm"):
                name, shapes = name.removeprefix("_"), None
            elif name.startswith("_mamba_chunk_scan"):
                name, shapes = "chunk_scan_" + name[-3:], None
            elif op["op"].startswith("selective_scan"):
                name, shapes = "selective_scan_" + name, None
            elif name in ("_fused_adamw_", "_foreach_add_", "embedding_dense_backward"):
                shapes = None
            found.append((name, None if shapes is None else tuple(s for s in shapes if s), where))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("table")
    parser.add_argument("operators")
    parser.add_argument("--differences", action="store_true", help="show them, in order")
    options = parser.parse_args()
    left, right = measured(options.table), recorded(options.operators)
    left_keys, right_keys = ([item[:2] for item in side] for side in (left, right))
    common = sum((Counter(left_keys) & Counter(right_keys)).values())
    matcher = difflib.SequenceMatcher(None, left_keys, right_keys, autojunk=False)
    in_order = sum(block.size for block in matcher.get_matching_blocks())
    print(f"measured {len(left)} operators, recorded {len(right)}")
    print(f"alike in name and shapes: {common} ({100 * common / len(left):.1f} %); in the same order: {in_order}")
    if options.differences:
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind != "equal":
                for item in left[a:b]:
                    print("  measured", *item)
                for item in right[c:d]:
                    print("  recorded", *item)


if __name__ == "__main__":
    main()
