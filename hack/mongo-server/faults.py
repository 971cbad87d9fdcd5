"""Faults that a test orders: slow replies, failing writes, connections that break."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from errors import RETRYABLE_WRITE_CODES, STATE_CHANGE_CODES, CommandError
from topology import Topology


@dataclass(frozen=True)
class Orders:
    """As in the command `tensorfleetFaults`; 0 is never."""

    # Before each command is carried out, milliseconds. Handshakes and the tests' own commands are not slowed down.
    delayMs: int = 0
    failEveryNthWrite: int = 0
    failCode: int = 189
    # "command": ok is 0; "statement": a write error for the first statement.
    failAs: str = "command"
    # Whether the error carries the label by which drivers try again; None: as the real server does for the code.
    failRetryable: bool | None = None
    closeEveryNthWrite: int = 0
    # "applied": the write is carried out and its answer lost; "received": it is lost itself.
    closeWhen: str = "applied"


class Faults:
    def __init__(self, allowed: bool) -> None:
        self.allowed = allowed
        self._lock = threading.Lock()
        self._orders = Orders()
        self._writes = 0

    def order(self, body: Mapping[str, Any]) -> None:
        """Replaces all earlier orders, and counts writes from here."""
        given = {name: body[name] for name in Orders.__dataclass_fields__ if name in body}
        for name, value in given.items():
            kind = type(getattr(Orders, name))
            if name != "failRetryable" and not isinstance(value, kind):
                raise CommandError(14, f"{name} has to be {kind.__name__}")
        orders = Orders(**given)
        if orders.failAs not in ("command", "statement") or orders.closeWhen not in ("applied", "received"):
            raise CommandError(2, "failAs is 'command' or 'statement', closeWhen 'applied' or 'received'")
        with self._lock:
            self._orders, self._writes = orders, 0

    def delay(self, limit: Any) -> bool:
        """Whether the time limit (milliseconds) was over first."""
        delay = self._orders.delayMs
        if not delay:
            return False
        limited = isinstance(limit, (int, float)) and 0 < limit < delay
        time.sleep((limit if limited else delay) / 1000)
        return limited

    def of_write(self) -> Fault:
        """What happens to this write, the next of all."""
        with self._lock:
            orders = self._orders
            self._writes += 1
            number = self._writes
        return Fault(
            orders,
            fails=bool(orders.failEveryNthWrite) and number % orders.failEveryNthWrite == 0,
            closes=bool(orders.closeEveryNthWrite) and number % orders.closeEveryNthWrite == 0,
        )


@dataclass(frozen=True)
class Fault:
    orders: Orders
    fails: bool
    closes: bool

    def failed(self, retryable_command: bool, topology: Topology) -> dict[str, Any]:
        """The reply of a write that fails."""
        error = CommandError(self.orders.failCode, "a fault that a test has ordered")
        labelled = self.orders.failRetryable
        if labelled is None:
            labelled = retryable_command and self.orders.failCode in RETRYABLE_WRITE_CODES
        labels: dict[str, Any] = {"errorLabels": ["RetryableWriteError"]} if labelled else {}
        if self.orders.failAs == "statement":
            return {"ok": 1.0, "n": 0, "writeErrors": [error.write_error(0)], **labels}
        if self.orders.failCode in STATE_CHANGE_CODES:
            topology.change()
            labels["topologyVersion"] = topology.version()
        return {**error.reply(), **labels}
