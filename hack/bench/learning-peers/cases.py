"""What is measured, and the aims."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    name: str
    algorithm: str
    peer: str
    #: How many times faster than the peer the fit shall be.
    aim: float
    hyperparameters: dict = field(default_factory=dict)
    epochs: int = 1
    train_rows: int = 60_000
    #: The metric to compare: the larger the better, but for the objective that logistic regression minimises.
    metric: str = "test_accuracy"
    #: Predicting is compared too.
    predicts: bool = False


CASES = [
    Case("MLP", "MLP", "PyTorch", 3, epochs=5),
    Case("CNN", "CNN", "PyTorch", 2.5, epochs=5),
    Case("LSTM", "LSTM", "PyTorch", 1.6, epochs=5),
    Case("DecisionTree", "DecisionTree", "scikit-learn", 8),
    Case("RandomForest", "RandomForest", "scikit-learn", 8, {"n_estimators": "100"}),
    Case("LogisticRegression", "LogisticRegression", "scikit-learn", 4, {"max_iter": "100"}, metric="objective"),
    Case("SVM", "SVM", "scikit-learn", 4, {"kernel": "rbf"}, train_rows=10_000, predicts=True),
    Case("CSV", "", "pandas", 3, metric="rows"),
]

# The quick mode's: a look at whether everything works, no figures to quote.
QUICK_TRAIN_ROWS = 3_000
QUICK_TEST_ROWS = 1_000
QUICK_HYPERPARAMETERS = {"RandomForest": {"n_estimators": "10"}, "LogisticRegression": {"max_iter": "20"}}

BATCH_SIZE = 128


def job(case, threads, images, table, quick, epochs):
    """The job as both sides are given it."""
    if case.algorithm == "":
        return {"kind": "csv", "data": table.path, "target": table.target, "threads": threads}
    asked = {
        "kind": "fit",
        "algorithm": case.algorithm,
        "hyperparameters": case.hyperparameters,
        "epochs": epochs if epochs and case.epochs > 1 else case.epochs,
        "batchSize": BATCH_SIZE,
        "data": images,
        "trainRows": case.train_rows,
        "threads": threads,
    }
    if quick:
        asked |= {
            "hyperparameters": case.hyperparameters | QUICK_HYPERPARAMETERS.get(case.algorithm, {}),
            "epochs": 1,
            "trainRows": min(case.train_rows, QUICK_TRAIN_ROWS),
            "testRows": QUICK_TEST_ROWS,
        }
    return asked


def operations(asked):
    """Floating-point operations of the matrix products in a fit, None where a fit is not made of them.

    A layer of m × k inputs and k × n weights takes 2·m·k·n forward, as many for the weights' gradient, and as many for
    the inputs' gradient, which the first layer does not need. Element-wise work is not counted.
    """

    def layer(rows, inputs, outputs, first=False):
        return (2 if first else 3) * 2 * rows * inputs * outputs

    match asked.get("algorithm"):
        case "MLP":
            row = layer(1, 784, 128, first=True) + layer(1, 128, 128) + layer(1, 128, 10)
        case "CNN":
            row = layer(26 * 26, 9, 32, first=True) + layer(11 * 11, 288, 64) + layer(1, 1600, 128) + layer(1, 128, 10)
        case "LSTM":
            row = layer(28, 28, 512, first=True) + layer(28, 128, 512) + layer(1, 128, 128) + layer(1, 128, 10)
        case _:
            return None
    return row * asked["trainRows"] * asked["epochs"]
