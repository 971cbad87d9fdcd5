#!/usr/bin/env python3
"""Refuses what would let the house lean: reads `swift package dump-package` from standard input.

 - a target that depends on, or a file that imports, a target of a higher floor (the floors are the folders of Sources/,
   in the order of `enum Floor` in Package.swift);
 - a file that imports a target that its own target does not name as a dependency;
 - a module that is named like a type it declares: its other types could not be named in a clash;
 - a program that links what it has no business with (FOREIGN).

usage: swift package dump-package | hack/lint/floors.py [CHECKOUT]
"""
import json
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
floors = re.findall(r'^  case \w+ = "(\w+)"$', (root / "Package.swift").read_text(), re.M)
targets = {target["name"]: target for target in json.load(sys.stdin)["targets"]}
# To imitate a kubelet needs neither a trainer nor a database nor an operator.
FOREIGN = {"tensorfleet-pod-runner": {"Learning", "Mongo", "Registries", "FleetOperator", "WorkerAgent"}}
IMPORT = re.compile(r"^\s*(?:@\w+(?:\(\w+\))? |public |package |internal |fileprivate |private )*import (\w+)", re.M)
TYPE = re.compile(r"^(?:\w+ )*(?:enum|struct|class|actor|protocol|typealias) (\w+)", re.M)


def floor(name):
    """The number of a target's floor; None outside of Sources/."""
    parts = pathlib.PurePath(targets[name].get("path") or "").parts
    return floors.index(parts[1]) if len(parts) > 1 and parts[0] == "Sources" else None


def climbs(name, other):
    return floor(name) is not None and (floor(other) is None or floor(other) > floor(name))


def closure(name):
    """All targets that a target links, itself included."""
    found, rest = set(), [name]
    while rest:
        one = rest.pop()
        if one in targets and one not in found:
            found.add(one)
            rest += [next(iter(other.values()))[0] for other in targets[one]["dependencies"]]
    return found


faults = []
for name, foreign in FOREIGN.items():
    for other in sorted(closure(name) & foreign):
        faults.append(f"Package.swift: {name} links {other}, which it has no business with")
for name, target in targets.items():
    named = {next(iter(one.values()))[0] for one in target["dependencies"]} & targets.keys()
    for other in sorted(named):
        if climbs(name, other):
            faults.append(f"Package.swift: {name} depends on {other}, of a higher floor")
    folder = root / (target.get("path") or f"Tests/{name}")
    for file in sorted(folder.rglob("*.swift")):
        text = file.read_text()
        for other in sorted({one.replace("-", "_") for one in IMPORT.findall(text)} & targets.keys()):
            if climbs(name, other):
                faults.append(f"{file.relative_to(root)}: imports {other}, of a higher floor")
            elif other not in named:
                faults.append(f"{file.relative_to(root)}: imports {other}, which {name} does not name as a dependency")
        if name in TYPE.findall(text):
            faults.append(f"{file.relative_to(root)}: declares a type named like its module, {name}")

print("\n".join(faults), file=sys.stderr) if faults else None
sys.exit(1 if faults else 0)
