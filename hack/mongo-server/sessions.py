"""Retryable writes: a statement that comes again is answered as the first time, and not applied again.

https://github.com/mongodb/specifications/blob/master/source/retryable-writes/retryable-writes.md
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from errors import CommandError


@dataclass
class Session:
    """One logical session: its latest transaction number, and what that one's statements came to."""

    identifier: bytes
    # Held while a command of the session runs: its retry, on another connection, waits for the first try's end.
    lock: threading.RLock = field(default_factory=threading.RLock)
    number: int = -1
    results: dict[int, dict[str, Any]] = field(default_factory=dict)

    def mark(self, statement: int, result: dict[str, Any]) -> dict[str, Any]:
        """What the journal notes beside the change."""
        return {"session": self.identifier, "number": self.number, "statement": statement, "result": result}


class Sessions:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[bytes, Session] = {}

    def of(self, body: Mapping[str, Any]) -> Session | None:
        """The session of a retryable write, told of its number; None where the command is not one."""
        if "txnNumber" not in body or "lsid" not in body:
            return None
        if "autocommit" in body:
            raise CommandError(263, "this server has no transactions")
        return self._session(bytes(body["lsid"]["id"]))

    def begin(self, session: Session, number: int) -> None:
        """Called with the session's lock held."""
        if number < session.number:
            raise CommandError(
                225, f"Retryable write with txnNumber {number} is prohibited: a newer one, {session.number}, has begun"
            )
        if number > session.number:
            session.number = number
            session.results = {}

    def remember(self, mark: Mapping[str, Any]) -> None:
        """From the journal."""
        session = self._session(bytes(mark["session"]))
        self.begin(session, mark["number"])
        session.results[mark["statement"]] = mark["result"]

    def end(self, identifiers: list[bytes]) -> None:
        with self._lock:
            for identifier in identifiers:
                self._sessions.pop(identifier, None)

    def _session(self, identifier: bytes) -> Session:
        with self._lock:
            return self._sessions.setdefault(identifier, Session(identifier))
