#!/usr/bin/env python3
"""Tests of record_torch.py. They compare its lists with what the profiler of an H200 shows for the same calls.

Scripts/test-record-torch          makes an environment and runs this
"""

import json
import os
import subprocess
import sys
import tempfile
import types
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

from record_torch import RecordError, record, session  # noqa: E402  (from here on there is a GPU)

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402
from torch_recording.running import run  # noqa: E402

WEIR = os.environ.get("WEIR", os.path.join(HERE, "weir"))
BF16 = {"device": "cuda", "dtype": torch.bfloat16}


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(folder.name, "step.ops.jsonl")

    def read(self, path=None):
        with open(path or self.path, encoding="utf-8") as file:
            first, *rest = [json.loads(line) for line in file]
        self.assertEqual((first["format"], first["version"]), ("weir-operators", 1))
        return rest

    def recorded(self, step, **options):
        with record(self.path, **options):
            step()
        return self.read()

    def names(self, operators):
        return [op["op"].split("::")[1] for op in operators]

    def script(self, text, *arguments, name="script.py", **given):
        """Runs a script as the command does."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        options = {"function": None, "step": 3, "step_given": False, "index_distribution": None, "traceback": False}
        options = types.SimpleNamespace(
            script=path, arguments=list(arguments), output=self.path, **{**options, **given}
        )
        argv, folder = sys.argv, sys.path[0]
        try:
            return run(session(), options)
        finally:
            sys.argv, sys.path[0] = argv, folder

    def refused(self, text, **given):
        """The line that a bad script ends with. Nothing is left of the list."""
        with self.assertRaises(RecordError) as caught:
            self.script(text, **given)
        self.assertEqual([name for name in os.listdir(self.folder) if "ops" in name], [])
        self.assertNotIn("\n", str(caught.exception))
        return str(caught.exception)


class TensorTests(Case):
    def test_views_share_an_allocation(self):
        x = torch.randn(8, 16, **BF16)
        add, mul = self.recorded(lambda: (x.t() + 1, x[2:, 4:] * 2))
        source, part = add["inputs"][0], mul["inputs"][0]
        self.assertEqual(source["id"], part["id"])
        self.assertEqual((source["shape"], source["strides"]), ([16, 8], [1, 16]))
        self.assertEqual((part["shape"], part["strides"], part["offset"]), ([6, 12], [16, 1], 36))
        self.assertEqual(add["attributes"], {"other": 1})

    def test_ids_of_freed_tensors_are_not_used_again(self):
        x = torch.randn(8, **BF16)

        def step():
            for _ in range(50):
                x + 1

        operators = self.recorded(step)
        self.assertEqual(len({op["outputs"][0]["id"] for op in operators}), 50)

    def test_in_place(self):
        x, y = torch.randn(8, **BF16), torch.randn(8, **BF16)
        add, copy, fill = self.recorded(lambda: (x.add_(y), x.copy_(y), x.zero_()))
        self.assertEqual((add["op"], add["outputs"]), ("aten::add_", add["inputs"][:1]))
        self.assertEqual((copy["inputs"], copy["outputs"]), (add["inputs"][1:], add["inputs"][:1]))
        self.assertEqual((fill["op"], fill.get("inputs"), fill["outputs"]), ("aten::fill_", None, add["outputs"]))

    def test_what_launches_nothing_is_left_out(self):
        x = torch.randn(4, 4, **BF16)

        def step():
            x.view(16).reshape(2, 8).detach().unsqueeze(0).expand(3, 2, 8)
            torch.empty(5, device="cuda").shape
            x.cpu()
            torch.ones(3) + 1
            x + torch.tensor(2.0)

        (add,) = self.recorded(step)
        self.assertEqual((add["op"], add["attributes"]), ("aten::add", {"other": 2.0}))

    def test_names_of_kernels(self):
        x, index = torch.randn(8, 4, device="cuda"), torch.tensor([0, 2], device="cuda")
        mask = x > 0

        def step():
            torch.zeros(3, device="cuda")
            torch.rand(3, device="cuda")
            F.relu(x)
            torch.stack([x, x], 1)
            x.masked_fill(mask, 1.0)
            x[index]
            F.pad(x, (1, 0))
            x.bfloat16()
            torch._assert_async(mask.any())

        operators = self.recorded(step, index_distribution="sorted")
        self.assertEqual(
            self.names(operators),
            "fill_ uniform_ clamp_min cat copy_ masked_fill_ index fill_ copy_ copy_ any _assert_async".split(),
        )
        stack, gather, padded = operators[3], operators[6], operators[8]
        self.assertEqual([t["shape"] for t in stack["inputs"]], [[8, 1, 4], [8, 1, 4]])
        self.assertEqual(gather["attributes"], {"indices": "sorted"})
        self.assertEqual((padded["outputs"][0]["offset"], padded["outputs"][0]["strides"]), (1, [5, 1]))

    def test_other_types(self):
        with record(self.path) as recording:
            torch.zeros(3, dtype=torch.complex64, device="cuda") + 1
        self.assertEqual(self.read()[1]["outputs"][0]["type"], "i64")
        self.assertEqual(recording.identities.other_types, {"torch.complex64"})


class PassTests(Case):
    def setUp(self):
        super().setUp()
        self.net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4)).cuda()
        self.x, self.y = torch.randn(8, 16, device="cuda"), torch.zeros(8, dtype=torch.long, device="cuda")

    def step(self, optimizer):
        optimizer.zero_grad()
        F.cross_entropy(self.net(self.x), self.y).backward()
        optimizer.step()

    def test_passes_and_layers(self):
        optimizer = torch.optim.AdamW(self.net.parameters(), fused=True)
        self.step(optimizer)
        operators = self.recorded(lambda: self.step(optimizer))
        found = [(name, op.get("layer", ""), op["pass"][0]) for name, op in zip(self.names(operators), operators)]
        self.assertEqual(
            found,
            [
                ("addmm", "0", "f"),
                ("clamp_min", "1", "f"),
                ("addmm", "2", "f"),
                ("_log_softmax", "", "f"),
                ("nll_loss_forward", "", "f"),
                ("fill_", "", "b"),
                ("fill_", "", "b"),
                ("nll_loss_backward", "", "b"),
                ("_log_softmax_backward_data", "", "b"),
                ("mm", "2", "b"),
                ("mm", "2", "b"),
                ("sum", "2", "b"),
                ("threshold_backward", "1", "b"),
                ("mm", "0", "b"),
                ("sum", "0", "b"),
                ("_foreach_add_", "", "o"),
                ("_fused_adamw_", "", "o"),
            ],
        )
        fused = operators[-1]
        ids = [tensor["id"] for tensor in fused["inputs"]]
        self.assertEqual(len(ids), 5 * 4)
        self.assertEqual([tensor["id"] for tensor in fused["outputs"]], ids[:4] + ids[8:16])
        self.assertEqual(ids[0], operators[0]["inputs"][2]["id"])
        gradients = {op["outputs"][0]["id"] for op in operators if op["pass"] == "backward"}
        self.assertLessEqual(set(ids[4:8]), gradients)

    def test_foreach_is_the_default(self):
        optimizer = torch.optim.AdamW(self.net.parameters())
        self.step(optimizer)
        operators = self.recorded(lambda: self.step(optimizer))
        self.assertEqual(
            self.names(op for op in operators if op["pass"] == "optimizer"),
            ["_foreach_" + name for name in "mul_ lerp_ mul_ addcmul_ sqrt div_ add_ addcdiv_".split()],
        )

    def test_names_of_layers_in_lists(self):
        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.blocks = nn.ModuleList([nn.Linear(16, 16, **BF16), nn.Sequential(nn.Linear(16, 16, **BF16))])

            def forward(self, x):
                for block in self.blocks:
                    x = x + block(x)
                return x

        model, x = Model(), torch.randn(2, 16, **BF16)
        operators = self.recorded(lambda: model(x))
        self.assertEqual([op.get("layer") for op in operators], ["blocks.0", None, "blocks.1.0", None])

    def test_clipping_belongs_to_the_optimizer(self):
        def step():
            self.net(self.x).sum().backward()
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)

        operators = self.recorded(step)
        (norm,) = [op for op in operators if op["op"] == "aten::_foreach_norm"]
        self.assertEqual(norm["pass"], "optimizer")
        # The next recording begins with what is forward.
        self.assertEqual(self.recorded(lambda: self.x + 1)[0]["pass"], "forward")

    def test_gradients_are_added_in_place_where_nobody_holds_them(self):
        x = torch.randn(8, 8, **BF16)
        z = (x * 1).requires_grad_()
        operators = self.recorded(lambda: (lambda w: (w.exp() + w.sin()).sum().backward())(z * 1))
        (add,) = [op for op in operators if op["op"] == "aten::add_"]
        self.assertEqual(add["outputs"], add["inputs"][:1])
        # What follows reads the allocation that was added to.
        self.assertEqual(operators[operators.index(add) + 1]["inputs"][0]["id"], add["outputs"][0]["id"])
        # The gradient of a view is a view, whose base holds its storage too.
        z = (x * 1).requires_grad_()
        operators = self.recorded(lambda: (lambda w: (w.t().exp().sum() + w.t().sin().sum()).backward())(z * 1))
        self.assertEqual([op["op"] for op in operators if op["pass"] == "backward"].count("aten::add_"), 0)

    def test_gradients_of_gathers(self):
        z = torch.randn(8, 4, **BF16).requires_grad_()
        index = torch.zeros(5, dtype=torch.long, device="cuda")
        operators = self.recorded(lambda: z[index].sum().backward())
        self.assertEqual(self.names(operators)[-2:], ["fill_", "_index_put_impl_"])
        self.assertEqual(operators[-1]["outputs"], operators[-1]["inputs"][:1])
        self.assertEqual(operators[-1]["outputs"], operators[-2]["outputs"])


class OperatorTests(Case):
    def attention(self, kind=torch.bfloat16, width=64, heads=(4, 4), backward=False, **options):
        q, k, v = (
            torch.randn(2, h, 32, width, device="cuda", dtype=kind, requires_grad=backward)
            for h in (heads[0], heads[1], heads[1])
        )

        def step():
            out = F.scaled_dot_product_attention(q, k, v, **options)
            if backward:
                out.sum().backward()

        return self.recorded(step)

    def test_attention_kernels(self):
        name = "_scaled_dot_product_{}_attention".format
        self.assertEqual(self.names(self.attention(is_causal=True)), [name("cudnn")])
        self.assertEqual(self.names(self.attention(heads=(4, 2), enable_gqa=True)), [name("cudnn")])
        self.assertEqual(self.names(self.attention(width=512)), [name("efficient")])
        self.assertEqual(self.names(self.attention(width=36))[-1], name("flash"))
        self.assertEqual(self.names(self.attention(torch.float32)), [name("efficient")])
        self.assertIn("bmm", self.names(self.attention(torch.float32, heads=(4, 2), enable_gqa=True)))
        with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.FLASH_ATTENTION):
            self.assertEqual(self.names(self.attention()), [name("flash")])
        operators = self.attention(heads=(4, 2), enable_gqa=True, backward=True)
        (back,) = [op for op in operators if op["op"].endswith("cudnn_attention_backward")]
        heads = [tensor["shape"][1] for tensor in back["inputs"]]
        self.assertEqual((heads, [t["shape"][1] for t in back["outputs"]]), ([4, 4, 2, 2, 4, 4], [4, 2, 2]))

    def test_autocast(self):
        layer, x = nn.Linear(16, 16, device="cuda"), torch.randn(4, 16, device="cuda")

        def step():
            with torch.autocast("cuda", torch.bfloat16):
                layer(layer(x)).float().sum().backward()

        operators = self.recorded(step)
        # A weight is converted once, and its gradient back.
        self.assertEqual(self.names(operators)[:5], ["copy_", "copy_", "copy_", "addmm", "addmm"])
        self.assertEqual([op["outputs"][0]["type"] for op in operators[:5]], ["bf16"] * 5)
        self.assertEqual(operators[-1]["outputs"][0]["type"], "f32")

    def test_channels_last(self):
        net = (
            nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16))
            .cuda()
            .to(memory_format=torch.channels_last)
        )
        x = torch.randn(2, 8, 12, 12, device="cuda").to(memory_format=torch.channels_last)

        def step():
            with torch.autocast("cuda", torch.bfloat16):
                out = net(x)
            out.float().square().sum().backward()

        operators = self.recorded(step)
        names = self.names(operators)
        self.assertEqual(names[3:7], ["convolution", "add_", "add_", "native_batch_norm"])
        for name in ("convolution", "native_batch_norm"):
            self.assertEqual(operators[names.index(name)]["outputs"][0]["strides"], [2304, 1, 192, 16])
        back = operators[names.index("convolution_backward")]
        self.assertEqual([t["strides"] for t in back["inputs"]], [[2304, 1, 192, 16], [1152, 1, 96, 8], [72, 1, 24, 8]])
        self.assertEqual([t["shape"] for t in back["outputs"]], [[16, 8, 3, 3]])
        self.assertEqual(names[names.index("convolution_backward") + 1], "sum")

    def test_batch_norm_of_cudnn(self):
        norm, x = nn.BatchNorm2d(4).cuda(), torch.randn(2, 4, 8, 8, device="cuda")
        self.assertEqual(self.names(self.recorded(lambda: norm(x).sum().backward()))[1], "cudnn_batch_norm")
        self.assertEqual(self.names(self.recorded(lambda: norm.eval()(x))), ["cudnn_batch_norm"])
        flat, y = nn.BatchNorm1d(4).cuda(), torch.randn(8, 4, device="cuda")
        self.assertEqual(self.names(self.recorded(lambda: flat(y)))[1], "native_batch_norm")

    def test_norms_copy_what_does_not_lie_in_order(self):
        norm, x = nn.LayerNorm(8, device="cuda"), torch.randn(2, 8, 5, device="cuda").transpose(1, 2)
        self.assertEqual(self.names(self.recorded(lambda: norm(x))), ["copy_", "native_layer_norm"])

    def test_operators_stay_whole(self):
        x = torch.randn(8, 8, **BF16).requires_grad_()
        self.assertIn("silu_backward", self.names(self.recorded(lambda: F.silu(x).sum().backward())))

        def inference():
            with torch.inference_mode():
                F.linear(x, x, x[0])

        self.assertEqual(self.names(self.recorded(inference)), ["addmm"])

    def test_the_bias_of_a_transposed_input(self):
        layer, x = nn.Linear(8, 6, **BF16), torch.randn(4, 8, 3, **BF16).transpose(1, 2)
        self.assertEqual(self.names(self.recorded(lambda: layer(x))), ["copy_", "mm", "add_"])
        self.assertEqual(self.names(self.recorded(lambda: x @ layer.weight.t() + layer.bias)), ["copy_", "mm", "add"])

    def test_models_made_in_the_memory_of_the_cpu(self):
        class Tied(nn.Module):
            def __init__(self):
                super().__init__()
                self.embedding = nn.Embedding(100_000, 4096)  # 1.6 GB, which nobody reserves
                self.head = nn.Linear(4096, 100_000, bias=False)
                self.head.weight = self.embedding.weight

            def forward(self, x):
                return self.head(self.embedding(x))

        model = Tied().to("cuda", torch.bfloat16)
        self.assertIs(model.head.weight, model.embedding.weight)
        gather, product = self.recorded(lambda: model(torch.zeros(2, 3, dtype=torch.long, device="cuda")))[1:]
        self.assertEqual(gather["inputs"][0]["id"], product["inputs"][1]["id"])


class ValueTests(Case):
    def test_numbers_from_the_gpu(self):
        x = torch.randn(4, device="cuda")
        self.assertEqual((x.sum().item(), bool((x > 0).any()), f"{x.sum():.2f}"), (0.0, False, "0.00"))
        with self.assertRaisesRegex(
            RecordError, r"test-recording-torch.py:\d+: the script reads an integer .*--integer N"
        ):
            int(x.argmax())

    def test_numbers_in_the_memory_of_the_cpu(self):
        self.assertEqual(torch.tensor([1, 2]).sum().item(), 3)

    def test_shapes_that_depend_on_values(self):
        x = torch.zeros(4, dtype=torch.long, device="cuda")
        with self.assertRaisesRegex(RecordError, "result of aten::nonzero depends on values"):
            x.nonzero()
        with self.assertRaisesRegex(RecordError, "minlength=N"):
            torch.bincount(x)
        self.assertEqual(torch.bincount(x, minlength=7).shape, (7,))
        with self.assertRaisesRegex(RecordError, r"with .tolist\(\)"):
            x.tolist()

    def test_the_pretended_gpu(self):
        self.assertTrue(torch.cuda.is_available())
        self.assertEqual(torch.cuda.get_device_properties(0).multi_processor_count, 132)
        torch.cuda.synchronize()
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        self.assertEqual(start.elapsed_time(end), 1.0)
        self.assertEqual(torch.tensor([1.0], device="cuda").device.type, "cuda")


class StandInTests(Case):
    def both(self, module, x):
        """The operators of a forward and a backward pass."""
        gradient = torch.randn_like(x)
        return self.recorded(lambda: module(x).backward(gradient))

    def test_mamba2(self):
        from mamba_ssm import Mamba2

        module = Mamba2(256, d_state=16, headdim=32, ngroups=2, chunk_size=64, **BF16)
        self.assertEqual(
            {name: (list(p.shape), str(p.dtype)[6:]) for name, p in module.named_parameters()},
            {
                "dt_bias": ([16], "bfloat16"),
                "A_log": ([16], "bfloat16"),
                "D": ([16], "float32"),
                "in_proj.weight": ([1104, 256], "bfloat16"),
                "conv1d.weight": ([576, 1, 4], "bfloat16"),
                "conv1d.bias": ([576], "bfloat16"),
                "norm.weight": ([512], "bfloat16"),
                "out_proj.weight": ([256, 512], "bfloat16"),
            },
        )
        x = torch.randn(1, 128, 256, requires_grad=True, **BF16)
        operators = self.both(module, x)
        # docs/recording-torch.md; the profile has the same without what the two scans stand for.
        self.assertEqual(
            self.names(operators),
            "mm copy_ exp neg _causal_conv1d_fwd_cpp _mamba_chunk_scan_combined_fwd _layer_norm_fwd mm "
            "_causal_conv1d_fwd_cpp mm _layer_norm_bwd sum copy_ _mamba_chunk_scan_combined_bwd bmm fill_ fill_ "
            "_causal_conv1d_bwd_cpp copy_ copy_ copy_ neg mul copy_ mm mm".split(),
        )
        named = {op["op"].split("::")[1]: op for op in operators}
        scan = named["_mamba_chunk_scan_combined_fwd"]
        self.assertEqual(
            [t["shape"] for t in scan["inputs"]],
            [[1, 128, 16, 32], [1, 128, 16], [16], [1, 128, 2, 16], [1, 128, 2, 16], [16], [16]],
        )
        self.assertEqual(
            scan["attributes"],
            {"chunk_size": 64, "dt_softplus": True, "has_D": True, "has_dt_bias": True, "has_z": False},
        )
        back = named["_mamba_chunk_scan_combined_bwd"]
        self.assertEqual((len(back["inputs"]), len(back["outputs"])), (9, 7))
        # x, B and C are parts of the convolution's output, and their gradients parts of that of its gradient.
        x, B, C = (scan["inputs"][i] for i in (0, 3, 4))
        self.assertEqual(
            (x["id"], B["id"], C["id"]), (named["_causal_conv1d_fwd_cpp"]["outputs"][0]["id"] and x["id"],) * 3
        )
        self.assertEqual((B["offset"], C["offset"]), (512, 544))
        dx, ddt, _, dB, dC = back["outputs"][:5]
        self.assertEqual((dx["id"], dB["offset"], dC["offset"]), (dB["id"], 512, 544))
        self.assertEqual(dx["id"], named["_causal_conv1d_bwd_cpp"]["inputs"][3]["id"])
        # The gradients of z, x, B, C and dt lie beside each other.
        norm = named["_layer_norm_bwd"]
        self.assertEqual(norm["outputs"][2]["id"], ddt["id"])
        self.assertEqual(ddt["id"], named["_causal_conv1d_bwd_cpp"]["outputs"][0]["id"])
        self.assertEqual(norm["outputs"][1]["shape"], [264, 512])
        self.assertEqual(norm["attributes"]["group_size"], 256)
        self.assertTrue(all(op.get("layer", "") in ("", "in_proj") for op in operators))

    def test_mamba1(self):
        from mamba_ssm.modules.mamba_simple import Mamba

        module, x = Mamba(64, d_state=8, **BF16), torch.randn(2, 32, 64, requires_grad=True, **BF16)
        operators = self.both(module, x)
        self.assertEqual(
            [op["op"].removeprefix("aten::").removeprefix("DaoAILab::") for op in operators],
            "mm exp neg copy_ _causal_conv1d_fwd_cpp mm mm copy_ copy_ selective_scan_cuda::fwd mm "
            "_causal_conv1d_fwd_cpp mm mm fill_ fill_ fill_ fill_ fill_ selective_scan_cuda::bwd copy_ copy_ bmm "
            "copy_ copy_ copy_ copy_ bmm bmm copy_ bmm addmm fill_ fill_ _causal_conv1d_bwd_cpp copy_ copy_ copy_ "
            "neg mul mm mm".split(),
        )
        forward, back = (op for op in operators if op["op"].startswith("selective_scan_cuda"))
        self.assertEqual(
            [t["shape"] for t in forward["inputs"]][:5], [[2, 128, 32]] * 2 + [[128, 8]] + [[2, 1, 8, 32]] * 2
        )
        self.assertEqual([t["shape"] for t in forward["outputs"]], [[2, 128, 32], [2, 128, 1, 16], [2, 128, 32]])
        self.assertEqual((len(back["inputs"]), len(back["outputs"])), (11, 9))
        module.use_fast_path = False
        slow = self.both(module, x)
        self.assertEqual([op["op"] for op in slow].count("selective_scan_cuda::bwd"), 1)

    def test_other_paths_of_mamba2(self):
        from mamba_ssm.modules.mamba2 import Mamba2

        x = torch.randn(2, 128, 256, requires_grad=True, **BF16)
        operators = self.both(Mamba2(256, d_state=16, use_mem_eff_path=False, **BF16), x)
        self.assertEqual(self.names(operators).count("_mamba_chunk_scan_combined_bwd"), 1)
        self.assertEqual(self.names(operators).count("_causal_conv1d_fwd_cpp"), 1)
        operators = self.both(Mamba2(256, d_state=16, rmsnorm=False, **BF16), x)
        back = [op for op in operators if op["op"].endswith("combined_bwd")][0]
        self.assertEqual((back["attributes"]["has_z"], len(back["outputs"])), (True, 8))

    def test_norms(self):
        from mamba_ssm.ops.triton.layer_norm import RMSNorm
        from mamba_ssm.ops.triton.layernorm_gated import RMSNorm as Gated

        x, z = (torch.randn(2, 16, 64, requires_grad=True, **BF16) for _ in range(2))
        self.assertEqual(
            self.names(self.both(RMSNorm(64, **BF16), x)), ["_layer_norm_fwd", "_layer_norm_bwd", "sum", "copy_"]
        )

        def residual():
            y, rest = RMSNorm(64, **BF16)(x, residual=z, prenorm=True)
            (y + rest).sum().backward()

        forward = [op for op in self.recorded(residual) if op["op"].endswith("_layer_norm_fwd")][0]
        self.assertEqual((len(forward["inputs"]), len(forward["outputs"])), (3, 3))
        self.assertTrue(forward["attributes"]["has_residual"])
        gated = Gated(64, group_size=16, **BF16)
        forward, back = (op for op in self.recorded(lambda: gated(x, z).sum().backward()) if "_layer_norm" in op["op"])
        self.assertEqual((len(forward["inputs"]), len(back["inputs"]), len(back["outputs"])), (3, 5, 3))

    def test_unknown_modules(self):
        with self.assertRaisesRegex(ModuleNotFoundError, "no stand-in for mamba_ssm.modules.mha; use one of "):
            import mamba_ssm.modules.mha  # noqa: F401

    def test_weir_reads_the_lists(self):
        examples = os.path.join(HERE, "examples")
        for name, arguments in (
            ("language_model.py", ["m1pa", "--width", "256", "--length", "256", "--vocabulary", "1000"]),
            ("graph_network.py", ["--nodes", "1024", "--layers", "1"]),
            ("vision_model.py", ["--batch", "2", "--depths", "1", "1", "2", "2"]),
        ):
            with open(os.path.join(examples, name), encoding="utf-8") as file:
                self.script(file.read(), *arguments, name=name)
            said = subprocess.run([WEIR, "inspect", self.path], capture_output=True, text=True)
            self.assertEqual(said.returncode, 0, said.stderr)
            self.assertIn("_fused_adamw_", said.stdout)


class ScriptTests(Case):
    STEP = (
        "import sys, torch\n"
        "x = torch.ones(int(sys.argv[1]) if sys.argv[1:] else 3, device='cuda', requires_grad=True)\n"
        "optimizer = torch.optim.SGD([x])\n"
        "calls = []\n"
        "def step():\n"
        "    calls.append(1)\n"
        "    (x * len(calls)).sum().backward()\n"
        "    optimizer.step()\n"
        "    optimizer.zero_grad()\n"
    )

    def test_the_third_call_counts(self):
        self.script(self.STEP, "5")
        mul = self.read()[0]
        self.assertEqual((mul["attributes"], mul["inputs"][0]["shape"]), ({"other": 3}, [5]))

    def test_another_function(self):
        self.script(self.STEP.replace("def step", "def train"), function="train", step=1)
        self.assertEqual(self.read()[0]["attributes"], {"other": 1})

    def test_steps_of_an_optimizer(self):
        loop = self.STEP.replace("def step", "def train") + "for _ in range(6):\n    train()\n"
        self.script(loop, step=4, step_given=True)
        operators = self.read()
        self.assertEqual([op.get("attributes") for op in operators if op["op"] == "aten::mul"][0], {"other": 4})
        self.assertEqual(self.names(operators).count("sum"), 1)
        os.remove(self.path)
        self.assertIn("ended behind 6 steps", self.refused(loop, step=9, step_given=True))

    def test_the_whole_run(self):
        self.script(self.STEP.replace("def step", "def train") + "train(); train()\n")
        self.assertEqual(self.names(self.read()).count("sum"), 2)

    def test_a_counter_is_no_function(self):
        loop = self.STEP.replace("def step", "def train") + "step = 0\nwhile step < 2:\n    train()\n    step += 1\n"
        self.script(loop)
        self.assertEqual(self.names(self.read()).count("sum"), 2)

    def test_bad_scripts(self):
        self.assertRegex(
            self.refused("import torch\nx = torch.ones(3, device='cuda')\nx = y\n"),
            r"script.py:3: NameError: name 'y' is not defined; mend the script",
        )
        self.assertRegex(self.refused("def step(:\n"), r"script.py:1: .*; mend the script")
        self.assertRegex(
            self.refused("x = 1\n", function="train"), r"defines no train\(\) at its top level; name another"
        )
        self.assertRegex(self.refused("step = list('a')\n"), "step is no function")
        self.assertRegex(self.refused("def step(batch):\n    pass\n"), r"step\(\) wants arguments; name a function")
        self.assertRegex(
            self.refused("import torch\ntorch.ones(3)\n"), "nothing was launched on the GPU; record a step"
        )
        self.assertRegex(self.refused("import sys\nsys.exit(3)\n"), "ended with code 3")
        self.assertRegex(
            self.refused("import torch\ndef step():\n    return int(torch.ones(2, device='cuda').argmax())\n"),
            r"script.py:3: the script reads an integer from the GPU.*; make it a Python number",
        )
        self.assertRegex(
            self.refused("from mamba_ssm.models import x\n"), "script.py:1: ModuleNotFoundError: there is no"
        )

    def test_bad_paths(self):
        with self.assertRaisesRegex(RecordError, "ends in .ops.jsonl; name it so"), record("step.json"):
            pass
        with (
            self.assertRaisesRegex(RecordError, "make it first"),
            record(os.path.join(self.folder, "no", "x.ops.jsonl")),
        ):
            pass
        with self.assertRaisesRegex(RecordError, "use one of random"), record(self.path, index_distribution="odd"):
            pass

    def test_the_command(self):
        script = os.path.join(self.folder, "script.py")
        with open(script, "w", encoding="utf-8") as file:
            file.write(self.STEP)
        command = [sys.executable, os.path.join(HERE, "record_torch.py")]
        said = subprocess.run([*command, "--output", self.path, script, "7"], capture_output=True, text=True)
        self.assertEqual((said.returncode, said.stdout), (0, ""), said.stderr)
        self.assertIn("operators in " + self.path, said.stderr)
        self.assertEqual(self.read()[0]["inputs"][0]["shape"], [7])
        said = subprocess.run([*command, os.path.join(self.folder, "none.py")], capture_output=True, text=True)
        self.assertEqual(said.returncode, 1)
        self.assertRegex(said.stderr, r"^record_torch: .*none.py: No such file or directory; name a Python script\n$")


if __name__ == "__main__":
    unittest.main()
