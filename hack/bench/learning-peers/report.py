"""The figures as a table for people."""

HEADINGS = (
    "case", "threads", "ours s", "peer s", "faster", "aim", "metric", "ours", "peer", "ours MiB", "peer MiB", "memory",
    "GFLOP/s", "of peak",
)  # fmt: skip


def number(value, digits):
    return "-" if value is None else f"{value:.{digits}f}"


def times(value):
    return "-" if value is None else f"{value:.1f} ×"


def share(value):
    return "-" if value is None else f"{100 * value:.0f} %"


def rows(result):
    ours, peer = result["ours"], result["peer"]
    metric = {"test_accuracy": "accuracy"}.get(result["metricName"], result["metricName"])
    digits = 0 if metric == "rows" else 4
    yield (
        result["case"], str(result["threads"]), number(ours["seconds"], 3), number(peer["seconds"], 3),
        times(result["timesFaster"]), times(result["aim"]), metric, number(ours["metric"], digits),
        number(peer["metric"], digits), number(ours["peakMiB"], 0), number(peer["peakMiB"], 0),
        share(result["memoryShare"]), number(result["gflops"], 1), share(result["shareOfPeak"]),
    )  # fmt: skip
    if result["timesFasterPredicting"] is not None:
        yield (
            "  predict", str(result["threads"]), number(ours["predictSeconds"], 3), number(peer["predictSeconds"], 3),
            times(result["timesFasterPredicting"]), times(result["aim"]), *[""] * 8,
        )  # fmt: skip


def text(outcome):
    """Aligned columns, then what is to be known about them."""
    lines = [HEADINGS] + [row for result in outcome["results"] for row in rows(result)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    printed = []
    for line in lines:
        cells = [cell.rjust(width) for cell, width in zip(line, widths, strict=True)]
        cells[0] = line[0].ljust(widths[0])
        printed.append("  ".join(cells).rstrip())
    printed.append("")
    rounds = outcome["rounds"]
    printed.append(f"medians of {rounds} rounds" if rounds > 1 else "one round")
    for threads, gflops in outcome["sgemmPeakGflops"].items():
        printed.append(f"sgemm at {threads} threads: {number(gflops, 1)} GFLOP/s at most")
    engines = {result[side]["engine"] for result in outcome["results"] for side in ("ours", "peer")} - {None}
    printed.append("engines: " + "; ".join(sorted(engines)))
    printed += outcome["notes"]
    for result in outcome["results"]:
        for side in ("ours", "peer"):
            if result[side]["error"]:
                printed.append(f"{result['case']}, {result['threads']} threads, {side} failed: {result[side]['error']}")
    return "\n".join(printed)
