"""find, aggregate, count, distinct, and the cursors of the first two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.command import Command, Reply
from cursors import FIRST_BATCH, Cursor
from documents import cursor_reply, encode
from errors import CommandError
from queries.aggregating import aggregated
from queries.projection import project
from storage.ordering import order_key, values_at


def find(command: Command) -> Reply:
    body = command.body
    _refuse(body, "tailable", "min", "max", "collation")
    query = command.query("filter")
    limit, skip = int(body.get("limit", 0)), int(body.get("skip", 0))
    if limit < 0 or skip < 0:
        raise CommandError(2, "limit and skip must not be negative")
    projection = body.get("projection") or {}
    database = command.database
    with database.lock:
        collection = database.collection(command.collection_name)
        found = collection.find(query, body.get("sort"), skip, limit) if collection else []
    documents = [encode(project(document, projection)) if projection else document.raw for _, document in found]
    count = int(body.get("batchSize", FIRST_BATCH))
    return _first_batch(command, documents, count, bool(body.get("singleBatch")))


def aggregate(command: Command) -> Reply:
    body = command.body
    _refuse(body, "explain", "collation")
    database = command.database
    with database.lock:
        documents = [encode(fields) for fields in aggregated(database, command.collection_name, body["pipeline"])]
    return _first_batch(command, documents, int(body.get("cursor", {}).get("batchSize", FIRST_BATCH)), False)


def _first_batch(command: Command, documents: list[bytes], count: int, single: bool) -> Reply:
    cursor = Cursor(command.namespace, documents)
    batch = cursor.batch(count)
    kept = 0 if cursor.ended or single else command.context.cursors.keep(cursor)
    return cursor_reply("firstBatch", batch, kept, command.namespace)


def get_more(command: Command) -> Reply:
    body = command.body
    identifier = int(body["getMore"])
    namespace = f"{command.database_name}.{body['collection']}"
    cursor = command.context.cursors.get(identifier, namespace)
    batch = cursor.batch(int(body["batchSize"]) if body.get("batchSize") else None)
    if cursor.ended:
        command.context.cursors.kill(identifier)
        identifier = 0
    return cursor_reply("nextBatch", batch, identifier, namespace)


def kill_cursors(command: Command) -> Reply:
    asked = command.body.get("cursors", [])
    killed = [identifier for identifier in asked if command.context.cursors.kill(int(identifier))]
    missing = [identifier for identifier in asked if identifier not in killed]
    return {
        "cursorsKilled": killed,
        "cursorsNotFound": missing,
        "cursorsAlive": [],
        "cursorsUnknown": [],
        "ok": 1.0,
    }


def count(command: Command) -> Reply:
    body = command.body
    _refuse(body, "collation")
    query = command.query("query")
    database = command.database
    with database.lock:
        collection = database.collection(command.collection_name)
        found = (
            collection.find(query, None, int(body.get("skip", 0)), abs(int(body.get("limit", 0)))) if collection else []
        )
    return {"n": len(found), "ok": 1.0}


def distinct(command: Command) -> Reply:
    body = command.body
    _refuse(body, "collation")
    path = body["key"].split(".")
    query = command.query("query")
    database = command.database
    values: dict[Any, Any] = {}
    with database.lock:
        collection = database.collection(command.collection_name)
        for _, document in collection.find(query) if collection else []:
            for value in values_at(document.some(path[:1]), path):
                for leaf in value if isinstance(value, list) else [value]:
                    values.setdefault(order_key(leaf), leaf)
    return {"values": [values[key] for key in sorted(values)], "ok": 1.0}


def _refuse(body: Mapping[str, Any], *options: str) -> None:
    for option in options:
        value = body.get(option)
        if value and not (option == "collation" and value.get("locale") == "simple"):
            raise CommandError(238, f"this server does not know the option {option}")
