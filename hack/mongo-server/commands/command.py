"""A command as its handler sees it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from context import Context
from documents import decode, nested_raw, some_fields
from errors import CommandError
from queries.matching import for_mongomock
from storage.database import Database
from wire.connection import Connection
from wire.messages import Request

# Pieces of an encoded document, or one still to be encoded.
Reply = dict[str, Any] | list[bytes]

# What an insert says besides its documents.
_INSERT_OPTIONS = (
    "insert",
    "ordered",
    "writeConcern",
    "lsid",
    "txnNumber",
    "autocommit",
    "stmtIds",
    "maxTimeMS",
    "$db",
)
_LARGE = 8 * 1024


@dataclass
class Command:
    context: Context
    connection: Connection
    request: Request

    @cached_property
    def name(self) -> str:
        raw = self.request.body
        return raw[5 : raw.index(b"\0", 5)].decode() if len(raw) > 5 else ""

    @cached_property
    def body(self) -> dict[str, Any]:
        raw = self.request.body
        if self.name == "insert" and len(raw) > _LARGE:
            return some_fields(raw, _INSERT_OPTIONS)
        return decode(raw)

    @property
    def database_name(self) -> str:
        name = self.request.database or self.body.get("$db")
        if not isinstance(name, str):
            raise CommandError(40571, "OP_MSG requests require a $db argument")
        return name

    @property
    def database(self) -> Database:
        return self.context.store.database(self.database_name)

    @property
    def collection_name(self) -> str:
        name = self.body[self.name]
        if not isinstance(name, str) or not name:
            raise CommandError(73, f"Invalid namespace specified '{self.database_name}.{name}'")
        return name

    @property
    def namespace(self) -> str:
        return f"{self.database_name}.{self.collection_name}"

    def query(self, field: str) -> dict[str, Any]:
        """A query as mongomock takes it; without one, all documents are meant."""
        value = self.body.get(field)
        if value is not None and not isinstance(value, dict):
            raise CommandError(14, f"Expected field {field} to be of type object")
        query: dict[str, Any] = for_mongomock(value or {})
        return query

    def raw_documents(self, field: str) -> list[bytes]:
        """From a sequence beside the body, or from an array within it."""
        if field in self.request.sequences:
            return self.request.sequences[field]
        return nested_raw(self.request.body, field)

    def documents(self, field: str) -> list[dict[str, Any]]:
        return [decode(raw) for raw in self.raw_documents(field)]
