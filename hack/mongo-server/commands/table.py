"""All commands by name, and how one is carried out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from commands import authenticating, catalog, handshake, modifying, reading, testing, writing
from commands.command import Command, Reply
from errors import CommandError, ConnectionDropped

Handler = Callable[[Command], Reply]

# Before authentication, and without a test's delay.
HANDSHAKES: dict[str, Handler] = {
    **dict.fromkeys(handshake.HELLOS, handshake.hello),
    "buildInfo": handshake.build_info,
    "buildinfo": handshake.build_info,
    "saslStart": authenticating.sasl_start,
    "saslContinue": authenticating.sasl_continue,
    "authenticate": authenticating.authenticate,
    "logout": authenticating.log_out,
    "connectionStatus": authenticating.connection_status,
}

CONTROLS: dict[str, Handler] = {
    "tensorfleetFaults": testing.order_faults,
    "tensorfleetStatistics": testing.statistics,
}

WRITES: dict[str, Handler] = {
    "insert": writing.insert,
    "update": writing.update,
    "delete": writing.delete,
    "findAndModify": modifying.find_and_modify,
    "findandmodify": modifying.find_and_modify,
}

OTHERS: dict[str, Handler] = {
    "ping": handshake.ping,
    "endSessions": handshake.end_sessions,
    "find": reading.find,
    "aggregate": reading.aggregate,
    "getMore": reading.get_more,
    "killCursors": reading.kill_cursors,
    "count": reading.count,
    "distinct": reading.distinct,
    "createIndexes": catalog.create_indexes,
    "dropIndexes": catalog.drop_indexes,
    "listIndexes": catalog.list_indexes,
    "create": catalog.create,
    "drop": catalog.drop,
    "dropDatabase": catalog.drop_database,
    "listCollections": catalog.list_collections,
    "listDatabases": catalog.list_databases,
}

HANDLERS = HANDSHAKES | CONTROLS | WRITES | OTHERS


def run(command: Command) -> Reply:
    """The reply, failures included. Raises only where the connection is to be dropped."""
    try:
        return _run(command)
    except CommandError as error:
        return error.reply()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # A field that is missing or of another type than the handler takes it for.
        return CommandError(9, f"{command.name}: {type(error).__name__}: {error}").reply()


def _run(command: Command) -> Reply:
    context, name = command.context, command.name
    handler = HANDLERS.get(name)
    context.statistics.command(name if handler else "unknown")
    if handler is None:
        raise CommandError(59, f"no such command: '{name}'")
    if name in HANDSHAKES:
        return handler(command)
    if context.users.required and command.connection.user is None and name != "ping":
        raise CommandError(13, f"command {name} requires authentication")
    if name in CONTROLS:
        return handler(command)
    if context.faults.delay(command.body.get("maxTimeMS")):
        context.statistics.count("timeLimits")
        raise CommandError(50, "operation exceeded time limit")
    return _write(command, handler) if name in WRITES else handler(command)


def _write(command: Command, handler: Handler) -> Reply:
    context = command.context
    fault = context.faults.of_write()
    session = context.sessions.of(command.body)
    if fault.closes and fault.orders.closeWhen == "received":
        _drop(command)
    if fault.fails:
        context.statistics.count("writesFailed")
        return fault.failed(session is not None, context.topology)
    with session.lock if session is not None else nullcontext():
        if session is not None:
            context.sessions.begin(session, int(command.body["txnNumber"]))
        reply = handler(command)
    if fault.closes:
        _drop(command)
    return _with_concern(command, reply)


def _drop(command: Command) -> None:
    command.context.statistics.count("connectionsDropped")
    raise ConnectionDropped


def _with_concern(command: Command, reply: Reply) -> Reply:
    """One member can promise no more than one acknowledgement; it is its own majority."""
    wanted: Any = command.body.get("writeConcern", {}).get("w", 1)
    if isinstance(reply, dict) and wanted not in (0, 1, "majority"):
        error = CommandError(100, "Not enough data-bearing nodes").reply()
        del error["ok"]
        return {**reply, "writeConcernError": error}
    return reply
