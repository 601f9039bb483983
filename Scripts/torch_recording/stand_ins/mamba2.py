"""Mamba-2's block."""

import torch
from torch import nn

from torch_recording.errors import ScriptError
from torch_recording.stand_ins.causal_conv1d import causal_conv1d_fn
from torch_recording.stand_ins.chunk_scan import mamba_chunk_scan_combined
from torch_recording.stand_ins.norms import GatedRMSNorm
from torch_recording.stand_ins.split_scan import mamba_split_conv1d_scan_combined


class Mamba2(nn.Module):
    def __init__(
        self,
        d_model,
        d_state=128,
        d_conv=4,
        conv_init=None,
        expand=2,
        headdim=64,
        d_ssm=None,
        ngroups=1,
        A_init_range=(1, 16),
        D_has_hdim=False,
        rmsnorm=True,
        norm_before_gate=False,
        dt_min=0.001,
        dt_max=0.1,
        dt_init_floor=1e-4,
        dt_limit=(0.0, float("inf")),
        bias=False,
        conv_bias=True,
        chunk_size=256,
        use_mem_eff_path=True,
        layer_idx=None,
        process_group=None,
        sequence_parallel=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        made = {"device": device, "dtype": dtype}
        self.d_model, self.d_state, self.d_conv, self.expand = d_model, d_state, d_conv, expand
        self.d_inner, self.headdim, self.ngroups = expand * d_model, headdim, ngroups
        self.d_ssm = self.d_inner if d_ssm is None else d_ssm
        if self.d_ssm != self.d_inner or process_group is not None:
            raise ScriptError("the stand-in of Mamba2 knows no d_ssm and no process_group", "leave them out")
        if self.d_ssm % headdim:
            raise ScriptError(f"{self.d_ssm} channels are no whole heads of {headdim}", "give another headdim")
        self.nheads = self.d_ssm // headdim
        self.rmsnorm, self.norm_before_gate, self.chunk_size = rmsnorm, norm_before_gate, chunk_size
        self.use_mem_eff_path, self.layer_idx, self.activation, self.dt_limit = (
            use_mem_eff_path,
            layer_idx,
            "silu",
            dt_limit,
        )
        self.D_has_hdim = D_has_hdim
        channels = self.d_ssm + 2 * ngroups * d_state
        self.in_proj = nn.Linear(d_model, self.d_inner + channels + self.nheads, bias=bias, **made)
        self.conv1d = nn.Conv1d(channels, channels, d_conv, groups=channels, padding=d_conv - 1, bias=conv_bias, **made)
        self.act = nn.SiLU()
        self.dt_bias = nn.Parameter(torch.empty(self.nheads, **made))
        self.A_log = nn.Parameter(torch.empty(self.nheads, **made))
        self.D = nn.Parameter(torch.ones(self.d_ssm if D_has_hdim else self.nheads, device=device))
        if rmsnorm:
            self.norm = GatedRMSNorm(
                self.d_ssm, group_size=self.d_ssm // ngroups, norm_before_gate=norm_before_gate, **made
            )
        self.out_proj = nn.Linear(self.d_inner, d_model, bias=bias, **made)

    def forward(self, u, seqlen=None, seq_idx=None, cu_seqlens=None, inference_params=None):
        if any(value is not None for value in (seqlen, seq_idx, cu_seqlens, inference_params)):
            raise ScriptError(
                "the stand-in of Mamba2 takes batches of equal length, and no inference_params",
                "record whole sequences",
            )
        zxbcdt = self.in_proj(u)
        A = -torch.exp(self.A_log.float())
        D = self.D.view(self.nheads, self.headdim) if self.D_has_hdim else self.D
        if self.use_mem_eff_path:
            return mamba_split_conv1d_scan_combined(
                zxbcdt,
                self.conv1d.weight.squeeze(1),
                self.conv1d.bias,
                self.dt_bias,
                A,
                D=D,
                chunk_size=self.chunk_size,
                activation=self.activation,
                rmsnorm_weight=self.norm.weight if self.rmsnorm else None,
                outproj_weight=self.out_proj.weight,
                outproj_bias=self.out_proj.bias,
                headdim=None if self.D_has_hdim else self.headdim,
                ngroups=self.ngroups,
                norm_before_gate=self.norm_before_gate,
            )
        states = self.ngroups * self.d_state
        z, xBC, dt = torch.split(zxbcdt, [self.d_ssm, self.d_ssm + 2 * states, self.nheads], dim=-1)
        xBC = causal_conv1d_fn(
            xBC.transpose(1, 2), self.conv1d.weight.squeeze(1), self.conv1d.bias, activation=self.activation
        )
        x, B, C = torch.split(xBC.transpose(1, 2), [self.d_ssm, states, states], dim=-1)
        groups = (self.ngroups, self.d_state)
        y = mamba_chunk_scan_combined(
            x.unflatten(-1, (self.nheads, self.headdim)),
            dt,
            A,
            B.unflatten(-1, groups),
            C.unflatten(-1, groups),
            self.chunk_size,
            D=D,
            z=None if self.rmsnorm else z.unflatten(-1, (self.nheads, self.headdim)),
            dt_bias=self.dt_bias,
            dt_softplus=True,
        )
        y = y.flatten(2)
        return self.out_proj(self.norm(y, z) if self.rmsnorm else y)
