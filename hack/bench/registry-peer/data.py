"""Files to be kept, of three kinds."""

from __future__ import annotations

import os
import random
from pathlib import Path

_REPEATED = 16 << 20


def write(kind: str, size: int, path: Path) -> None:
    """Writes a file of `size` bytes: the same for the same arguments, but for `random`."""
    with path.open("wb") as file:
        if kind == "random":
            for start in range(0, size, 1 << 20):
                file.write(os.urandom(min(1 << 20, size - start)))
            return
        generator = random.Random(7)
        block = bytearray()
        while len(block) < min(size, _REPEATED):
            block += _row(generator) if kind == "numbers" else _image(generator)
        del block[_REPEATED:]
        for start in range(0, size, len(block)):
            file.write(block[: size - start])


def _row(generator: random.Random) -> bytes:
    """Measurements with their noise, a skewed amount, a count and a word."""
    return (
        f"{generator.randrange(10**6)},{generator.gauss(5.8, 0.8):.4f},{generator.gauss(3, 0.4):.4f},"
        f"{generator.lognormvariate(3, 1):.2f},{generator.randrange(100)},"
        f"{generator.choice(('setosa', 'versicolor', 'virginica'))}\n"
    ).encode()


def _image(generator: random.Random) -> bytes:
    """28 × 28 pixels with a stroke that wanders about, soft at its edges: about as many of them are set as in MNIST."""
    pixels = bytearray(784)
    x, y = generator.randrange(6, 22), generator.randrange(6, 22)
    for _ in range(40):
        x = min(26, max(1, x + generator.choice((-1, 0, 1))))
        y = min(26, max(1, y + generator.choice((-1, 0, 1))))
        pixels[y * 28 + x] = 253
        for beside in (1, -1, 28, -28):
            if pixels[y * 28 + x + beside] < 200:
                pixels[y * 28 + x + beside] = generator.randrange(50, 253)
    return bytes(pixels)
