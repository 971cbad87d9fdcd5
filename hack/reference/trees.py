#!/usr/bin/env python3
"""Makes the reference figures of the tree tests with scikit-learn (pip install scikit-learn).

Usage: trees.py SPOTIFY_CSV

Writes, into Tests/Reference/Trees:
- digits-images-idx3-ubyte.gz and digits-labels-idx1-ubyte.gz: scikit-learn's 1,797 digits of 8x8 pixels from 0 to 16;
- trees.json: accuracy by 3-fold cross-validation, mean over 5 seeds, and the standard deviation over the seeds.

Row i of a data set, in the order of its file, is in fold i modulo 3.
"""

import csv
import gzip
import json
import pathlib
import struct
import sys

import numpy
import sklearn
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "Tests/Reference/Trees"
FOLDS = 3
SEEDS = 5

# Hyperparameters as text, as the tests read them, and the same for scikit-learn.
SETTINGS = [
    ("DecisionTree", {}),
    ("DecisionTree", {"criterion": "entropy", "max_depth": "5", "min_samples_leaf": "4"}),
    ("DecisionTree", {"min_samples_split": "0.05", "max_features": "0.5"}),
    ("RandomForest", {"n_estimators": "10"}),
    ("RandomForest", {"n_estimators": "10", "criterion": "entropy", "min_samples_leaf": "3", "max_features": "0.5"}),
    ("RandomForest", {"n_estimators": "10", "bootstrap": "false", "max_features": "log2", "max_depth": "8"}),
]
# Columns of the Spotify table that are numbers.
SPOTIFY = ["track_number", "track_popularity", "artist_popularity", "artist_followers", "album_total_tracks",
           "track_duration_min"]


def value(text):
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def iris():
    with open(ROOT / "config/samples/iris.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name not in ("Id", "Species")]
    return numpy.array([[float(row[name]) for name in names] for row in rows]), [row["Species"] for row in rows]


def spotify(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows = [row for row in rows if row["album_type"]]
    columns = []
    for name in SPOTIFY:
        column = numpy.array([float(row[name]) if row[name] else numpy.nan for row in rows])
        columns.append(numpy.where(numpy.isnan(column), numpy.nanmean(column), column))
    return numpy.stack(columns, axis=1), [row["album_type"] for row in rows]


def digits():
    data = load_digits()
    images = data.images.astype(numpy.uint8)
    for name, shape, content in [("images-idx3", images.shape, images), ("labels-idx1", (len(images),), data.target)]:
        header = struct.pack(">BBBB", 0, 0, 8, len(shape)) + struct.pack(f">{len(shape)}I", *shape)
        body = header + content.astype(numpy.uint8).tobytes()
        (TARGET / f"digits-{name}-ubyte.gz").write_bytes(gzip.compress(body, 9, mtime=0))
    return data.data, data.target


def accuracy(algorithm, hyperparameters, features, labels, seed):
    kind = DecisionTreeClassifier if algorithm == "DecisionTree" else RandomForestClassifier
    folds = numpy.arange(len(labels)) % FOLDS
    hits = 0
    for fold in range(FOLDS):
        model = kind(random_state=seed, **{name: value(text) for name, text in hyperparameters.items()})
        model.fit(features[folds != fold], labels[folds != fold])
        hits += (model.predict(features[folds == fold]) == labels[folds == fold]).sum()
    return hits / len(labels)


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, (features, labels) in [("iris", iris()), ("digits", digits()), ("spotify", spotify(sys.argv[1]))]:
        labels = numpy.array(labels)
        for algorithm, hyperparameters in SETTINGS:
            reached = [accuracy(algorithm, hyperparameters, features, labels, seed) for seed in range(SEEDS)]
            cases.append({
                "data": name, "rows": len(labels), "algorithm": algorithm, "hyperparameters": hyperparameters,
                "accuracy": round(float(numpy.mean(reached)), 5), "deviation": round(float(numpy.std(reached)), 5)})
            print(cases[-1])
    content = {"scikit-learn": sklearn.__version__, "folds": FOLDS, "seeds": SEEDS, "cases": cases}
    (TARGET / "trees.json").write_text(json.dumps(content, indent=2) + "\n")


main()
