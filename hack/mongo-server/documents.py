"""BSON as the server handles it: mostly as bytes that are never taken apart."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any

import bson
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.raw_bson import DEFAULT_RAW_BSON_OPTIONS, RawBSONDocument

MAX_DOCUMENT_SIZE = 16 * 1024 * 1024

# Dates beyond Python's years stay what they are instead of failing.
CODEC: CodecOptions[dict[str, Any]] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_AUTO)

_INT32 = struct.Struct("<i")
# Sizes of values of fixed length, by element type.
_FIXED = {0x01: 8, 0x06: 0, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16, 0xFF: 0, 0x7F: 0}


def decode(raw: bytes | memoryview) -> dict[str, Any]:
    return bson.decode(raw, CODEC)


def encode(document: dict[str, Any]) -> bytes:
    return bson.encode(document, codec_options=CODEC)


def nested_raw(raw: bytes, field: str) -> list[bytes]:
    """The documents of an array field, as bytes in the order of their fields."""
    values = RawBSONDocument(raw, DEFAULT_RAW_BSON_OPTIONS).get(field, [])
    return [bytes(value.raw) for value in values if isinstance(value, RawBSONDocument)]


def some_fields(raw: bytes, names: Sequence[str]) -> dict[str, Any]:
    """Some top-level fields of a document. The others, among them the megabytes of a file's chunk, are stepped over."""
    wanted = {name.encode() for name in names}
    found: list[bytes] = []
    position, end = 4, len(raw) - 1
    while position < end and wanted:
        name_end = raw.index(b"\0", position + 1)
        value = name_end + 1
        after = value + _value_size(raw, raw[position], value)
        name = raw[position + 1 : name_end]
        if name in wanted:
            wanted.discard(name)
            found.append(raw[position:after])
        position = after
    elements = b"".join(found)
    return decode(_INT32.pack(len(elements) + 5) + elements + b"\0")


def _value_size(raw: bytes, kind: int, at: int) -> int:
    if kind in _FIXED:
        return _FIXED[kind]
    if kind == 0x0B:  # a regular expression: two C strings
        return raw.index(b"\0", raw.index(b"\0", at) + 1) + 1 - at
    length: int = _INT32.unpack_from(raw, at)[0]
    if kind in (0x03, 0x04, 0x0F):  # document, array, code with scope: their length counts itself
        return length
    if kind == 0x05:  # binary: length, subtype, bytes
        return length + 5
    if kind == 0x0C:  # DBPointer: string and ObjectId
        return length + 16
    return length + 4  # string, code, symbol


def with_id(raw: bytes, identifier: Any) -> bytes:
    """The document with an `_id` before its other fields."""
    element = encode({"_id": identifier})[4:-1]
    return _INT32.pack(len(raw) + len(element)) + element + raw[4:]


def cursor_reply(field: str, raws: Iterable[bytes], cursor: int, namespace: str) -> list[bytes]:
    """{cursor: {FIELD: [documents], id, ns}, ok: 1} as pieces: the documents go out as they are, without a copy."""
    array: list[bytes] = []
    size = 5
    for number, raw in enumerate(raws):
        head = b"\x03%d\0" % number
        array += (head, raw)
        size += len(head) + len(raw)
    tail = encode({"id": bson.Int64(cursor), "ns": namespace})[4:]
    name = field.encode() + b"\0"
    inner = 4 + 1 + len(name) + size + len(tail)
    ok = encode({"ok": 1.0})[4:]
    outer = 4 + len(b"\x03cursor\0") + inner + len(ok)
    begin = _INT32.pack(outer) + b"\x03cursor\0" + _INT32.pack(inner) + b"\x04" + name + _INT32.pack(size)
    return [begin, *array, b"\0" + tail + ok]
