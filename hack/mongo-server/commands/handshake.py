"""What the server is: the primary of a replica set of one."""

from __future__ import annotations

import datetime
from typing import Any

from bson import DatetimeMS

from commands.authenticating import speculative_answer
from commands.command import Command, Reply
from documents import MAX_DOCUMENT_SIZE
from wire.messages import MAX_MESSAGE_SIZE

# The protocol of MongoDB 6.0.
WIRE_VERSION = 17
VERSION = "6.0.0"

HELLOS = ("hello", "isMaster", "ismaster")


def hello(command: Command) -> Reply:
    body, context = command.body, command.context
    reply: dict[str, Any] = {
        "helloOk": True,
        "isWritablePrimary" if command.name == "hello" else "ismaster": True,
        "topologyVersion": context.topology.version(),
        "setName": context.set_name,
        "setVersion": 1,
        "electionId": context.topology.election,
        "hosts": [context.address],
        "primary": context.address,
        "me": context.address,
        "secondary": False,
        "lastWrite": {"lastWriteDate": now()},
        "maxBsonObjectSize": MAX_DOCUMENT_SIZE,
        "maxMessageSizeBytes": MAX_MESSAGE_SIZE,
        "maxWriteBatchSize": 100000,
        "localTime": now(),
        "logicalSessionTimeoutMinutes": 30,
        "connectionId": command.connection.identifier,
        "minWireVersion": 0,
        "maxWireVersion": WIRE_VERSION,
        "readOnly": False,
    }
    if "zlib" in body.get("compression", []):
        reply["compression"] = ["zlib"]
    if "saslSupportedMechs" in body:
        reply["saslSupportedMechs"] = ["SCRAM-SHA-256"]
    if "speculativeAuthenticate" in body and (answer := speculative_answer(command)) is not None:
        reply["speculativeAuthenticate"] = answer
    return {**reply, "ok": 1.0}


def awaits_change(command: Command) -> bool:
    """Whether a driver's monitor wants the answer only when the state is another one, or after some seconds."""
    return command.name in HELLOS and "topologyVersion" in command.body and "maxAwaitTimeMS" in command.body


def ping(_: Command) -> Reply:
    return {"ok": 1.0}


def build_info(_: Command) -> Reply:
    return {
        "version": VERSION,
        "versionArray": [6, 0, 0, 0],
        "gitVersion": "development server for tests",
        "modules": [],
        "bits": 64,
        "debug": False,
        "maxBsonObjectSize": MAX_DOCUMENT_SIZE,
        "storageEngines": ["memory"],
        "ok": 1.0,
    }


def end_sessions(command: Command) -> Reply:
    command.context.sessions.end([bytes(session["id"]) for session in command.body.get("endSessions", [])])
    return {"ok": 1.0}


def now() -> DatetimeMS:
    return DatetimeMS(datetime.datetime.now(datetime.UTC))
