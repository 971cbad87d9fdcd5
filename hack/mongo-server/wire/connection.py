"""A client's connection: whole messages in, pieces out."""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
from collections.abc import Sequence
from typing import Any

from wire.messages import HEADER, MAX_MESSAGE_SIZE, ProtocolError, Request, parse, reply

_identifiers = itertools.count(1)
_PIECES_AT_ONCE = 512
_BUFFER = 64 * 1024


class Connection:
    """Belongs to one thread."""

    def __init__(self, sock: socket.socket) -> None:
        self.identifier = next(_identifiers)
        self.sock = sock
        # One wait for a whole message: each return to Python would be a wait for the interpreter's lock as well.
        self._flags = 0 if isinstance(sock, ssl.SSLSocket) else socket.MSG_WAITALL
        # Who has authenticated here: NAME@DATABASE.
        self.user: str | None = None
        # A conversation of SASL that goes on over several commands.
        self.conversation: Any = None
        # The files' chunks come and go through here: memory that is there already is not mapped in again for each.
        self._buffer = memoryview(bytearray(_BUFFER))
        self._replies = itertools.count(1)

    def receive(self) -> Request | None:
        """The next request; None where the client has gone."""
        if not self._read(16):
            return None
        length, identifier, _, opcode = HEADER.unpack_from(self._buffer)
        if not 16 <= length <= MAX_MESSAGE_SIZE:
            raise ProtocolError(f"a message of {length} bytes")
        if not self._read(length - 16):
            return None
        return parse(identifier, opcode, self._buffer[: length - 16])

    def _read(self, count: int) -> bool:
        if count > len(self._buffer):
            self._buffer = memoryview(bytearray(max(count, 2 * len(self._buffer))))
        position = 0
        while position < count:
            received = self.sock.recv_into(self._buffer[position:count], 0, self._flags)
            if not received:
                return False
            position += received
        return True

    def answer(self, request: Request, pieces: Sequence[bytes], more_to_come: bool = False) -> None:
        out = reply(request, next(self._replies), pieces, more_to_come)
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.sendall(b"".join(out))
            return
        for begin in range(0, len(out), _PIECES_AT_ONCE):
            self._send(out[begin : begin + _PIECES_AT_ONCE])

    def _send(self, pieces: list[bytes]) -> None:
        views = [memoryview(piece) for piece in pieces]
        while views:
            sent = self.sock.sendmsg(views)
            while views and sent >= len(views[0]):
                sent -= len(views[0])
                del views[0]
            if views and sent:
                views[0] = views[0][sent:]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
