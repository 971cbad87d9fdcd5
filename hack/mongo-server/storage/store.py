"""All databases of the server, as they were when it was killed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from documents import decode
from errors import CommandError
from storage.database import Database
from storage.document import Document
from storage.journal import Journal

_FORBIDDEN = set('/\\. "$*<>:|?\0')


class Store:
    def __init__(self, folder: Path | None, remember: Callable[[dict[str, Any]], None]) -> None:
        """`remember` gets the marks of the statements that were applied."""
        self.databases: dict[str, Database] = {}
        self._lock = threading.Lock()
        self._journal = Journal(folder)
        for header, document in self._journal.replay():
            self._apply(header, document)
            if "mark" in header:
                remember(header["mark"])

    def database(self, name: str) -> Database:
        if not name or len(name) > 63 or _FORBIDDEN & set(name):
            raise CommandError(73, f"Invalid database name: '{name}'")
        with self._lock:
            if name not in self.databases:
                self.databases[name] = Database(name, self._journal)
            return self.databases[name]

    def _apply(self, header: dict[str, Any], document: bytes) -> None:
        database, name = self.database(header["database"]), header["collection"]
        change = header["change"]
        if change == "put":
            collection = database.made(name)
            stored = Document(document)
            collection.put(stored, collection.number_of(stored.identifier))
        elif change == "remove":
            collection = database.existing(name)
            number = collection.number_of(decode(document)["_id"])
            if number is not None:
                collection.remove(number)
        elif change == "create":
            database.create(name)
        elif change == "createIndex":
            database.create_index(name, decode(document))
        elif change == "dropIndex":
            database.drop_index(name, decode(document)["name"])
        elif change == "drop":
            database.drop(name)
