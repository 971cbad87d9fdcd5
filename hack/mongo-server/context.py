"""What all connections share."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from authentication.users import Users
from cursors import Cursors
from faults import Faults
from sessions import Sessions
from storage.store import Store
from topology import Topology


@dataclass
class Context:
    data: Path | None
    # The address that drivers are told to use: HOST:PORT.
    address: str
    users: Users
    faults: Faults
    set_name: str = "rs0"
    topology: Topology = field(default_factory=Topology)
    sessions: Sessions = field(default_factory=Sessions)
    cursors: Cursors = field(default_factory=Cursors)
    statistics: Statistics = field(default_factory=lambda: Statistics())
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(self.data, self.sessions.remember)


class Statistics:
    """What tests count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._commands: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()

    def command(self, name: str) -> None:
        with self._lock:
            self._commands[name] += 1

    def count(self, what: str) -> None:
        with self._lock:
            self._counts[what] += 1

    def described(self) -> dict[str, object]:
        with self._lock:
            return {"commands": dict(self._commands), **{name: self._counts[name] for name in COUNTED}}


# `statementsApplied`: statements of writes that were carried out; `retriesAnswered`: those that had been before.
COUNTED = ("connections", "statementsApplied", "retriesAnswered", "writesFailed", "connectionsDropped", "timeLimits")
