#!/usr/bin/env python3
"""Writes metrics.json: predictions made by seed and what scikit-learn's metrics say of them.

usage: python3 hack/reference/metrics.py > hack/reference/metrics.json
needs: numpy, scikit-learn (pip install scikit-learn)
"""

import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics

warnings.filterwarnings("ignore")


def case(seed, classes, rows, sharpness, absent=None):
    random = np.random.default_rng(seed)
    truth = random.integers(0, classes, rows)
    if absent is not None:  # a class that the model knows and no row has
        truth[truth == absent] = (absent + 1) % classes
    logits = random.normal(size=(rows, classes))
    logits[np.arange(rows), truth] += sharpness
    # Two decimals make ties, and the model's 32 bits are reached exactly by eighths.
    logits = np.round(logits * 8) / 8
    probabilities = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = (probabilities / probabilities.sum(axis=1, keepdims=True)).astype(np.float32)
    predicted = probabilities.argmax(axis=1)
    average = "binary" if classes == 2 else "weighted"
    labels = list(range(classes))
    scores = metrics.precision_recall_fscore_support(truth, predicted, average=average, zero_division=0)
    each = metrics.precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=0)
    result = {
        "classes": classes,
        "truth": truth.tolist(),
        "probabilities": [float(f"{value:.9g}") for value in probabilities.ravel()],
        "accuracy": metrics.accuracy_score(truth, predicted),
        "precision": scores[0],
        "recall": scores[1],
        "f1_score": scores[2],
        "log_loss": metrics.log_loss(truth, probabilities.astype(np.float64), labels=labels),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=labels).tolist(),
        "per_class": [
            {"precision": p, "recall": r, "f1_score": f, "support": int(s)} for p, r, f, s in zip(*each)
        ],
    }
    if classes == 2:
        result["roc_auc"] = metrics.roc_auc_score(truth, probabilities[:, 1])
    return result


cases = [
    case(1, 2, 60, 1.0),
    case(2, 2, 25, 0.0),
    case(3, 3, 60, 1.5),
    case(4, 5, 40, 0.5, absent=2),
    case(5, 2, 40, 6.0),
]
json.dump({"scikit-learn": sklearn.__version__, "cases": cases}, sys.stdout, indent=None, separators=(",", ":"))
sys.stdout.write("\n")
