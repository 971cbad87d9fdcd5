"""Runs both sides of the learning benchmark in turn and prints what they took. Started by hack/bench/learning."""

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass

import cases
import report

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))


@dataclass(frozen=True)
class Table:
    path: str
    target: str
    note: str


def say(text):
    print(text, file=sys.stderr, flush=True)


def limit(threads):
    """Both sides get so many CPUs, not only so many threads: neither may use one that it was not given."""
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, allowed[:threads])


def measure(command, asked, threads):
    """One process: its answer with the most memory it ever had, or why there is none."""
    # The libraries of both sides read these when they are loaded.
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | {name: str(threads) for name in variables}
    # Each library chooses its own kernels: a set that somebody named for all would hold one side back more.
    environment.pop("OPENBLAS_CORETYPE", None)
    process = subprocess.Popen(
        [*command, json.dumps(asked)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        preexec_fn=lambda: limit(threads),
    )
    # An answer is one short line, so neither pipe can fill up while the other is read.
    answer, trouble = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        lines = trouble.decode(errors="replace").strip().splitlines()
        return {"error": lines[-1] if lines else f"it ended with status {process.returncode}"}
    return json.loads(answer) | {"peakMiB": usage.ru_maxrss / 1024, "cpuSeconds": usage.ru_utime + usage.ru_stime}


def find_data(given):
    """The directory of the larger data sets, None where there is none."""
    candidates = [given] if given else [os.environ.get("TENSORFLEET_TEST_DATA"), os.path.join(ROOT, "../shared/data")]
    for candidate in filter(None, candidates):
        if os.path.isdir(candidate):
            return os.path.abspath(candidate)
    if given:
        sys.exit(f"there is no directory {given}")
    return None


def find_images(data, scratch, ours):
    if data and os.path.isdir(os.path.join(data, "mnist")):
        return os.path.join(data, "mnist"), "MNIST"
    directory = os.path.join(scratch, "digits")
    os.makedirs(directory, exist_ok=True)
    say("no MNIST (--data DIR): drawing digits")
    answer = measure(ours, {"kind": "digits", "data": directory}, 1)
    if "error" in answer:
        sys.exit(answer["error"])
    return directory, "built-in digits, as MNIST was not found: figures are not comparable with MNIST's"


def find_table(data, scratch, quick):
    """A table of some hundred thousand rows: a smaller one, its rows many times over."""
    spotify = os.path.join(data or "", "spotify", "spotify_data_clean.csv")
    if data and os.path.exists(spotify):
        source, times, target, name = spotify, 50, "album_type", "Spotify"
    else:
        source, times, target, name = os.path.join(ROOT, "config/samples/iris.csv"), 3000, "Species", "Iris"
    times = 2 if quick else times
    path = os.path.join(scratch, "table.csv")
    with open(source, "rb") as file:
        header, rows = file.readline(), file.read()
    if not rows.endswith(b"\n"):
        rows += b"\n"
    with open(path, "wb") as file:
        file.write(header)
        for _ in range(times):
            file.write(rows)
    return Table(path, target, f"{name} × {times}")


def median(runs, key):
    values = [run[key] for run in runs if key in run]
    return statistics.median(values) if values else None


def summarise(case, asked, threads, rounds, peak):
    """Medians of the rounds of one case, and their ratios."""
    sides = {}
    for side in ("ours", "peer"):
        runs = [round[side] for round in rounds]
        error = next((run["error"] for run in runs if "error" in run), None)
        sides[side] = {
            "error": error,
            "seconds": median(runs, "seconds"),
            "predictSeconds": median(runs, "predictSeconds") if case.predicts else None,
            "peakMiB": median(runs, "peakMiB"),
            "metric": median([run.get("metrics", {}) for run in runs], case.metric),
            "engine": next((run["engine"] for run in runs if "engine" in run), None),
        }
    ours, peer = sides["ours"], sides["peer"]

    def ratio(of, to):
        return of / to if of and to else None

    work = cases.operations(asked)
    share = work / ours["seconds"] / 1e9 / peak if work and ours["seconds"] and peak else None
    return {
        "case": case.name,
        "threads": threads,
        "metricName": case.metric,
        "aim": case.aim,
        "timesFaster": ratio(peer["seconds"], ours["seconds"]),
        "timesFasterPredicting": ratio(peer["predictSeconds"], ours["predictSeconds"]),
        "memoryShare": ratio(ours["peakMiB"], peer["peakMiB"]),
        "gflops": work / ours["seconds"] / 1e9 if work and ours["seconds"] else None,
        "shareOfPeak": share,
        "ours": ours,
        "peer": peer,
        "job": asked,
        "rounds": rounds,
    }


def arguments():
    parser = argparse.ArgumentParser(prog="hack/bench/learning", usage="see --help", add_help=False)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--threads", type=int, action="append")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--data")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    names = {case.name.lower(): case for case in cases.CASES}
    unknown = [name for name in options.only if name.lower() not in names]
    if unknown:
        parser.error(f"no case {', '.join(unknown)}; there are {', '.join(case.name for case in cases.CASES)}")
    for name in ("rounds", "epochs"):
        if getattr(options, name) is not None and getattr(options, name) < 1:
            parser.error(f"--{name} must be at least 1")
    available = len(os.sched_getaffinity(0))
    options.threads = options.threads or sorted({1, min(2, available)})
    if any(not 1 <= count <= available for count in options.threads):
        parser.error(f"--threads must be from 1 to {available}, the CPUs there are")
    options.cases = [names[name.lower()] for name in options.only] or cases.CASES
    options.rounds = options.rounds or (1 if options.quick else 3)
    return options


def main():
    options = arguments()
    ours, peer = [options.binary], [sys.executable, os.path.join(HERE, "peer.py")]
    data = find_data(options.data)
    images = image_note = table = None
    if any(case.algorithm for case in options.cases):
        images, image_note = find_images(data, options.scratch, ours)
    if any(not case.algorithm for case in options.cases):
        table = find_table(data, options.scratch, options.quick)

    peaks, results = {}, []
    for threads in options.threads:
        answer = measure(ours, {"kind": "sgemm"}, threads)
        peaks[threads] = answer.get("metrics", {}).get("gflops")
        for case in options.cases:
            asked = cases.job(case, threads, images, table, options.quick, options.epochs)
            rounds = []
            for number in range(options.rounds):
                say(f"{case.name}, {threads} threads, round {number + 1} of {options.rounds}")
                # In turn, and each first in every other round: neither always runs on the warmer machine.
                order = [("ours", ours), ("peer", peer)]
                if number % 2 == 1:
                    order.reverse()
                rounds.append({side: measure(command, asked, threads) for side, command in order})
                for side, answer in rounds[-1].items():
                    say(f"  {side}: " + (answer.get("error") or f"{answer['seconds']:.3f} s"))
            results.append(summarise(case, asked, threads, rounds, peaks[threads]))

    notes = []
    if images:
        notes.append(f"images: {image_note}")
    if table:
        notes.append(f"table: {table.note}")
    if options.quick:
        notes.append("quick mode: small data, figures are not to be quoted")
    outcome = {"notes": notes, "sgemmPeakGflops": peaks, "rounds": options.rounds, "results": results}
    print(json.dumps(outcome, indent=1) if options.json else report.text(outcome))
    return 1 if any(result[side]["error"] for result in results for side in ("ours", "peer")) else 0


if __name__ == "__main__":
    sys.exit(main())
