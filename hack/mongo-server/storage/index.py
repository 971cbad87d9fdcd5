"""An index: the keys of a collection's documents in order, unique where it is asked for."""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from typing import Any

from errors import CommandError
from queries.matching import matches
from storage.document import Document
from storage.ordering import NULL, order_key, values_at

Key = tuple[tuple[Any, ...], ...]


class Index:
    """Entries are (key, number of the document), sorted. A document whose field holds an array has several."""

    def __init__(self, specification: dict[str, Any]) -> None:
        self.specification = specification
        self.name: str = specification["name"]
        self.fields: list[str] = list(specification["key"])
        self.directions = [-1 if value in (-1, -1.0) else 1 for value in specification["key"].values()]
        self.unique = bool(specification.get("unique")) or self.name == "_id_"
        self.sparse = bool(specification.get("sparse"))
        self.partial: dict[str, Any] | None = specification.get("partialFilterExpression")
        self.multikey = False
        self._paths = [field.split(".") for field in self.fields]
        self._roots = [path[0] for path in self._paths]
        self._entries: list[tuple[Key, int]] = []

    @property
    def complete(self) -> bool:
        """Whether it holds every document, so that a query may go by it."""
        return not self.sparse and self.partial is None

    def keys_of(self, document: Document) -> list[Key]:
        if self.partial is not None and not matches(self.partial, document.fields):
            return []
        fields = document.some(self._roots)
        columns: list[list[tuple[Any, ...]]] = []
        for path in self._paths:
            values = list(values_at(fields, path))
            keys = [order_key(leaf) for value in values for leaf in (value if isinstance(value, list) else [value])]
            self.multikey = self.multikey or len(keys) > 1 or any(isinstance(value, list) for value in values)
            columns.append(keys)
        if self.sparse and not any(columns):
            return []
        if all(len(column) == 1 for column in columns):
            return [tuple(column[0] for column in columns)]
        return list(dict.fromkeys(itertools.product(*(column or [(NULL,)] for column in columns))))

    def check(self, document: Document, keys: list[Key], namespace: str, replacing: int | None = None) -> None:
        """Fails where another document has one of the keys."""
        if not self.unique:
            return
        for key in keys:
            at = bisect_left(self._entries, (key,))
            while at < len(self._entries) and self._entries[at][0] == key:
                if self._entries[at][1] != replacing:
                    raise self._duplicate(document, namespace)
                at += 1

    def _duplicate(self, document: Document, namespace: str) -> CommandError:
        fields = document.some(self._roots)
        values = {
            field: next(iter(values_at(fields, path)), None)
            for field, path in zip(self.fields, self._paths, strict=True)
        }
        shown = ", ".join(f"{field}: {_shown(value)}" for field, value in values.items())
        return CommandError(
            11000,
            f"E11000 duplicate key error collection: {namespace} index: {self.name} dup key: {{ {shown} }}",
            keyPattern=self.specification["key"],
            keyValue=values,
        )

    def add(self, keys: list[Key], number: int) -> None:
        for key in keys:
            entry = (key, number)
            if not self._entries or self._entries[-1] < entry:
                self._entries.append(entry)
            else:
                insort(self._entries, entry)

    def remove(self, keys: list[Key], number: int) -> None:
        for key in keys:
            at = bisect_left(self._entries, (key, number))
            if at < len(self._entries) and self._entries[at] == (key, number):
                del self._entries[at]

    def scan(self, low: Key, high: Key, backwards: bool) -> Iterator[int]:
        """Numbers of the documents whose keys lie between the two (each may be a prefix), each of them once."""
        entries = self._entries[bisect_left(self._entries, (low,)) : bisect_left(self._entries, (high,))]
        if backwards:
            entries.reverse()
        if not self.multikey:
            return (number for _, number in entries)
        return iter(dict.fromkeys(number for _, number in entries))

    def described(self) -> dict[str, Any]:
        return {"v": 2, **{name: value for name, value in self.specification.items() if name not in ("v", "ns")}}


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bytes):
        return f"BinData(0, {value[:32].hex().upper()})"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name}: {_shown(field)}" for name, field in value.items()) + " }"
    return repr(value)
