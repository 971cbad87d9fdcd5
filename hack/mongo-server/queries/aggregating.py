"""Aggregation pipelines: mongomock's stages over what an index finds."""

from __future__ import annotations

from typing import Any

from documents import decode
from errors import CommandError
from queries.matching import for_mongomock, mongomock_errors
from storage.database import Database

_REFUSED = {"$out", "$merge", "$changeStream", "$collStats", "$indexStats", "$where"}


def aggregated(database: Database, name: str, pipeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Runs under the database's lock."""
    for stage in pipeline:
        if len(stage) != 1:
            raise CommandError(40323, "A pipeline stage specification object must contain exactly one field.")
        if _REFUSED & set(stage):
            raise CommandError(238, f"this server does not know the stage {next(iter(stage))}")
    query: dict[str, Any] = {}
    if pipeline and "$match" in pipeline[0]:
        query, pipeline = pipeline[0]["$match"], pipeline[1:]
    collection = database.collection(name)
    found = [document for _, document in collection.find(query)] if collection else []
    needed = _fields_needed(pipeline)
    # Read anew: stages may change what they are given.
    source = [decode(document.raw) if needed is None else document.some(needed) for document in found]
    if not pipeline:
        return source
    from mongomock.aggregate import process_pipeline

    with mongomock_errors():
        return list(process_pipeline(source, _Lookup(database), for_mongomock(_in_basic_stages(pipeline)), None))


def _fields_needed(pipeline: list[dict[str, Any]]) -> list[str] | None:
    """The fields that the first stage reads, where that can be told: counting chunks must not read their bytes."""
    if pipeline and "$count" in pipeline[0]:
        return ["_id"]
    if not pipeline or "$group" not in pipeline[0]:
        return None
    text = _strings(pipeline[0]["$group"])
    if any(reference.startswith("$$") for reference in text):
        return None
    return [reference[1:].split(".")[0] for reference in text if reference.startswith("$")]


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for field in value.values() for text in _strings(field)]
    if isinstance(value, list):
        return [text for element in value for text in _strings(element)]
    return []


def _in_basic_stages(pipeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stages that are short for others, written out: mongomock has only the long ones."""
    written: list[dict[str, Any]] = []
    for stage in pipeline:
        ((name, options),) = stage.items()
        if name == "$unset":
            written.append({"$project": {field: 0 for field in ([options] if isinstance(options, str) else options)}})
        elif name == "$replaceWith":
            written.append({"$replaceRoot": {"newRoot": options}})
        elif name == "$sortByCount":
            written += [{"$group": {"_id": options, "count": {"$sum": 1}}}, {"$sort": {"count": -1}}]
        else:
            written.append(stage)
    return written


class _Lookup:
    """The database as `$lookup` sees it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_collection(self, name: str) -> _Foreign:
        return _Foreign(self._database, name)


class _Foreign:
    def __init__(self, database: Database, name: str) -> None:
        self._collection = database.collection(name)

    def find(self, query: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        return [decode(document.raw) for _, document in self._collection.find(query or {})] if self._collection else []
