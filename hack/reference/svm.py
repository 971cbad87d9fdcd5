#!/usr/bin/env python3
"""Makes hack/reference/svm.json, which the tests compare with, with scikit-learn (libsvm inside).

usage: hack/reference/svm.py [DIRECTORY OF LARGER DATA SETS] > hack/reference/svm.json
needs: scikit-learn, numpy, pandas
"""
import json
import sys
import warnings

import numpy as np
import pandas as pd
from sklearn.calibration import _sigmoid_calibration
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.svm import SVC

warnings.simplefilter("ignore")


def rounded(values, digits=9):
    return [float(f"{v:.{digits}g}") for v in np.ravel(values)]


def standardised(x):
    deviation = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(deviation > 0, deviation, 1)


def blobs(rows_per_class, width, classes, spread, seed):
    """Overlapping clouds, with few digits so that the file stays small."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(classes, width))
    x = np.concatenate([c + spread * random.normal(size=(rows_per_class, width)) for c in centres]).round(3)
    y = np.repeat(np.arange(classes), rows_per_class)
    order = random.permutation(len(y))
    return x[order], y[order]


def kernel_matrix(model, a, b):
    if model.kernel == "linear":
        return a @ b.T
    if model.kernel == "rbf":
        return np.exp(-model._gamma * ((a[:, None] - b[None]) ** 2).sum(-1))
    if model.kernel == "poly":
        return (model._gamma * (a @ b.T) + model.coef0) ** model.degree
    return np.tanh(model._gamma * (a @ b.T) + model.coef0)


def objectives(model, classes):
    """The dual objective of each pair, from the coefficients."""
    starts = np.concatenate([[0], np.cumsum(model.n_support_)])
    values = []
    for i in range(classes):
        for j in range(i + 1, classes):
            beta = np.concatenate(
                [model.dual_coef_[j - 1, starts[i]:starts[i + 1]], model.dual_coef_[i, starts[j]:starts[j + 1]]])
            rows = np.concatenate([np.arange(starts[i], starts[i + 1]), np.arange(starts[j], starts[j + 1])])
            v = model.support_vectors_[rows]
            values.append(0.5 * beta @ kernel_matrix(model, v, v) @ beta - np.abs(beta).sum())
    return values


def machine(x, y, test, **parameters):
    model = SVC(tol=1e-8, decision_function_shape="ovo", **parameters).fit(x, y)
    return {
        "parameters": {k: str(v) for k, v in parameters.items()},
        "gamma": model._gamma,
        "support": [int(v) for v in model.support_],
        "vectors_per_class": [int(v) for v in model.n_support_],
        "dual_coef": rounded(model.dual_coef_),
        "rho": rounded(-model.intercept_),
        "objectives": rounded(objectives(model, len(model.classes_))),
        "decisions": rounded(model.decision_function(test)),
        "labels": [int(v) for v in model.predict(test)],
    }


def cross_validated(model, x, y, folds):
    """Row i is held out in fold i mod folds."""
    place = np.arange(len(y)) % folds
    right = 0
    for fold in range(folds):
        fitted = model.fit(x[place != fold], y[place != fold])
        right += int((fitted.predict(x[place == fold]) == y[place == fold]).sum())
    return right / len(y)


def iris():
    table = pd.read_csv("config/samples/iris.csv")
    return standardised(table.iloc[:, 1:5].to_numpy()), pd.factorize(table["Species"], sort=True)[0]


def spotify(root, rows=1500):
    names = ["track_popularity", "artist_popularity", "artist_followers", "album_total_tracks", "track_duration_min"]
    table = pd.read_csv(f"{root}/spotify/spotify_data_clean.csv").head(rows)
    return standardised(table[names].to_numpy(float)), table["explicit"].astype(bool).astype(int).to_numpy()


def mnist(root, rows=300):
    import gzip

    images = gzip.open(f"{root}/mnist/train-images-idx3-ubyte.gz").read(16 + 784 * rows)
    labels = gzip.open(f"{root}/mnist/train-labels-idx1-ubyte.gz").read(8 + rows)
    x = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 784) / 255
    return x[:rows], np.frombuffer(labels, np.uint8, offset=8).astype(int)[:rows]


def main():
    x, y = blobs(20, 4, 3, 1.0, seed=1)
    test, _ = blobs(5, 4, 3, 1.5, seed=2)
    result = {"small": {"rows": rounded(x), "labels": [int(v) for v in y], "test": rounded(test)}}
    result["machines"] = [
        machine(x, y, test, kernel="rbf"),
        machine(x, y, test, kernel="rbf", gamma=0.3, C=10.0),
        machine(x, y, test, kernel="rbf", gamma="auto", C=0.1),
        machine(x, y, test, kernel="linear", C=0.5),
        machine(x, y, test, kernel="poly", degree=2, coef0=1.0),
        machine(x, y, test, kernel="sigmoid", gamma=0.05, coef0=-0.5),
    ]

    x, y = blobs(60, 3, 3, 1.3, seed=3)
    test, truth = blobs(60, 3, 3, 1.3, seed=3)
    test = (test + np.random.default_rng(4).normal(size=test.shape) * 0.3).round(3)
    losses = [
        log_loss(truth, SVC(probability=True, random_state=s).fit(x, y).predict_proba(test)) for s in range(5)
    ]
    result["calibrated"] = {
        "rows": rounded(x), "labels": [int(v) for v in y], "test": rounded(test), "truth": [int(v) for v in truth],
        "log_loss": float(np.mean(losses)),
    }
    random = np.random.default_rng(5)
    positive = random.random(40) < 0.4
    decisions = (np.where(positive, 0.8, -0.8) + random.normal(size=40)).round(3)
    a, b = _sigmoid_calibration(decisions, positive.astype(int))
    result["platt"] = {
        "decisions": rounded(decisions), "positive": [int(v) for v in positive], "a": float(a), "b": float(b)}

    x, y = iris()
    logistic = LogisticRegression(C=1.0, tol=1e-10, max_iter=10000).fit(x, y)
    result["iris"] = {
        "coefficients": rounded(logistic.coef_), "intercepts": rounded(logistic.intercept_),
        "svm_accuracy": cross_validated(SVC(), x, y, 5),
        "logistic_accuracy": cross_validated(LogisticRegression(), x, y, 5),
    }
    if len(sys.argv) > 1:
        for name, (x, y), folds in [("spotify", spotify(sys.argv[1]), 3), ("digits", mnist(sys.argv[1]), 2)]:
            result[name] = {
                "svm_accuracy": cross_validated(SVC(), x, y, folds),
                "logistic_accuracy": cross_validated(LogisticRegression(max_iter=1000), x, y, folds),
            }
    json.dump(result, sys.stdout, separators=(",", ":"))


main()
