"""What an update makes of a document: mongomock applies it to a collection that holds this one document."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from bson import Int64, ObjectId

from errors import CommandError
from queries.matching import for_mongomock, mongomock_errors

_scratch = threading.local()

_FIELD_OPERATORS = {"$set", "$unset", "$inc", "$mul", "$min", "$max", "$rename", "$setOnInsert", "$currentDate"}
_ARRAY_OPERATORS = {"$push", "$pull", "$pullAll", "$pop", "$addToSet"}


def is_replacement(update: Any) -> bool:
    return isinstance(update, Mapping) and not any(name.startswith("$") for name in update)


def updated(fields: dict[str, Any], statement: Mapping[str, Any]) -> dict[str, Any]:
    """The document after the statement's update `u`. `fields` may be changed on the way."""
    identifier = fields["_id"]
    update = statement["u"]
    if is_replacement(update):
        after = {"_id": identifier, **update}
    else:
        wide = _wide_fields(fields)
        # The query matters where it says which element `$` stands for; that the document fits is known.
        query = for_mongomock(statement["q"]) if ".$" in str(update) else {}
        after = _apply(fields, query, statement, upsert=False)
        _restore_width(after, wide)
    if after.get("_id") != identifier:
        raise CommandError(66, "Performing an update on the path '_id' would modify the immutable field '_id'")
    return after


def upserted(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The document that an upsert inserts where nothing matches."""
    update, query = statement["u"], statement["q"]
    if is_replacement(update):
        identifier = query.get("_id", ObjectId())
        if isinstance(identifier, Mapping) and any(name.startswith("$") for name in identifier):
            identifier = identifier.get("$eq", ObjectId())
        return {"_id": identifier, **update}
    made = _apply(None, for_mongomock(query), statement, upsert=True)
    return {"_id": made.pop("_id"), **made}


def _apply(
    fields: dict[str, Any] | None, query: dict[str, Any], statement: Mapping[str, Any], upsert: bool
) -> dict[str, Any]:
    for name in statement["u"] if isinstance(statement["u"], Mapping) else ():
        if name not in _FIELD_OPERATORS | _ARRAY_OPERATORS:
            raise CommandError(9, f"Unknown modifier: {name}")
    collection = _collection()
    collection.delete_many({})
    if fields is not None:
        collection.insert_one(fields)
    with mongomock_errors():
        filters = statement.get("arrayFilters")
        collection.update_one(query, statement["u"], upsert=upsert, **({"array_filters": filters} if filters else {}))
    return dict(collection.find_one({}))


def _collection() -> Any:
    if not hasattr(_scratch, "collection"):
        import mongomock

        _scratch.collection = mongomock.MongoClient().scratch.documents
    return _scratch.collection


def _wide_fields(fields: Mapping[str, Any], prefix: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Paths of the 64-bit integers: `$inc` in Python forgets how wide they were."""
    found: set[tuple[str, ...]] = set()
    for name, value in fields.items():
        if isinstance(value, Int64):
            found.add((*prefix, name))
        elif isinstance(value, Mapping):
            found |= _wide_fields(value, (*prefix, name))
    return found


def _restore_width(fields: dict[str, Any], wide: set[tuple[str, ...]]) -> None:
    for path in wide:
        node: Any = fields
        for part in path[:-1]:
            node = node.get(part) if isinstance(node, dict) else None
        if isinstance(node, dict) and type(node.get(path[-1])) is int:
            node[path[-1]] = Int64(node[path[-1]])
