"""insert, update and delete: statement after statement, each a step of its own under the database's lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from commands.command import Command, Reply
from documents import decode, encode
from errors import CommandError
from queries.matching import for_mongomock
from queries.updating import is_replacement, updated, upserted
from sessions import Session
from storage.database import Database
from storage.document import Document

# What a statement came to: n, and nModified and upserted where it is an update. The second is the journal's mark of it.
Outcome = dict[str, Any]
Marked = Callable[[Outcome], dict[str, Any] | None]


def insert(command: Command) -> Reply:
    name, database = command.collection_name, command.database

    def one(raw: bytes, mark: Marked) -> Outcome:
        outcome = {"n": 1}
        database.insert(name, raw, mark(outcome))
        return outcome

    return _each(command, command.raw_documents("documents"), one)


def delete(command: Command) -> Reply:
    name, database = command.collection_name, command.database

    def one(statement: dict[str, Any], mark: Marked) -> Outcome:
        collection = database.collection(name)
        limit = int(statement.get("limit", 0))
        found = collection.find(for_mongomock(statement["q"]), None, 0, limit) if collection else []
        outcome = {"n": len(found)}
        for number, _ in found:
            database.remove(name, number, mark(outcome))
        if not found:
            database.note(mark(outcome))
        return outcome

    return _each(command, command.documents("deletes"), one)


def update(command: Command) -> Reply:
    name, database = command.collection_name, command.database

    def one(statement: dict[str, Any], mark: Marked) -> Outcome:
        if statement.get("multi") and is_replacement(statement["u"]):
            raise CommandError(9, "multi update is not supported for replacement-style update")
        collection = database.collection(name)
        limit = 0 if statement.get("multi") else 1
        found = collection.find(for_mongomock(statement["q"]), None, 0, limit) if collection else []
        if not found and statement.get("upsert"):
            fields = upserted(statement)
            outcome: Outcome = {"n": 1, "nModified": 0, "upserted": fields["_id"]}
            database.insert(name, encode(fields), mark(outcome))
            return outcome
        return _update_found(database, name, found, statement, mark)

    return _each(command, command.documents("updates"), one)


def _update_found(
    database: Database,
    name: str,
    found: Sequence[tuple[int, Document]],
    statement: dict[str, Any],
    mark: Marked,
) -> Outcome:
    outcome: Outcome = {"n": len(found), "nModified": 0}
    for number, document in found:
        fields = updated(decode(document.raw), statement)
        if encode(fields) != document.raw:
            outcome["nModified"] += 1
            database.replace(name, number, fields, mark(outcome))
    if not outcome["nModified"]:
        database.note(mark(outcome))
    return outcome


def _each(command: Command, statements: Sequence[Any], one: Callable[[Any, Marked], Outcome]) -> Reply:
    """Carries out the statements; the first that fails is the last where they are ordered."""
    body, context = command.body, command.context
    if not statements:
        raise CommandError(9, "Write batch sizes must be between 1 and 100000. Got 0 operations.")
    session = context.sessions.of(body)
    identifiers = body.get("stmtIds") or range(len(statements))
    outcomes: list[tuple[int, Outcome]] = []
    errors: list[dict[str, Any]] = []
    for index, (identifier, statement) in enumerate(zip(identifiers, statements, strict=True)):
        try:
            outcomes.append((index, _once(command, session, int(identifier), statement, one)))
        except CommandError as error:
            errors.append(error.write_error(index))
            if body.get("ordered", True):
                break
    return _summary(command.name, outcomes, errors)


def _once(
    command: Command, session: Session | None, identifier: int, statement: Any, one: Callable[[Any, Marked], Outcome]
) -> Outcome:
    statistics = command.context.statistics
    if session is not None and identifier in session.results:
        statistics.count("retriesAnswered")
        return session.results[identifier]

    def mark(outcome: Outcome) -> dict[str, Any] | None:
        return session.mark(identifier, outcome) if session is not None else None

    with command.database.lock:
        outcome = one(statement, mark)
    statistics.count("statementsApplied")
    if session is not None:
        session.results[identifier] = outcome
    return outcome


def _summary(name: str, outcomes: list[tuple[int, Outcome]], errors: list[dict[str, Any]]) -> dict[str, Any]:
    reply: dict[str, Any] = {"n": sum(outcome["n"] for _, outcome in outcomes)}
    if name == "update":
        reply["nModified"] = sum(outcome["nModified"] for _, outcome in outcomes)
        upserts = [{"index": i, "_id": outcome["upserted"]} for i, outcome in outcomes if "upserted" in outcome]
        if upserts:
            reply["upserted"] = upserts
    if errors:
        reply["writeErrors"] = errors
    return {**reply, "ok": 1.0}
