"""Messages as bytes: what a request holds, and how a reply is written."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

OP_REPLY, OP_QUERY, OP_COMPRESSED, OP_MSG = 1, 2004, 2012, 2013

# What the real server takes.
MAX_MESSAGE_SIZE = 48_000_000

HEADER = struct.Struct("<iiii")
_INT32 = struct.Struct("<i")
_UINT32 = struct.Struct("<I")

CHECKSUM_PRESENT, MORE_TO_COME, EXHAUST_ALLOWED = 1, 2, 1 << 16
_REQUIRED_BITS = 0xFFFF & ~(CHECKSUM_PRESENT | MORE_TO_COME)

# Compressor numbers of OP_COMPRESSED.
NOOP, ZLIB = 0, 2


class ProtocolError(Exception):
    """Bytes that no driver sends; the connection is closed."""


@dataclass
class Request:
    identifier: int
    opcode: int
    body: bytes
    flags: int = 0
    # Document sequences by name: the documents of an insert, for instance.
    sequences: dict[str, list[bytes]] = field(default_factory=dict)
    # The database, where the operation is older than `$db`.
    database: str | None = None
    compressed: bool = False

    @property
    def wants_reply(self) -> bool:
        return not self.flags & MORE_TO_COME

    @property
    def exhaust_allowed(self) -> bool:
        return bool(self.flags & EXHAUST_ALLOWED)


def parse(identifier: int, opcode: int, content: memoryview) -> Request:
    """`content` is what follows the header. Nothing of the request refers to it afterwards."""
    try:
        if opcode == OP_COMPRESSED:
            original, size, compressor = struct.unpack_from("<iiB", content)
            if size > MAX_MESSAGE_SIZE or original == OP_COMPRESSED:
                raise ProtocolError("a compressed message that is too large")
            request = parse(identifier, original, memoryview(_decompressed(compressor, content[9:], size)))
            request.compressed = True
            return request
        if opcode == OP_MSG:
            return _parse_message(identifier, content)
        if opcode == OP_QUERY:
            return _parse_query(identifier, content)
    except (struct.error, IndexError, ValueError, zlib.error) as error:
        raise ProtocolError(f"a message that cannot be read: {error}") from error
    raise ProtocolError(f"operation {opcode} is not known")


def _decompressed(compressor: int, content: memoryview, size: int) -> bytes:
    if compressor == NOOP:
        return bytes(content)
    if compressor == ZLIB:
        return zlib.decompressobj().decompress(content, size)
    raise ProtocolError(f"compressor {compressor} was not agreed on")


def _parse_message(identifier: int, content: memoryview) -> Request:
    (flags,) = _UINT32.unpack_from(content)
    if flags & _REQUIRED_BITS:
        raise ProtocolError(f"unknown flags {flags:#x}")
    end = len(content) - (4 if flags & CHECKSUM_PRESENT else 0)
    body, sequences, position = b"", {}, 4
    while position < end:
        kind = content[position]
        position += 1
        (size,) = _INT32.unpack_from(content, position)
        if size < 5 or position + size > end:
            raise ProtocolError("a section beyond the end of its message")
        if kind == 0:
            body = bytes(content[position : position + size])
        elif kind == 1:
            name, documents = _parse_sequence(content[position + 4 : position + size])
            sequences[name] = documents
        else:
            raise ProtocolError(f"unknown kind of section {kind}")
        position += size
    if not body:
        raise ProtocolError("a message without a body")
    return Request(identifier, OP_MSG, body, flags, sequences)


def _parse_sequence(content: memoryview) -> tuple[str, list[bytes]]:
    name = bytes(content[:64]).split(b"\0", 1)[0]
    position, documents = len(name) + 1, []
    while position < len(content):
        (size,) = _INT32.unpack_from(content, position)
        if size < 5 or position + size > len(content):
            raise ProtocolError("a document beyond the end of its sequence")
        documents.append(bytes(content[position : position + size]))
        position += size
    return name.decode(), documents


def _parse_query(identifier: int, content: memoryview) -> Request:
    """The handshake of drivers that do not know yet whether the server speaks OP_MSG."""
    raw = bytes(content)
    end = raw.index(b"\0", 4)
    database, _, collection = raw[4:end].decode().partition(".")
    if collection != "$cmd":
        raise ProtocolError("OP_QUERY is for commands only")
    begin = end + 9
    (size,) = _INT32.unpack_from(raw, begin)
    return Request(identifier, OP_QUERY, raw[begin : begin + size], database=database)


def reply(request: Request, identifier: int, pieces: Sequence[bytes], more_to_come: bool = False) -> list[bytes]:
    """The reply with this document, as pieces to send one after the other."""
    size = sum(map(len, pieces))
    if request.opcode == OP_QUERY:
        fixed = struct.pack("<iqii", 8, 0, 0, 1)
        return [HEADER.pack(16 + len(fixed) + size, identifier, request.identifier, OP_REPLY) + fixed, *pieces]
    fixed = _UINT32.pack(MORE_TO_COME if more_to_come else 0) + b"\0"
    if not request.compressed:
        return [HEADER.pack(16 + len(fixed) + size, identifier, request.identifier, OP_MSG) + fixed, *pieces]
    packed = zlib.compress(fixed + b"".join(pieces), 1)
    head = struct.pack("<iiB", OP_MSG, len(fixed) + size, ZLIB)
    return [HEADER.pack(16 + len(head) + len(packed), identifier, request.identifier, OP_COMPRESSED), head, packed]
