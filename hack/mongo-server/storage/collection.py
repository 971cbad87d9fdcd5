"""A collection: documents by their number, and the indexes over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from documents import MAX_DOCUMENT_SIZE
from errors import CommandError
from queries.matching import matches
from queries.planning import plan
from storage.document import Document
from storage.index import Index, Key
from storage.ordering import AFTER_ALL, order_key, sort_documents


class Collection:
    """Not safe for threads by itself: the database's lock is held around every call."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.documents: dict[int, Document] = {}
        self.indexes: dict[str, Index] = {"_id_": Index({"key": {"_id": 1}, "name": "_id_"})}
        self._next = 0

    # Reading

    def find(
        self, query: Mapping[str, Any], order: Mapping[str, Any] | None = None, skip: int = 0, limit: int = 0
    ) -> list[tuple[int, Document]]:
        """The matching documents with their numbers. A limit of 0 is none."""
        chosen = plan(query, self.indexes.values())
        way = 1
        if chosen is None:
            candidates: Iterable[int] = self.documents
            remaining: Mapping[str, Any] = query
        else:
            way = chosen.orders(order) if order else 1
            scans = (chosen.index.scan(low, high, way < 0) for low, high in chosen.stretches)
            candidates = dict.fromkeys(number for scan in scans for number in scan)
            remaining = chosen.remaining
        sorted_already = not order or (chosen is not None and way != 0)
        if order and list(order) == ["$natural"]:
            candidates, sorted_already = list(candidates)[:: int(order["$natural"])], True
        found = self._matching(candidates, remaining)
        if sorted_already:
            return _slice(found, skip, limit)
        everything = sort_documents(
            list(found), order or {}, lambda entry: entry[1].some([n.split(".")[0] for n in order or {}])
        )
        return everything[skip : skip + limit if limit else None]

    def _matching(self, candidates: Iterable[int], query: Mapping[str, Any]) -> Iterator[tuple[int, Document]]:
        roots = [name.split(".")[0] for name in query]
        whole = any(name.startswith("$") for name in roots)
        for number in candidates:
            document = self.documents[number]
            if not query or matches(query, document.fields if whole else document.some(roots)):
                yield number, document

    def number_of(self, identifier: Any) -> int | None:
        key = (order_key(identifier),)
        return next(self.indexes["_id_"].scan(key, (*key, AFTER_ALL), False), None)

    # Writing

    def put(self, document: Document, number: int | None = None) -> int:
        """Inserts a document, or puts it in the place of the one with that number. Fails on a duplicate key."""
        if len(document.raw) > MAX_DOCUMENT_SIZE:
            raise CommandError(
                10334, f"BSONObj size: {len(document.raw)} is invalid. Size must be between 0 and {MAX_DOCUMENT_SIZE}"
            )
        keys: list[tuple[Index, list[Key]]] = []
        for index in self.indexes.values():
            of_index = index.keys_of(document)
            index.check(document, of_index, self.namespace, replacing=number)
            keys.append((index, of_index))
        if number is None:
            number = self._next
            self._next += 1
        else:
            self._leave_indexes(number)
        for index, of_index in keys:
            index.add(of_index, number)
        self.documents[number] = document
        return number

    def remove(self, number: int) -> None:
        self._leave_indexes(number)
        del self.documents[number]

    def _leave_indexes(self, number: int) -> None:
        document = self.documents[number]
        for index in self.indexes.values():
            index.remove(index.keys_of(document), number)

    # Indexes

    def create_index(self, specification: dict[str, Any]) -> bool:
        """Whether there is one more now; False where the same one exists already."""
        index = Index(specification)
        for existing in self.indexes.values():
            same_key = list(existing.specification["key"].items()) == list(specification["key"].items())
            if existing.name == index.name and not same_key:
                raise CommandError(86, f"An existing index has the same name as the requested index: {index.name}")
            if same_key and existing.partial == index.partial:
                if existing.name != index.name:
                    raise CommandError(85, f"Index already exists with a different name: {existing.name}")
                if (existing.unique, existing.sparse) != (index.unique or index.name == "_id_", index.sparse):
                    raise CommandError(86, f"An index of the name {index.name} exists with other options")
                return False
        for number, document in self.documents.items():
            keys = index.keys_of(document)
            index.check(document, keys, self.namespace)
            index.add(keys, number)
        self.indexes[index.name] = index
        return True


def _slice(found: Iterator[tuple[int, Document]], skip: int, limit: int) -> list[tuple[int, Document]]:
    taken: list[tuple[int, Document]] = []
    for entry in found:
        if skip:
            skip -= 1
            continue
        taken.append(entry)
        if limit and len(taken) == limit:
            break
    return taken
