"""What drivers' monitors wait for: that the server's state changes."""

from __future__ import annotations

import threading
import time
from typing import Any

from bson import Int64, ObjectId


class Topology:
    """There is never another primary. But a write that fails as on one that steps down says that the state changed, and
    the real server then lets the monitors know at once: without that, drivers wait for the next sign of life."""

    def __init__(self) -> None:
        self._process = ObjectId()
        self._counter = 0
        # As the real server writes its term. Drivers take one that is lower than the last for that of a stale primary:
        # a server that starts again has a higher one.
        self.election = ObjectId(b"\x7f\xff\xff\xff" + time.time_ns().to_bytes(8, "big"))
        self._changed = threading.Condition()

    def version(self) -> dict[str, Any]:
        return {"processId": self._process, "counter": Int64(self._counter)}

    def change(self) -> None:
        with self._changed:
            self._counter += 1
            self._changed.notify_all()

    def wait(self, known: dict[str, Any], seconds: float) -> None:
        """Until the version is another one than that, or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.version() != known, seconds)
