"""Accepts connections, and serves each in a thread of its own."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
import traceback

from bson.errors import BSONError

from commands.command import Command, Reply
from commands.handshake import awaits_change
from commands.table import run
from context import Context
from documents import encode
from errors import CommandError, ConnectionDropped
from wire.connection import Connection
from wire.messages import ProtocolError, Request

_HANDSHAKE_SECONDS = 10


def listen(bind: str, port: int) -> socket.socket:
    """Port 0 is any that is free. A port of a server that was killed a moment ago can be taken again."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((bind, port))
    sock.listen(1024)
    return sock


def serve(sock: socket.socket, context: Context, tls: ssl.SSLContext | None) -> None:
    """Until the process ends."""
    while True:
        client, _ = sock.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_serve_client, args=(client, context, tls), daemon=True).start()


def _serve_client(sock: socket.socket, context: Context, tls: ssl.SSLContext | None) -> None:
    if tls is not None:
        try:
            sock.settimeout(_HANDSHAKE_SECONDS)
            sock = tls.wrap_socket(sock, server_side=True)
            sock.settimeout(None)
        except OSError as error:  # SSLError is one
            print(f"TLS handshake failed: {error}", file=sys.stderr)
            sock.close()
            return
    context.statistics.count("connections")
    connection = Connection(sock)
    try:
        while (request := connection.receive()) is not None:
            _answer(connection, context, request)
    except (OSError, ProtocolError, ConnectionDropped) as error:
        if isinstance(error, ProtocolError):
            print(f"connection {connection.identifier}: {error}", file=sys.stderr)
    except Exception:  # a fault of this server's: said, and the client sees a broken connection
        traceback.print_exc()
    finally:
        connection.close()


def _answer(connection: Connection, context: Context, request: Request) -> None:
    command = Command(context, connection, request)
    if awaits_change(command):
        _stream(connection, context, request, command)
        return
    pieces = _pieces(command, run(command))
    if request.wants_reply:
        connection.answer(request, pieces)


def _stream(connection: Connection, context: Context, request: Request, command: Command) -> None:
    """A driver's monitor waits for changes, of which there are few: it gets a sign of life every few seconds."""
    seconds = float(command.body["maxAwaitTimeMS"]) / 1000
    known = command.body["topologyVersion"]
    while True:
        context.topology.wait(known, seconds)
        known = context.topology.version()
        connection.answer(request, _pieces(command, run(command)), more_to_come=request.exhaust_allowed)
        if not request.exhaust_allowed:
            return


def _pieces(command: Command, reply: Reply) -> list[bytes]:
    if isinstance(reply, list):
        return reply
    try:
        return [encode(reply)]
    except (BSONError, OverflowError) as error:
        return [encode(CommandError(1, f"{command.name}: {error}").reply())]
