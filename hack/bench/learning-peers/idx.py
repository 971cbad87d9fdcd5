"""Images from IDX files, and a stopwatch."""

import gzip
import os
import time

import numpy as np


def read(directory, name):
    """The bytes of an IDX file, gzipped or not, in their shape."""
    path = os.path.join(directory, name)
    opened = gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")
    with opened as file:
        data = file.read()
    dimensions = data[3]
    shape = np.frombuffer(data, ">u4", count=dimensions, offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def images(job):
    """Training and test images as 32-bit floats in 0…1 with their labels, the first rows where the job says so."""

    def part(name, rows):
        pixels = read(job["data"], f"{name}-images-idx3-ubyte")[:rows]
        labels = read(job["data"], f"{name}-labels-idx1-ubyte")[:rows]
        scaled = pixels.astype(np.float32)
        scaled /= 255
        return scaled, labels.astype(np.int64)

    return (*part("train", job.get("trainRows")), *part("t10k", job.get("testRows")))


def timed(work):
    """Seconds that `work` takes, and its result."""
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result
