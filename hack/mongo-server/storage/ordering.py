"""The order of BSON values across types: what sorts, ranges and indexes go by."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from bson import Binary, Code, DatetimeMS, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp

# https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
MIN, NULL, NUMBER, STRING, OBJECT, ARRAY, BINARY, OBJECT_ID, BOOLEAN, DATE, TIMESTAMP, REGEX, CODE, MAX = range(1, 15)

# Greater than the key of every value.
AFTER_ALL: tuple[Any, ...] = (100,)

# Types within which a range query can be answered by an index alone.
RANGED = (NUMBER, STRING, OBJECT_ID, DATE)


def order_key(value: Any) -> tuple[Any, ...]:
    """A tuple that compares as MongoDB compares the values: by type first."""
    kind = type(value)
    if kind is str:
        return (STRING, value)
    if kind is int or kind is Int64:
        return (NUMBER, 1, value)
    if value is None:
        return (NULL,)
    if kind is ObjectId:
        return (OBJECT_ID, value.binary)
    return _rarer_key(value)


def _rarer_key(value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (BOOLEAN, value)
    if isinstance(value, (int, float)):
        return (NUMBER, 1, value) if value == value else (NUMBER, 0)  # NaN is below every number
    if isinstance(value, Decimal128):
        number: Decimal = value.to_decimal()
        return (NUMBER, 0) if number.is_nan() else (NUMBER, 1, number)
    if isinstance(value, Code):
        return (CODE, str(value))
    if isinstance(value, str):
        return (STRING, str(value))
    if isinstance(value, (bytes, Binary)):
        return (BINARY, len(value), getattr(value, "subtype", 0), bytes(value))
    if isinstance(value, datetime.datetime):
        return (DATE, int(DatetimeMS(value)))
    if isinstance(value, DatetimeMS):
        return (DATE, int(value))
    if isinstance(value, Mapping):
        return (OBJECT, tuple((order_key(field)[0], name, order_key(field)) for name, field in value.items()))
    if isinstance(value, (list, tuple)):
        return (ARRAY, tuple(order_key(element) for element in value))
    if isinstance(value, Timestamp):
        return (TIMESTAMP, value.time, value.inc)
    if isinstance(value, (Regex, re.Pattern)):
        return (REGEX, str(value.pattern), int(value.flags))
    if isinstance(value, MinKey):
        return (MIN,)
    if isinstance(value, MaxKey):
        return (MAX,)
    return (CODE, repr(value))


def values_at(value: Any, path: list[str]) -> Iterable[Any]:
    """The values at a dotted path. An array on the way stands for each of its elements, as in queries."""
    if not path:
        yield value
    elif isinstance(value, Mapping):
        if path[0] in value:
            yield from values_at(value[path[0]], path[1:])
    elif isinstance(value, list):
        if path[0].isdigit() and int(path[0]) < len(value):
            yield from values_at(value[int(path[0])], path[1:])
        for element in value:
            if isinstance(element, Mapping):
                yield from values_at(element, path)


def sort_documents(documents: list[Any], order: Mapping[str, Any], fields_of: Any) -> list[Any]:
    """Sorted by one field after the other; a field that holds an array counts by its least or greatest element."""
    for name, direction in reversed(list(order.items())):
        descending = direction in (-1, -1.0)
        path = name.split(".")

        def key(document: Any, path: list[str] = path, descending: bool = descending) -> tuple[Any, ...]:
            keys = [
                order_key(element)
                for value in values_at(fields_of(document), path)
                for element in (value if isinstance(value, list) else [value])
            ]
            return (max(keys) if descending else min(keys)) if keys else (NULL,)

        documents = sorted(documents, key=key, reverse=descending)
    return documents
