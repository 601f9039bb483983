"""A training step of a vision model under autocast, for record_torch.py: convolutions at first, then layers of a
selective scan and layers of attention, in the manner of MambaVision."""

import argparse

import torch
from mamba_ssm.ops.selective_scan_interface import selective_scan_fn
from torch import nn
from torch.nn import functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--depths", type=int, nargs=4, default=[1, 3, 8, 4])
parser.add_argument("--width", type=int, default=80)
options = parser.parse_args()
HEADS, STATES, TAPS = [2, 4, 8, 16], 8, 3


class SkipAtRandom(nn.Module):
    """Leaves a branch out of some images."""

    def __init__(self, probability):
        super().__init__()
        self.kept = 1 - probability

    def forward(self, x):
        if self.kept == 1 or not self.training:
            return x
        chosen = x.new_empty((x.shape[0],) + (1,) * (x.dim() - 1)).bernoulli_(self.kept)
        return x * chosen.div_(self.kept)


class Convolutions(nn.Module):
    def __init__(self, width, skipped):
        super().__init__()
        self.first, self.second = (nn.Conv2d(width, width, 3, padding=1) for _ in range(2))
        self.first_norm, self.second_norm = (nn.BatchNorm2d(width) for _ in range(2))
        self.skip = SkipAtRandom(skipped)

    def forward(self, x):
        y = F.gelu(self.first_norm(self.first(x)), approximate="tanh")
        return x + self.skip(self.second_norm(self.second(y)))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.into, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        batch, length, width = x.shape
        parts = self.into(x).reshape(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(*parts.unbind(0))
        return self.out(mixed.transpose(1, 2).reshape(x.shape))


class Scan(nn.Module):
    """A selective scan of half the channels, beside the other half."""

    def __init__(self, width):
        super().__init__()
        half, self.rank = width // 2, -(-width // 16)
        self.into, self.out = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.mix, self.beside = (nn.Conv1d(half, half, TAPS, groups=half, padding="same", bias=False) for _ in range(2))
        self.project = nn.Linear(half, self.rank + 2 * STATES, bias=False)
        self.step = nn.Linear(self.rank, half)
        self.rate = nn.Parameter(torch.zeros(half, STATES))
        self.direct = nn.Parameter(torch.ones(half))

    def forward(self, x):
        batch, length, _ = x.shape
        x, beside = self.into(x).transpose(1, 2).chunk(2, dim=1)
        rate = -torch.exp(self.rate.float())
        x, beside = F.silu(self.mix(x)), F.silu(self.beside(beside))
        projected = self.project(x.transpose(1, 2).reshape(batch * length, -1))
        step, B, C = projected.split([self.rank, STATES, STATES], dim=-1)
        step = self.step(step).view(batch, length, -1).transpose(1, 2)
        B, C = (part.view(batch, length, STATES).transpose(1, 2).contiguous() for part in (B, C))
        y = selective_scan_fn(
            x, step, rate, B, C, self.direct.float(), delta_bias=self.step.bias.float(), delta_softplus=True
        )
        return self.out(torch.cat([y, beside], dim=1).transpose(1, 2))


class Layer(nn.Module):
    def __init__(self, width, mixer, skipped):
        super().__init__()
        self.mixer = mixer
        self.mixer_norm, self.outer_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.outer = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.skip = SkipAtRandom(skipped)
        self.scale = 1.0

    def forward(self, x):
        x = x + self.skip(self.scale * self.mixer(self.mixer_norm(x)))
        return x + self.skip(self.scale * self.outer(self.outer_norm(x)))


class Stage(nn.Module):
    def __init__(self, width, depth, index, skipped):
        super().__init__()
        self.of_images = index < 2
        if self.of_images:
            self.layers = nn.ModuleList(Convolutions(width, p) for p in skipped)
        else:
            scans = (depth + 1) // 2
            mixers = [Scan(width) if i < scans else Attention(width, HEADS[index]) for i in range(depth)]
            self.layers = nn.ModuleList(Layer(width, mixer, p) for mixer, p in zip(mixers, skipped))
        self.down = nn.Conv2d(width, 2 * width, 3, stride=2, padding=1, bias=False) if index < 3 else None

    def forward(self, x):
        if self.of_images:
            for layer in self.layers:
                x = layer(x)
        else:
            batch, width, rows, columns = x.shape
            # One window holds the whole image.
            x = x.view(batch, width, 1, rows, 1, columns).permute(0, 2, 4, 3, 5, 1).reshape(-1, rows * columns, width)
            for layer in self.layers:
                x = layer(x)
            x = (
                x.reshape(batch, 1, 1, rows, columns, width)
                .permute(0, 5, 1, 3, 2, 4)
                .reshape(batch, width, rows, columns)
            )
        return x if self.down is None else self.down(x)


class Model(nn.Module):
    def __init__(self, width, depths):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 32, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.Conv2d(32, width, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )
        skipped = torch.linspace(0, 0.2, sum(depths)).tolist()
        self.stages = nn.ModuleList()
        for index, depth in enumerate(depths):
            before = sum(depths[:index])
            self.stages.append(Stage(width << index, depth, index, skipped[before : before + depth]))
        self.norm = nn.BatchNorm2d(8 * width)
        self.head = nn.Linear(8 * width, 1000)

    def forward(self, x):
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return self.head(F.adaptive_avg_pool2d(self.norm(x), 1).flatten(1))


model = Model(options.width, options.depths).cuda().train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
images = torch.randn(options.batch, 3, 224, 224, device="cuda")
classes = torch.randint(0, 1000, (options.batch,), device="cuda")


def step():
    optimizer.zero_grad()
    with torch.autocast("cuda", torch.bfloat16):
        loss = F.cross_entropy(model(images), classes)
    loss.backward()
    optimizer.step()
