#!/usr/bin/env python3
"""Makes networks.safetensors: what PyTorch computes for three small networks, for the tests of Learning.

For each network the file holds the batch (`x`, `y`), the parameters (`w`) and after one forward and backward pass the
logits, the loss and the gradients, then the parameters after three steps of each optimiser on that batch. Parameters and
images have the layout of Learning (that of Keras), so the tests compare numbers as they are.

    python3 -m venv venv && venv/bin/pip install torch numpy && venv/bin/python hack/reference/networks.py
"""

import json
import pathlib
import struct

import numpy as np
import torch
from torch import nn

torch.manual_seed(20240501)
torch.use_deterministic_algorithms(True)


class Images(nn.Module):
    """Rows of height×width×channels as the batch of channels×height×width that PyTorch wants."""

    def __init__(self, height, width, channels):
        super().__init__()
        self.shape = (height, width, channels)

    def forward(self, x):
        return x.reshape(-1, *self.shape).permute(0, 3, 1, 2)


class Rows(nn.Module):
    """And back."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


class LastState(nn.Module):
    def __init__(self, steps, features, units):
        super().__init__()
        self.shape = (steps, features)
        self.lstm = nn.LSTM(features, units, batch_first=True)
        # PyTorch adds two biases, Keras has one.
        nn.init.zeros_(self.lstm.bias_hh_l0)
        self.lstm.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        return self.lstm(x.reshape(-1, *self.shape))[1][0][-1]


def blocks(module):
    """The trained tensors with the permutation that brings each into Keras's layout."""
    for part in module.modules():
        if isinstance(part, nn.Linear):
            yield part.weight, (1, 0)
            yield part.bias, (0,)
        elif isinstance(part, nn.Conv2d):
            yield part.weight, (2, 3, 1, 0)
            yield part.bias, (0,)
        elif isinstance(part, nn.LSTM):
            yield part.weight_ih_l0, (1, 0)
            yield part.weight_hh_l0, (1, 0)
            yield part.bias_ih_l0, (0,)


def flat(module, what):
    return torch.cat([what(tensor).permute(order).reshape(-1) for tensor, order in blocks(module)]).detach().numpy()


def keras_rmsprop(parameters, rate, rho, momentum, epsilon):
    """Keras has ε inside the root, PyTorch outside: written out, on PyTorch's gradients."""
    means = [torch.zeros_like(p) for p in parameters]
    velocities = [torch.zeros_like(p) for p in parameters]

    def step():
        with torch.no_grad():
            for p, mean, velocity in zip(parameters, means, velocities):
                mean.mul_(rho).add_((1 - rho) * p.grad**2)
                velocity.mul_(momentum).add_(rate * p.grad / torch.sqrt(mean + epsilon))
                p.sub_(velocity)

    return step


# Adam's ε is so small that it does not matter whether it is Keras's or the paper's.
OPTIMISERS = {
    "sgd": lambda p: torch.optim.SGD(p, 0.1).step,
    "momentum": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9).step,
    "nesterov": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True).step,
    "adam": lambda p: torch.optim.Adam(p, 0.01, (0.9, 0.999), 1e-12).step,
    "adamw": lambda p: torch.optim.AdamW(p, 0.01, (0.9, 0.999), 1e-12, weight_decay=0.1).step,
    "rmsprop": lambda p: keras_rmsprop(p, 0.01, 0.9, 0.0, 1e-7),
    "rmsprop_momentum": lambda p: keras_rmsprop(p, 0.01, 0.9, 0.5, 1e-7),
}

NETWORKS = {
    "dense": (6, nn.Sequential(nn.Linear(6, 20), nn.ReLU(), nn.Linear(20, 5), nn.Tanh(), nn.Linear(5, 3))),
    "convolution": (
        9 * 8 * 2,
        nn.Sequential(
            Images(9, 8, 2), nn.Conv2d(2, 18, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(18, 4, 2), nn.Sigmoid(), Rows(),
            nn.Linear(16, 3),
        ),
    ),
    "lstm": (5 * 3, nn.Sequential(LastState(5, 3, 6), nn.Linear(6, 3))),
}


def main():
    tensors = {}
    rows = 19
    for name, (width, module) in NETWORKS.items():
        x = torch.rand(rows, width) * 2 - 1
        y = torch.randint(0, 3, (rows,))
        trained = [tensor for tensor, _ in blocks(module)]
        start = [tensor.detach().clone() for tensor in trained]
        tensors[f"{name}.x"] = x.numpy()
        tensors[f"{name}.y"] = y.numpy()
        tensors[f"{name}.w"] = flat(module, lambda t: t)

        def gradients():
            module.zero_grad()
            logits = module(x)
            loss = nn.functional.cross_entropy(logits, y)
            loss.backward()
            return logits, loss

        logits, loss = gradients()
        tensors[f"{name}.logits"] = logits.detach().numpy()
        tensors[f"{name}.loss"] = loss.detach().numpy().reshape(1)
        tensors[f"{name}.gradients"] = flat(module, lambda t: t.grad)
        for rule, make in OPTIMISERS.items():
            with torch.no_grad():
                for tensor, first in zip(trained, start):
                    tensor.copy_(first)
            step = make(trained)
            for _ in range(3):
                gradients()
                step()
            tensors[f"{name}.{rule}"] = flat(module, lambda t: t)

    header, body = {"__metadata__": {"torch": torch.__version__}}, b""
    for key, value in tensors.items():
        data = np.ascontiguousarray(value, dtype="<f4")
        header[key] = {"dtype": "F32", "shape": list(data.shape), "data_offsets": [len(body), len(body) + data.nbytes]}
        body += data.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path = pathlib.Path(__file__).with_suffix(".safetensors")
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)
    print(f"{path.name}: {len(tensors)} tensors, {path.stat().st_size} bytes")


main()
