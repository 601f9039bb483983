"""A training step of a language model out of layers of four kinds, for record_torch.py.

    record_torch.py examples/language_model.py mmmm --width 4096 --groups 8

m is Mamba-2, 1 is Mamba-1, p is a multilayer perceptron, and a is attention. It is an ordinary script for a GPU.
"""

import argparse

import torch
from mamba_ssm.modules.mamba2 import Mamba2
from mamba_ssm.modules.mamba_simple import Mamba
from mamba_ssm.ops.triton.layer_norm import RMSNorm
from torch import nn
from torch.nn import functional as F

parser = argparse.ArgumentParser()
parser.add_argument("kinds")
parser.add_argument("--width", type=int, default=4096)
parser.add_argument("--vocabulary", type=int, default=32000)
parser.add_argument("--batch", type=int, default=1)
parser.add_argument("--length", type=int, default=4096)
parser.add_argument("--groups", type=int, default=8)
options = parser.parse_args()
made = {"device": "cuda", "dtype": torch.bfloat16}


class Perceptron(nn.Module):
    """Two products with a squared ReLU between."""

    def __init__(self, width):
        super().__init__()
        self.up = nn.Linear(width, 4 * width, bias=False, **made)
        self.down = nn.Linear(4 * width, width, bias=False, **made)

    def forward(self, x):
        return self.down(F.relu(self.up(x)).square())


class Attention(nn.Module):
    """Causal attention of grouped queries."""

    def __init__(self, width, heads=32, groups=8):
        super().__init__()
        self.heads, self.groups, self.size = heads, groups, width // heads
        self.into = nn.Linear(width, width + 2 * groups * self.size, bias=False, **made)
        self.out = nn.Linear(width, width, bias=False, **made)

    def forward(self, x):
        size = self.groups * self.size
        query, key, value = self.into(x).split([x.shape[-1], size, size], dim=-1)
        query = query.unflatten(-1, (self.heads, self.size)).transpose(1, 2)
        key, value = (part.unflatten(-1, (self.groups, self.size)).transpose(1, 2) for part in (key, value))
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True, enable_gqa=True)
        return self.out(mixed.transpose(1, 2).reshape(x.shape))


class Layer(nn.Module):
    """A norm, a mixer and a residual."""

    def __init__(self, kind, width):
        super().__init__()
        self.norm = RMSNorm(width, **made)
        if kind == "m":
            self.mixer = Mamba2(width, d_state=128, headdim=64, ngroups=options.groups, chunk_size=128, **made)
        elif kind == "1":
            self.mixer = Mamba(width, d_state=16, **made)
        else:
            self.mixer = {"p": Perceptron, "a": Attention}[kind](width)

    def forward(self, x):
        return x + self.mixer(self.norm(x))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(options.vocabulary, options.width, **made)
        self.layers = nn.ModuleList(Layer(kind, options.width) for kind in options.kinds)
        self.norm = RMSNorm(options.width, **made)
        self.head = nn.Linear(options.width, options.vocabulary, bias=False, **made)

    def forward(self, tokens):
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))


model = Model()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
tokens = torch.randint(0, options.vocabulary, (options.batch, options.length), device="cuda")


def step():
    optimizer.zero_grad()
    logits = model(tokens).flatten(0, 1).float()
    F.cross_entropy(logits, tokens.flatten()).backward()
    optimizer.step()
