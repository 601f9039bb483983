"""A training step of a network on a graph, for record_torch.py: messages along gated edges, and Mamba over the nodes."""

import argparse

import torch
from mamba_ssm.modules.mamba_simple import Mamba
from torch import nn
from torch.nn import functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--nodes", type=int, default=65536)
parser.add_argument("--degree", type=int, default=8)
parser.add_argument("--width", type=int, default=128)
parser.add_argument("--layers", type=int, default=4)
options = parser.parse_args()
made = {"device": "cuda", "dtype": torch.bfloat16}


class Layer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.old, self.sent, self.edge, self.head, self.tail = (nn.Linear(width, width, **made) for _ in range(5))
        self.norm = nn.BatchNorm1d(width, device="cuda")
        self.mamba = Mamba(width, d_state=16, **made)
        self.outer = nn.Sequential(nn.Linear(width, 2 * width, **made), nn.ReLU(), nn.Linear(2 * width, width, **made))

    def forward(self, nodes, edges, source, target, order, back):
        mixed = self.edge(edges) + self.head(nodes)[target] + self.tail(nodes)[source]
        gate = torch.sigmoid(mixed)
        messages = gate * self.sent(nodes)[source]
        total = torch.zeros_like(nodes).index_add_(0, target, messages)
        weight = torch.zeros_like(nodes).index_add_(0, target, gate)
        new = self.old(nodes) + total / (weight + 1e-6)
        new = nodes + F.relu(self.norm(new.float()).to(nodes.dtype))
        scanned = self.mamba(nodes[order].view(-1, 512, nodes.shape[-1])).reshape(nodes.shape)[back]
        both = new + scanned
        return both + self.outer(both), edges + F.relu(mixed)


layers = nn.ModuleList(Layer(options.width) for _ in range(options.layers))
optimizer = torch.optim.AdamW(layers.parameters(), lr=1e-4, fused=True)
source, target = (torch.randint(0, options.nodes, (options.nodes * options.degree,), device="cuda") for _ in range(2))
order = torch.argsort(torch.bincount(target, minlength=options.nodes))
back = torch.argsort(order)
first_nodes = torch.randn(options.nodes, options.width, **made)
first_edges = torch.randn(options.nodes * options.degree, options.width, **made)


def step():
    optimizer.zero_grad()
    nodes, edges = first_nodes, first_edges
    for layer in layers:
        nodes, edges = layer(nodes, edges, source, target, order, back)
    (nodes.float().square().mean() + edges.float().square().mean()).backward()
    optimizer.step()
