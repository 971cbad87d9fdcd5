"""The tests' own commands: ordering faults, and reading what was counted."""

from __future__ import annotations

from commands.command import Command, Reply
from errors import CommandError


def order_faults(command: Command) -> Reply:
    _check(command)
    command.context.faults.order(command.body)
    return {"ok": 1.0}


def statistics(command: Command) -> Reply:
    _check(command)
    cursors = len(command.context.cursors)
    return {**command.context.statistics.described(), "openCursors": cursors, "ok": 1.0}


def _check(command: Command) -> None:
    if not command.context.faults.allowed:
        raise CommandError(13, f"{command.name} is for servers that were started with --faults")
    if command.database_name != "admin":
        raise CommandError(13, f"{command.name} may only be run against the admin database.")
