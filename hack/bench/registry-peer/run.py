"""Runs both sides in turn and prints what came of it. For hack/bench/registry, which says what is measured."""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import random
import statistics
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pymongo

import data
import report

PEER = Path(__file__).with_name("peer.py")
RANGE = 8 << 20
KINDS = ("numbers", "images", "random")
SIDES = ("ours", "peer", "peer 4M")
ACTIONS = ("put", "get", "ranges", "sweep")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, required=True)
    parser.add_argument("--server", type=int)
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--mbit", type=float)
    parser.add_argument("--delay", type=float, default=10.0)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.size, options.rounds = 64, 1
    link = _linked(options.mbit, options.delay) if options.mbit else None
    try:
        _measure(options)
    finally:
        if link:
            link.kill()


def _linked(mbit: float, delay: float) -> subprocess.Popen[str]:
    """Puts a slow link in front of the server."""
    parts = urlsplit(os.environ["MONGODB_URI"])
    user, at, address = parts.netloc.rpartition("@")
    link = subprocess.Popen(
        [sys.executable, str(PEER.with_name("link.py")), address, str(mbit), str(delay)],
        stdout=subprocess.PIPE,
        text=True,
    )
    port = link.stdout.readline().strip() if link.stdout else ""
    # Direct, or the driver would ask the server for its address and go there past the link.
    query = "&".join(f for f in parts.query.split("&") if f and not f.startswith("replicaSet"))
    query += ("&" if query else "") + "directConnection=true"
    os.environ["MONGODB_URI"] = urlunsplit(
        parts._replace(netloc=f"{user}{at}127.0.0.1:{port}", path="/", query=query)
    )
    return link


def _measure(options: argparse.Namespace) -> None:
    size = options.size << 20
    ranges = {"ranges": _anywhere(size), "sweep": [(at, min(at + RANGE, size)) for at in range(0, size, RANGE)]}
    results = []
    for kind in options.kind or KINDS:
        file = options.scratch / "file"
        data.write(kind, size, file)
        _warm(file)
        runs: dict[tuple[str, str], list[dict[str, float]]] = {}
        for number in range(options.rounds):
            for place in range(len(SIDES)):
                # Whoever begins is another one in each round.
                side = SIDES[(place + number) % len(SIDES)]
                print(f"{kind}, round {number + 1} of {options.rounds}: {side}", file=sys.stderr)
                for action, run in _round(options, side, file, ranges).items():
                    runs.setdefault((action, side), []).append(run)
        for action in ACTIONS:
            results.append(
                {"kind": kind, "action": action, "sides": {side: _median(runs[action, side]) for side in SIDES}}
            )
        file.unlink()
    outcome = {
        "sizeMiB": options.size,
        "rounds": options.rounds,
        "mbit": options.mbit,
        "delayMs": options.delay if options.mbit else None,
        "results": results,
    }
    print(json.dumps(outcome, indent=2) if options.json else report.text(outcome))


def _anywhere(size: int) -> list[tuple[int, int]]:
    generator = random.Random(5)
    starts = [generator.randrange(max(1, size - RANGE)) for _ in range(64)]
    return [(start, min(start + RANGE, size)) for start in starts]


def _warm(file: Path) -> None:
    with file.open("rb") as source:
        while source.read(1 << 24):
            pass


def _round(
    options: argparse.Namespace, side: str, file: Path, ranges: dict[str, list[tuple[int, int]]]
) -> dict[str, dict[str, float]]:
    """All actions of one side, in a database that goes afterwards."""
    name = f"bench-{random.getrandbits(48):x}"
    parts = urlsplit(os.environ["MONGODB_URI"])
    environment = os.environ | {"BENCH_MONGODB_URI": urlunsplit(parts._replace(path=f"/{name}"))}
    target = options.scratch / "got"
    outcome = {}
    try:
        for action in ACTIONS:
            if action in ranges:
                arguments = ["read", "--ranges", ",".join(f"{start}:{end}" for start, end in ranges[action])]
            else:
                arguments = [action, "--path", str(file if action == "put" else target)]
            if side == "ours":
                command = [str(options.binary), *arguments]
            else:
                command = [sys.executable, str(PEER), *arguments]
                command += ["--chunk-size", str(4 << 20)] if side == "peer 4M" else []
            before = _server_seconds(options.server)
            run = json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)
            run["serverSeconds"] = _server_seconds(options.server) - before
            outcome[action] = run
            if action == "get":
                got = target / file.name if side == "ours" else target
                assert filecmp.cmp(file, got, shallow=False), f"{side} got other bytes"
                got.unlink()
                if side == "ours":
                    target.rmdir()
    finally:
        pymongo.MongoClient(os.environ["MONGODB_URI"]).drop_database(name)
    return outcome


def _server_seconds(process: int | None) -> float:
    if process is None:
        return 0.0
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {
        "MBps": statistics.median(run["bytes"] / run["seconds"] / 1e6 for run in runs),
        "seconds": statistics.median(run["seconds"] for run in runs),
        "cpuSeconds": statistics.median(run["cpuSeconds"] for run in runs),
        "serverSeconds": statistics.median(run["serverSeconds"] for run in runs),
        "peakMiB": max(run["peakBytes"] for run in runs) / (1 << 20),
    }


if __name__ == "__main__":
    main()
