"""The part of hack/check-models that needs Python: what onnxruntime and safetensors make of our files."""

import csv
import gzip
import os
import struct
import sys

import numpy as np

PROBABILITY_TOLERANCE = 1e-5


def read_idx(path):
    """The array in an IDX file of bytes, gzipped or not."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    dimensions = data[3]
    shape = struct.unpack(f">{dimensions}I", data[4 : 4 + 4 * dimensions])
    return np.frombuffer(data, dtype=np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def write_idx(path, array):
    with open(path, "wb") as file:
        file.write(bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes())


def subset(source, target, count):
    """The first `count` training images of MNIST, with their labels."""
    os.makedirs(target, exist_ok=True)
    for name in ("train-labels-idx1-ubyte", "train-images-idx3-ubyte"):
        path = os.path.join(source, name)
        write_idx(os.path.join(target, name), read_idx(path if os.path.exists(path) else path + ".gz")[: int(count)])


def rewrite(source, target):
    """Reads a model with the safetensors package and writes it again."""
    from safetensors import safe_open
    from safetensors.numpy import save_file

    with safe_open(source, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        metadata = file.metadata()
    assert tensors and all(np.isfinite(tensor).all() for tensor in tensors.values()), "tensors that are not finite"
    assert metadata["format"] == "tensorfleet.model.v1", metadata.get("format")
    save_file(tensors, target, metadata=metadata)


def quoted_cell(text, start):
    """The cell whose opening quote is before `start`, and where it ends. Where text follows the closing quote the cell
    goes on to the next separator and keeps its inner quotes: other readers drop them, and then see other categories."""
    place = start
    while text[place] != '"' or text[place + 1 : place + 2] == '"':
        place += 2 if text[place] == '"' else 1
    end = place + 1
    while end < len(text) and text[end] not in ",\r\n":
        end += 1
    return text[start : end - 1 if text[end - 1] == '"' else end].replace('""', '"'), end


def read_csv(path):
    """The rows of a CSV file as dictionaries."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        text = file.read()
    rows, row, place = [], [], 0
    while place < len(text):
        if text[place] == '"':
            cell, end = quoted_cell(text, place + 1)
        else:
            end = place
            while end < len(text) and text[end] not in ",\r\n":
                end += 1
            cell = text[place:end]
        row.append(cell)
        if text[end : end + 1] != ",":
            if row != [""]:
                rows.append(row)
            row = []
        place = end + 1 + (text[end : end + 2] == "\r\n")
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def is_missing(cell):
    text = cell.strip(" \t")
    return text == "" or text == "NA" or text.lower() in ("nan", "n/a", "null")


def number(cell):
    """A raw cell as the graph takes it: a number, 1 and 0 for true and false, NaN where it is not known."""
    if is_missing(cell):
        return np.nan
    text = cell.strip(" \t").lower()
    return {"true": 1.0, "false": 0.0}.get(text, np.nan) if text.isalpha() else float(text)


def raw_inputs(session, path):
    """The rows of a data file as the model's inputs."""
    inputs = session.get_inputs()
    if [value.name for value in inputs] == ["image"] and not path.endswith(".csv"):
        return {"image": read_idx(path)}
    rows = read_csv(path)
    feeds = {}
    for value in inputs:
        cells = [row[value.name] for row in rows]
        if value.type == "tensor(string)":
            feeds[value.name] = np.array(cells, dtype=object).reshape(-1, 1)
        else:
            feeds[value.name] = np.array([number(cell) for cell in cells]).reshape(-1, 1)
    return feeds


def compare(title, model, data, predictions, jumps):
    """Prints how far our predictions are from onnxruntime's, and returns whether that is near enough: equal labels, and
    probabilities within the tolerance for all rows but a share of `jumps`."""
    import onnx
    import onnxruntime

    onnx.checker.check_model(onnx.load(model), full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options)
    feeds = raw_inputs(session, data)
    count = len(next(iter(feeds.values())))
    labels, probabilities = [], []
    for first in range(0, count, 2000):
        part = {name: values[first : first + 2000] for name, values in feeds.items()}
        answer = session.run(["label", "probabilities"], part)
        labels += list(answer[0])
        probabilities.append(answer[1])
    probabilities = np.concatenate(probabilities)
    with open(predictions, newline="", encoding="utf-8") as file:
        ours = list(csv.reader(file))[1:]
    assert len(ours) == count, f"{len(ours)} predictions for {count} rows"
    differing = [row for row in range(count) if ours[row][0] != labels[row]]
    ours_probabilities = np.array([[float(value) for value in row[1:]] for row in ours])
    distances = np.abs(ours_probabilities - probabilities).max(axis=1)
    far = int((distances > PROBABILITY_TOLERANCE).sum())
    size = os.path.getsize(model)
    # Where a few rows may be far away, the others are what counts.
    allowed = int(float(jumps) * count)
    distance = float(np.sort(distances)[count - 1 - min(far, allowed)])
    note = f", but {far} rows" if 0 < far <= allowed else ""
    print(
        f"{title:30} {count:6} rows  {len(differing):3} labels differ  "
        f"probabilities within {distance:.1e}{note}  {size:9} bytes"
    )
    for row in differing[:5]:
        print(f"  row {row + 1}: {ours[row]} onnxruntime: {labels[row]} {probabilities[row]}")
    return not differing and far <= allowed


if __name__ == "__main__":
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "onnx":
        sys.exit(0 if compare(*arguments) else 1)
    {"subset": subset, "rewrite": rewrite}[command](*arguments)
