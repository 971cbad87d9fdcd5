"""What a command can fail with, in the words and numbers of the real server."""

from __future__ import annotations

from typing import Any

# Names of the codes in use: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
CODE_NAMES = {
    1: "InternalError",
    2: "BadValue",
    9: "FailedToParse",
    13: "Unauthorized",
    14: "TypeMismatch",
    18: "AuthenticationFailed",
    26: "NamespaceNotFound",
    27: "IndexNotFound",
    43: "CursorNotFound",
    48: "NamespaceExists",
    50: "MaxTimeMSExpired",
    59: "CommandNotFound",
    66: "ImmutableField",
    67: "CannotCreateIndex",
    72: "InvalidOptions",
    73: "InvalidNamespace",
    85: "IndexOptionsConflict",
    86: "IndexKeySpecsConflict",
    91: "ShutdownInProgress",
    100: "UnsatisfiableWriteConcern",
    112: "WriteConflict",
    189: "PrimarySteppedDown",
    225: "TransactionTooOld",
    238: "NotImplemented",
    263: "OperationNotSupportedInTransaction",
    334: "MechanismUnavailable",
    10107: "NotWritablePrimary",
    10334: "BSONObjectTooLarge",
    11000: "DuplicateKey",
    11600: "InterruptedAtShutdown",
    11602: "InterruptedDueToReplStateChange",
    13435: "NotPrimaryNoSecondaryOk",
    17280: "KeyTooLong",
}

# After these a driver may try a retryable write again; the server says so by a label (4.4 and later).
RETRYABLE_WRITE_CODES = {6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436}

# These tell drivers that the server is a primary no longer, or not for long.
STATE_CHANGE_CODES = {91, 189, 10107, 11600, 11602, 13435, 13436}


class CommandError(Exception):
    """A command that is answered with ok: 0."""

    def __init__(self, code: int, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details

    def reply(self) -> dict[str, Any]:
        name = CODE_NAMES.get(self.code, f"Location{self.code}")
        return {"ok": 0.0, "errmsg": self.message, "code": self.code, "codeName": name, **self.details}

    def write_error(self, index: int) -> dict[str, Any]:
        """The same as an element of `writeErrors`: one statement failed, the command as a whole did not."""
        return {"index": index, "code": self.code, **self.details, "errmsg": self.message}


class ConnectionDropped(Exception):
    """The connection is to be closed without a reply."""
