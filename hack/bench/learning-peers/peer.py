"""The peer's side of hack/bench/learning: does one job, in a process of its own, and prints what it took as one line of
JSON. The job is the one argument, in JSON, the same text that our side is given."""

import json
import sys

import idx
import numpy as np

# Rows of the model that is trained and thrown away before the clock starts: threads run and kernels are chosen then.
WARM_UP_ROWS = 512


def estimator(job, threads):
    """scikit-learn's class for the job's algorithm, with the same hyperparameters and threads where it has them."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier

    given = {name: number(text) for name, text in job["hyperparameters"].items()}
    match job["algorithm"]:
        case "DecisionTree":
            return DecisionTreeClassifier(random_state=42, **given)
        case "RandomForest":
            return RandomForestClassifier(random_state=42, n_jobs=threads, **given)
        case "LogisticRegression":
            return LogisticRegression(**given)
        case "SVM":
            return SVC(**given)
    raise SystemExit(f"no peer for {job['algorithm']}")


def number(text):
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def fit_estimator(job, data, threads):
    import warnings

    import sklearn
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.metrics import log_loss

    warnings.simplefilter("ignore", ConvergenceWarning)
    train, train_labels, test, test_labels = data
    estimator(job, threads).fit(train[:WARM_UP_ROWS], train_labels[:WARM_UP_ROWS])
    model = estimator(job, threads)
    seconds, _ = idx.timed(lambda: model.fit(train, train_labels))
    predict_seconds, predicted = idx.timed(lambda: model.predict(test))
    metrics = {"test_accuracy": float(np.mean(predicted == test_labels))}
    if job["algorithm"] == "LogisticRegression":
        loss = log_loss(train_labels, model.predict_proba(train))
        penalty = float((model.coef_.astype(np.float64) ** 2).sum()) / (2 * model.C * len(train))
        metrics |= {"train_loss": loss, "objective": loss + penalty, "iterations": float(np.max(model.n_iter_))}
    return {
        "seconds": seconds,
        "predictSeconds": predict_seconds,
        "metrics": metrics,
        "engine": f"scikit-learn {sklearn.__version__}",
    }


def fit(job):
    threads = job["threads"]
    if job["algorithm"] in ("MLP", "CNN", "LSTM"):
        import networks

        return networks.fit(job, idx.images(job), threads, WARM_UP_ROWS)
    train, train_labels, test, test_labels = idx.images(job)
    return fit_estimator(
        job, (train.reshape(len(train), -1), train_labels, test.reshape(len(test), -1), test_labels), threads
    )


def csv(job):
    """What a user writes with pandas to get the matrices that our reader makes: texts encoded by their order, unknown
    cells filled, rows split 80 : 20, columns standardised by the training rows, 32-bit."""
    import pandas as pd

    def load():
        frame = pd.read_csv(job["data"])
        target, classes = pd.factorize(frame.pop(job["target"]), sort=True)
        frame = frame[target >= 0]
        target = target[target >= 0]
        columns = []
        for name in frame.columns:
            column = frame[name]
            if column.dtype == bool:
                column = column.astype(np.float64)
            elif not pd.api.types.is_numeric_dtype(column):
                codes = pd.factorize(column, sort=True)[0].astype(np.float64)
                codes[codes < 0] = np.nan
                column = pd.Series(codes, index=frame.index)
            columns.append(column.astype(np.float64))
        matrix = np.column_stack(columns)
        order = np.random.RandomState(42).permutation(len(matrix))
        held = -(-len(matrix) // 5)
        test, train = order[:held], order[held:]
        train_matrix, test_matrix = matrix[train], matrix[test]
        fill = np.nanmean(train_matrix, axis=0)
        for part in (train_matrix, test_matrix):
            np.copyto(part, fill, where=np.isnan(part))
        mean, deviation = train_matrix.mean(axis=0), train_matrix.std(axis=0)
        deviation[deviation == 0] = 1
        return (
            ((train_matrix - mean) / deviation).astype(np.float32),
            ((test_matrix - mean) / deviation).astype(np.float32),
            target[train],
            target[test],
            classes,
        )

    seconds, (train, test, _, _, classes) = idx.timed(load)
    return {
        "seconds": seconds,
        "metrics": {
            "rows": float(len(train) + len(test)),
            "columns": float(train.shape[1]),
            "classes": float(len(classes)),
        },
        "engine": f"pandas {pd.__version__}",
    }


def main():
    job = json.loads(sys.argv[1])
    print(json.dumps({"fit": fit, "csv": csv}[job["kind"]](job)))


if __name__ == "__main__":
    main()
