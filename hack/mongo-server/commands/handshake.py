"""What the server is: the primary of a replica set of one."""

from __future__ import annotations

import datetime
from typing import Any

from bson import DatetimeMS, Int64

from commands.authenticating import speculative_answer
from commands.command import Command, Reply
from documents import MAX_DOCUMENT_SIZE
from wire.messages import MAX_MESSAGE_SIZE

# The protocol of MongoDB 6.0.
WIRE_VERSION = 17
VERSION = "6.0.0"


def hello(command: Command) -> Reply:
    body, context = command.body, command.context
    reply: dict[str, Any] = {
        "helloOk": True,
        "isWritablePrimary" if command.name == "hello" else "ismaster": True,
        "topologyVersion": topology_version(command),
        "setName": context.set_name,
        "setVersion": 1,
        "electionId": context.election,
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


def topology_version(command: Command) -> dict[str, Any]:
    """It never changes while the process lives: there is no election to tell of."""
    return {"processId": command.context.process, "counter": Int64(0)}


def awaited_seconds(command: Command) -> float:
    """How long a driver's monitor wants to wait for a change; 0 where the command is not such a wait."""
    body = command.body
    if body.get("topologyVersion") != topology_version(command):
        return 0.0
    return max(0.0, float(body.get("maxAwaitTimeMS", 0)) / 1000)


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
