"""A database: collections, the lock that makes each statement one step, and the journal that remembers it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from bson import ObjectId

from documents import encode, with_id
from errors import CommandError
from storage.collection import Collection
from storage.document import Document
from storage.journal import Journal


class Database:
    """Every change goes through here, so that the journal has it. `mark`: who asked, see `sessions`."""

    def __init__(self, name: str, journal: Journal) -> None:
        self.name = name
        self.lock = threading.RLock()
        self.collections: dict[str, Collection] = {}
        self._journal = journal

    def collection(self, name: str) -> Collection | None:
        return self.collections.get(name)

    def existing(self, name: str) -> Collection:
        found = self.collections.get(name)
        if found is None:
            raise CommandError(26, f"ns does not exist: {self.name}.{name}")
        return found

    def made(self, name: str) -> Collection:
        """The collection, made where there is none yet."""
        if name not in self.collections:
            self.create(name)
        return self.collections[name]

    def create(self, name: str) -> None:
        if not name or "$" in name or "\0" in name or name.startswith((".", "system.")) or name.endswith("."):
            raise CommandError(73, f"Invalid collection name: {name}")
        self.collections[name] = Collection(f"{self.name}.{name}")
        self._log("create", name)

    def insert(self, name: str, raw: bytes, mark: Mapping[str, Any] | None = None) -> None:
        document = Document(raw)
        if "_id" not in document.some(("_id",)):
            document = Document(with_id(raw, ObjectId()))
        if isinstance(document.identifier, list):
            raise CommandError(2, "The '_id' value cannot be of type array")
        self.made(name).put(document)
        self._log("put", name, mark, document.raw)

    def replace(self, name: str, number: int, fields: dict[str, Any], mark: Mapping[str, Any] | None = None) -> None:
        document = Document(encode(fields))
        self.existing(name).put(document, number)
        self._log("put", name, mark, document.raw)

    def remove(self, name: str, number: int, mark: Mapping[str, Any] | None = None) -> None:
        collection = self.existing(name)
        identifier = collection.documents[number].identifier
        collection.remove(number)
        self._log("remove", name, mark, encode({"_id": identifier}))

    def note(self, mark: Mapping[str, Any] | None) -> None:
        """A statement that changed nothing, and must not change anything when it comes again."""
        if mark is not None:
            self._log("note", "", mark)

    def create_index(self, name: str, specification: dict[str, Any]) -> bool:
        made = self.made(name).create_index(specification)
        if made:
            self._log("createIndex", name, None, encode(specification))
        return made

    def drop_index(self, name: str, index: str) -> None:
        del self.existing(name).indexes[index]
        self._log("dropIndex", name, None, encode({"name": index}))

    def drop(self, name: str) -> None:
        del self.collections[name]
        self._log("drop", name)

    def _log(self, change: str, name: str, mark: Mapping[str, Any] | None = None, document: bytes = b"") -> None:
        header: dict[str, Any] = {"change": change, "database": self.name, "collection": name}
        if mark is not None:
            header["mark"] = mark
        self._journal.append(header, document)
