"""The three networks in PyTorch, eager, as its users write them."""

import idx
import torch
from torch import nn


class LastOutput(nn.Module):
    """An LSTM over an image's rows, of which the last output counts."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 128, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0][:, -1]


def build(algorithm):
    match algorithm:
        case "MLP":
            return nn.Sequential(
                nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 128), nn.ReLU(),
                nn.Dropout(0.2), nn.Linear(128, 10),
            )  # fmt: skip
        case "CNN":
            return nn.Sequential(
                nn.Unflatten(1, (1, 28)), nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3),
                nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Dropout(0.5),
                nn.Linear(128, 10),
            )  # fmt: skip
        case "LSTM":
            return nn.Sequential(
                LastOutput(), nn.Dropout(0.2), nn.Linear(128, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10)
            )
    raise SystemExit(f"no network {algorithm}")


def train(job, images, labels, epochs):
    """A new network after `epochs` passes in batches of a new random order each, the last batch as short as it is."""
    torch.manual_seed(42)
    model = build(job["algorithm"])
    optimiser = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
    loss_function = nn.CrossEntropyLoss()
    model.train()
    size = job["batchSize"]
    for _ in range(epochs):
        order = torch.randperm(len(images))
        total = torch.zeros(())
        for first in range(0, len(images), size):
            rows = order[first : first + size]
            optimiser.zero_grad(set_to_none=True)
            loss = loss_function(model(images[rows]), labels[rows])
            loss.backward()
            optimiser.step()
            total += loss.detach() * len(rows)
    return model


def predict(model, images):
    model.eval()
    with torch.inference_mode():
        return torch.cat([model(images[first : first + 1024]) for first in range(0, len(images), 1024)])


def fit(job, data, threads, warm_up_rows):
    torch.set_num_threads(threads)
    images, labels, test, test_labels = (torch.from_numpy(array) for array in data)
    train(job, images[:warm_up_rows], labels[:warm_up_rows], 1)
    seconds, model = idx.timed(lambda: train(job, images, labels, job["epochs"]))
    predict_seconds, logits = idx.timed(lambda: predict(model, test))
    return {
        "seconds": seconds,
        "predictSeconds": predict_seconds,
        "metrics": {
            "test_accuracy": (logits.argmax(1) == test_labels).double().mean().item(),
            "test_loss": nn.functional.cross_entropy(logits.double(), test_labels).item(),
        },
        "engine": f"PyTorch {torch.__version__}",
    }
