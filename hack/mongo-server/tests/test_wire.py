"""Messages byte by byte: what drivers send seldom, and what none sends."""

from __future__ import annotations

import socket
import struct
import zlib
from typing import Any

import bson

from tests.support import ServerCase

OP_REPLY, OP_QUERY, OP_COMPRESSED, OP_MSG = 1, 2004, 2012, 2013


def message(opcode: int, content: bytes) -> bytes:
    return struct.pack("<iiii", 16 + len(content), 7, 0, opcode) + content


def body(flags: int = 0, **fields: Any) -> bytes:
    return struct.pack("<IB", flags, 0) + bson.encode(fields)


class WireTests(ServerCase):
    def setUp(self) -> None:
        super().setUp()
        self.sock = socket.create_connection(("127.0.0.1", self.server.port), timeout=5)
        self.addCleanup(self.sock.close)

    def receive(self) -> tuple[int, int, bytes]:
        """Opcode, which request is answered, content."""
        file = self.sock.makefile("rb")
        length, _, answered, opcode = struct.unpack("<iiii", file.read(16))
        return opcode, answered, file.read(length - 16)

    def exchange(self, content: bytes) -> dict[str, Any]:
        self.sock.sendall(message(OP_MSG, content))
        opcode, answered, content = self.receive()
        self.assertEqual((opcode, answered, content[4]), (OP_MSG, 7, 0))
        return bson.decode(content[5:])

    def test_the_old_handshake(self) -> None:
        content = struct.pack("<i", 0) + b"admin.$cmd\0" + struct.pack("<ii", 0, -1) + bson.encode({"isMaster": 1})
        self.sock.sendall(message(OP_QUERY, content))
        opcode, answered, content = self.receive()
        self.assertEqual((opcode, answered), (OP_REPLY, 7))
        reply = bson.decode(content[20:])
        self.assertTrue(reply["ismaster"])
        self.assertEqual((reply["setName"], reply["hosts"]), ("rs0", [self.server.address]))

    def test_documents_beside_the_body_or_within_it(self) -> None:
        document = bson.encode({"_id": 1, "data": b"x" * 20000})
        sequence = b"documents\0" + document
        within = body(insert="a", documents=[{"_id": 1, "data": b"x" * 20000}], **{"$db": self.database.name})
        beside = body(insert="b", **{"$db": self.database.name})
        beside += b"\1" + struct.pack("<i", 4 + len(sequence)) + sequence
        for content in (within, beside):
            self.assertEqual(self.exchange(content), {"n": 1, "ok": 1.0})
        self.assertEqual(self.database.a.find_one(), self.database.b.find_one())

    def test_a_write_that_wants_no_answer_gets_none(self) -> None:
        self.sock.sendall(
            message(OP_MSG, body(2, insert="things", documents=[{"_id": 1}], **{"$db": self.database.name}))
        )
        self.assertEqual(self.exchange(body(ping=1, **{"$db": "admin"})), {"ok": 1.0})
        self.assertEqual(self.things.count_documents({}), 1)

    def test_compressed_messages(self) -> None:
        content = body(ping=1, **{"$db": "admin"})
        self.sock.sendall(message(OP_COMPRESSED, struct.pack("<iiB", OP_MSG, len(content), 2) + zlib.compress(content)))
        opcode, _, content = self.receive()
        self.assertEqual((opcode, content[8]), (OP_COMPRESSED, 2))
        self.assertEqual(bson.decode(zlib.decompress(content[9:])[5:]), {"ok": 1.0})

    def test_names_that_a_driver_would_not_send(self) -> None:
        for database, collection, code in (("a b", "c", 73), ("", "c", 73), ("d", "", 73), ("d", "a$b", 73)):
            reply = self.exchange(body(insert=collection, documents=[{"_id": 1}], **{"$db": database}))
            found = reply.get("code") or reply["writeErrors"][0]["code"]
            self.assertEqual(found, code, (database, collection))

    def test_a_field_of_the_wrong_type_is_an_error_and_not_the_end(self) -> None:
        wrong = (
            {"find": "c", "filter": 5},
            {"find": 5},
            {"update": "c"},
            {"aggregate": "c", "pipeline": 3},
            {"find": "c", "limit": "x"},
        )
        for fields in (
            *wrong,
            {"hello": 1, "compression": 3},
            {"getMore": "x"},
            {"saslStart": 1, "mechanism": "SCRAM-SHA-256"},
        ):
            self.assertEqual(self.exchange(body(**fields, **{"$db": "d"}))["ok"], 0.0, fields)
        self.assertEqual(self.exchange(body(find="c"))["code"], 40571)

    def test_what_cannot_be_read_ends_the_connection_and_nothing_else(self) -> None:
        for bytes_ in (
            struct.pack("<iiii", 8, 1, 0, OP_MSG),
            struct.pack("<iiii", 1 << 30, 1, 0, OP_MSG),
            message(OP_MSG, b"\0\0"),
            message(OP_MSG, body(1 << 5, ping=1)),
            message(OP_MSG, struct.pack("<IBi", 0, 0, 1000)),
            message(OP_MSG, struct.pack("<IB", 0, 9) + bson.encode({})),
            message(2004, b"\0" * 40),
            message(4711, b""),
            message(OP_COMPRESSED, struct.pack("<iiB", OP_MSG, 100, 2) + b"nonsense"),
        ):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=5) as sock:
                sock.sendall(bytes_)
                self.assertEqual(sock.recv(1), b"")
        self.assertEqual(self.exchange(body(ping=1, **{"$db": "admin"})), {"ok": 1.0})
