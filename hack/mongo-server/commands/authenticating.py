"""saslStart, saslContinue and authenticate."""

from __future__ import annotations

import ssl
from typing import Any

from authentication.scram import Conversation, Refused
from authentication.x509 import subject
from commands.command import Command, Reply
from errors import CommandError


def _failed() -> CommandError:
    return CommandError(18, "Authentication failed.")


def sasl_start(command: Command) -> Reply:
    return _start(command, command.body, command.database_name)


def _start(command: Command, body: dict[str, Any], database: str) -> dict[str, Any]:
    mechanism = body.get("mechanism")
    if mechanism != "SCRAM-SHA-256":
        raise CommandError(334, f"Received authentication for mechanism {mechanism} which is not enabled")
    conversation = Conversation(command.context.users.passwords)
    try:
        answer = conversation.first(bytes(body["payload"]))
    except (Refused, KeyError, UnicodeDecodeError) as error:
        raise _failed() from error
    skips_empty = bool(body.get("options", {}).get("skipEmptyExchange"))
    command.connection.conversation = (conversation, database, skips_empty)
    return {"conversationId": 1, "done": False, "payload": answer, "ok": 1.0}


def sasl_continue(command: Command) -> Reply:
    if command.connection.conversation is None:
        raise CommandError(17, "No SASL session state found")
    conversation, database, skips_empty = command.connection.conversation
    if not conversation.proven:
        try:
            answer = conversation.final(bytes(command.body["payload"]))
        except (Refused, KeyError) as error:
            command.connection.conversation = None
            raise _failed() from error
        # Users are those of the database admin.
        if database != "admin":
            command.connection.conversation = None
            raise _failed()
        if not skips_empty:
            return {"conversationId": 1, "done": False, "payload": answer, "ok": 1.0}
    else:
        answer = b""
    command.connection.conversation = None
    command.connection.user = f"{conversation.name}@admin"
    return {"conversationId": 1, "done": True, "payload": answer, "ok": 1.0}


def authenticate(command: Command) -> Reply:
    return _by_certificate(command, command.body)


def _by_certificate(command: Command, body: dict[str, Any]) -> dict[str, Any]:
    if body.get("mechanism") != "MONGODB-X509":
        raise CommandError(334, f"Received authentication for mechanism {body.get('mechanism')} which is not enabled")
    sock = command.connection.sock
    name = subject(sock) if isinstance(sock, ssl.SSLSocket) else None
    if name is None:
        raise CommandError(18, "No verified subject name available from client")
    if name not in command.context.users.subjects or body.get("user", name) != name:
        raise _failed()
    command.connection.user = f"{name}@$external"
    return {"dbname": "$external", "user": name, "ok": 1.0}


def speculative_answer(command: Command) -> dict[str, Any] | None:
    """The first step of authentication within the handshake; None, where it fails, lets the driver start over."""
    body = command.body["speculativeAuthenticate"]
    try:
        if "saslStart" in body:
            return _start(command, body, str(body.get("db", "admin")))
        return _by_certificate(command, body)
    except CommandError:
        return None


def log_out(command: Command) -> Reply:
    command.connection.user = None
    return {"ok": 1.0}


def connection_status(command: Command) -> Reply:
    users = []
    if command.connection.user is not None:
        name, _, database = command.connection.user.rpartition("@")
        users.append({"user": name, "db": database})
    return {"authInfo": {"authenticatedUsers": users, "authenticatedUserRoles": []}, "ok": 1.0}
