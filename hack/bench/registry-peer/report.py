"""The figures as a table for people."""

from __future__ import annotations

from typing import Any

_HEADINGS = (
    "data", "transfer", "ours MB/s", "peer MB/s", "times", "peer 4M MB/s", "times", "ours CPU s", "peer CPU s",
    "server CPU s", "with peer", "ours MiB", "peer MiB",
)  # fmt: skip


def text(outcome: dict[str, Any]) -> str:
    """Aligned columns, then what is to be known about them."""
    lines = [_HEADINGS] + [_row(result) for result in outcome["results"]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    printed = []
    for line in lines:
        cells = [cell.ljust(width) if at < 2 else cell.rjust(width) for at, (cell, width) in enumerate(zip(line, widths))]
        printed.append("  ".join(cells).rstrip())
    printed.append("")
    printed.append(f"{outcome['sizeMiB']} MiB; medians of {outcome['rounds']} rounds, peaks of all; MB/s of the file's bytes")
    if outcome["mbit"]:
        printed.append(f"by a link of {outcome['mbit']:.0f} Mbit/s each way and {outcome['delayMs']:.0f} ms there and back")
    return "\n".join(printed)


def _row(result: dict[str, Any]) -> tuple[str, ...]:
    ours, peer, large = (result["sides"][side] for side in ("ours", "peer", "peer 4M"))
    return (
        result["kind"], result["action"], f"{ours['MBps']:.0f}", f"{peer['MBps']:.0f}",
        f"{ours['MBps'] / peer['MBps']:.2f} ×", f"{large['MBps']:.0f}", f"{ours['MBps'] / large['MBps']:.2f} ×",
        f"{ours['cpuSeconds']:.2f}", f"{peer['cpuSeconds']:.2f}", f"{ours['serverSeconds']:.2f}",
        f"{peer['serverSeconds']:.2f}", f"{ours['peakMiB']:.0f}", f"{peer['peakMiB']:.0f}",
    )  # fmt: skip
