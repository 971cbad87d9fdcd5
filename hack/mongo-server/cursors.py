"""Results that did not fit into one reply."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from documents import MAX_DOCUMENT_SIZE
from errors import CommandError

FIRST_BATCH = 101
_IDLE_SECONDS = 600


@dataclass
class Cursor:
    namespace: str
    documents: Sequence[bytes]
    position: int = 0
    used: float = field(default_factory=time.monotonic)

    def batch(self, count: int | None) -> list[bytes]:
        """The next documents: no more than were asked for, and than a reply may hold, but one at least."""
        taken: list[bytes] = []
        size = 0
        while self.position < len(self.documents) and (count is None or len(taken) < count):
            document = self.documents[self.position]
            if taken and size + len(document) > MAX_DOCUMENT_SIZE:
                break
            taken.append(document)
            size += len(document)
            self.position += 1
        return taken

    @property
    def ended(self) -> bool:
        return self.position >= len(self.documents)


class Cursors:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cursors: dict[int, Cursor] = {}

    def keep(self, cursor: Cursor) -> int:
        with self._lock:
            now = time.monotonic()
            for identifier in [i for i, other in self._cursors.items() if now - other.used > _IDLE_SECONDS]:
                del self._cursors[identifier]
            identifier = random.getrandbits(62) + 1
            self._cursors[identifier] = cursor
            return identifier

    def get(self, identifier: int, namespace: str) -> Cursor:
        with self._lock:
            cursor = self._cursors.get(identifier)
            if cursor is None or cursor.namespace != namespace:
                raise CommandError(43, f"cursor id {identifier} not found")
            cursor.used = time.monotonic()
            return cursor

    def kill(self, identifier: int) -> bool:
        with self._lock:
            return self._cursors.pop(identifier, None) is not None

    def __len__(self) -> int:
        return len(self._cursors)
