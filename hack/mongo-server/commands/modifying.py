"""findAndModify: one document is changed and brought back, in one step."""

from __future__ import annotations

from typing import Any

from commands.command import Command, Reply
from documents import decode, encode
from errors import CommandError
from queries.projection import project
from queries.updating import updated, upserted
from sessions import Session
from storage.document import Document


def find_and_modify(command: Command) -> Reply:
    session = command.context.sessions.of(command.body)
    if session is not None and 0 in session.results:
        command.context.statistics.count("retriesAnswered")
        return session.results[0]
    with command.database.lock:
        reply = _modify(command, session)
    command.context.statistics.count("statementsApplied")
    if session is not None:
        session.results[0] = reply
    return reply


def _modify(command: Command, session: Session | None) -> dict[str, Any]:
    body, database, name = command.body, command.database, command.collection_name
    removing, upserting = bool(body.get("remove")), bool(body.get("upsert"))
    if removing == ("update" in body):
        raise CommandError(9, "Either an update or remove=true must be specified")
    collection = database.collection(name)
    found = collection.find(command.query("query"), body.get("sort"), 0, 1) if collection else []
    statement = {"q": body.get("query", {}), "u": body.get("update"), "arrayFilters": body.get("arrayFilters")}

    def marked(reply: dict[str, Any]) -> dict[str, Any] | None:
        return session.mark(0, reply) if session is not None else None

    if not found:
        if not upserting or removing:
            last = {"n": 0} if removing else {"n": 0, "updatedExisting": False}
            reply = {"lastErrorObject": last, "value": None, "ok": 1.0}
            database.note(marked(reply))
            return reply
        fields = upserted(statement)
        last = {"n": 1, "updatedExisting": False, "upserted": fields["_id"]}
        value = _shown(command, encode(fields)) if body.get("new") else None
        reply = {"lastErrorObject": last, "value": value, "ok": 1.0}
        database.insert(name, encode(fields), marked(reply))
        return reply

    ((number, document),) = found
    if removing:
        reply = {"lastErrorObject": {"n": 1}, "value": _shown(command, document.raw), "ok": 1.0}
        database.remove(name, number, marked(reply))
        return reply
    fields = updated(decode(document.raw), statement)
    value = _shown(command, encode(fields) if body.get("new") else document.raw)
    reply = {"lastErrorObject": {"n": 1, "updatedExisting": True}, "value": value, "ok": 1.0}
    database.replace(name, number, fields, marked(reply))
    return reply


def _shown(command: Command, raw: bytes) -> dict[str, Any]:
    fields = command.body.get("fields") or {}
    return project(Document(raw), fields) if fields else decode(raw)
