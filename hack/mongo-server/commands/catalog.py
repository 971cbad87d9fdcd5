"""Databases, collections and indexes."""

from __future__ import annotations

from typing import Any

from commands.command import Command, Reply
from documents import cursor_reply, encode
from errors import CommandError
from queries.matching import matches


def create_indexes(command: Command) -> Reply:
    database, name = command.database, command.collection_name
    with database.lock:
        existing = database.collection(name)
        before = len(existing.indexes) if existing else 1
        made = [database.create_index(name, _checked(index)) for index in command.body["indexes"]]
        after = len(database.existing(name).indexes)
    reply: dict[str, Any] = {
        "numIndexesBefore": before,
        "numIndexesAfter": after,
        "createdCollectionAutomatically": existing is None,
    }
    if not any(made):
        reply["note"] = "all indexes already exist"
    return {**reply, "ok": 1.0}


def _checked(index: dict[str, Any]) -> dict[str, Any]:
    if not index.get("key") or not index.get("name"):
        raise CommandError(9, "The 'key' and 'name' fields are required properties of an index specification")
    if any(direction not in (1, -1) for direction in index["key"].values()):
        raise CommandError(67, f"this server has ascending and descending indexes only, not {index['key']}")
    if index.get("collation"):
        raise CommandError(67, "this server has no collations")
    return index


def drop_indexes(command: Command) -> Reply:
    database, name, which = command.database, command.collection_name, command.body["index"]
    with database.lock:
        collection = database.existing(name)
        before = len(collection.indexes)
        for index in [index for index in collection.indexes.values() if index.name != "_id_"]:
            if which == "*" or which == index.name or which == index.specification["key"]:
                database.drop_index(name, index.name)
        if which != "*" and len(collection.indexes) == before:
            raise CommandError(27, f"index not found with name [{which}]")
    return {"nIndexesWas": before, "ok": 1.0}


def list_indexes(command: Command) -> Reply:
    with command.database.lock:
        indexes = command.database.existing(command.collection_name).indexes.values()
        return cursor_reply("firstBatch", [encode(index.described()) for index in indexes], 0, command.namespace)


def create(command: Command) -> Reply:
    database, name = command.database, command.collection_name
    for option in ("capped", "viewOn", "timeseries", "clusteredIndex", "collation"):
        if command.body.get(option):
            raise CommandError(238, f"this server does not know the option {option}")
    with database.lock:
        if database.collection(name):
            raise CommandError(48, f"Collection {database.name}.{name} already exists.")
        database.create(name)
    return {"ok": 1.0}


def drop(command: Command) -> Reply:
    database, name = command.database, command.collection_name
    with database.lock:
        indexes = len(database.existing(name).indexes)
        database.drop(name)
    return {"nIndexesWas": indexes, "ns": command.namespace, "ok": 1.0}


def drop_database(command: Command) -> Reply:
    database = command.database
    with database.lock:
        for name in list(database.collections):
            database.drop(name)
    return {"dropped": database.name, "ok": 1.0}


def list_collections(command: Command) -> Reply:
    database = command.database
    query = command.query("filter")
    with database.lock:
        described = [
            {
                "name": name,
                "type": "collection",
                "options": {},
                "info": {"readOnly": False},
                "idIndex": {"v": 2, "key": {"_id": 1}, "name": "_id_"},
            }
            for name in sorted(database.collections)
        ]
    documents = [encode(collection) for collection in described if matches(query, collection)]
    return cursor_reply("firstBatch", documents, 0, f"{database.name}.$cmd.listCollections")


def list_databases(command: Command) -> Reply:
    _only_admin(command)
    query = command.query("filter")
    described: list[dict[str, Any]] = []
    for name, database in sorted(list(command.context.store.databases.items())):
        with database.lock:
            size = sum(
                len(d.raw) for collection in database.collections.values() for d in collection.documents.values()
            )
            entry = {"name": name, "sizeOnDisk": size, "empty": not database.collections}
        if database.collections and matches(query, entry):
            described.append(entry)
    total = sum(entry["sizeOnDisk"] for entry in described)
    if command.body.get("nameOnly"):
        return {"databases": [{"name": entry["name"]} for entry in described], "ok": 1.0}
    return {"databases": described, "totalSize": total, "totalSizeMb": total >> 20, "ok": 1.0}


def _only_admin(command: Command) -> None:
    if command.database_name != "admin":
        raise CommandError(13, f"{command.name} may only be run against the admin database.")
