"""The server's half of SCRAM-SHA-256: RFC 5802 and RFC 7677."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass

ITERATIONS = 15000


class Refused(Exception):
    """The client did not prove that it knows the password. No more is said: not even whether the user exists."""


@dataclass(frozen=True)
class Credential:
    """What a server keeps of a password."""

    salt: bytes
    stored_key: bytes
    server_key: bytes


def credential(password: str) -> Credential:
    from pymongo.saslprep import saslprep

    salt = os.urandom(28)
    salted = hashlib.pbkdf2_hmac("sha256", saslprep(password).encode(), salt, ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    return Credential(salt, hashlib.sha256(client_key).digest(), hmac.digest(salted, b"Server Key", "sha256"))


class Conversation:
    """Two messages of the client, two answers; the third exchange of older drivers is empty."""

    def __init__(self, users: dict[str, Credential]) -> None:
        self._users = users
        self._first = b""
        self._nonce = b""
        self._credential: Credential | None = None
        self.name = ""
        self.proven = False

    def first(self, message: bytes) -> bytes:
        header, bare = _split_header(message)
        fields = _fields(bare)
        self.name = fields[b"n"].decode().replace("=2C", ",").replace("=3D", "=")
        # A name that nobody has goes on with a made-up salt and fails at the proof like a wrong password.
        self._credential = self._users.get(self.name)
        salt = self._credential.salt if self._credential else hashlib.sha256(self.name.encode()).digest()[:28]
        self._nonce = fields[b"r"] + base64.b64encode(os.urandom(24))
        answer = b"r=" + self._nonce + b",s=" + base64.b64encode(salt) + b",i=%d" % ITERATIONS
        self._binding = base64.b64encode(header)
        self._first = bare + b"," + answer
        return answer

    def final(self, message: bytes) -> bytes:
        fields = _fields(message)
        credential = self._credential
        if credential is None or fields[b"r"] != self._nonce or fields[b"c"] != self._binding:
            raise Refused
        proven_message = self._first + b"," + message[: message.rindex(b",p=")]
        signature = hmac.digest(credential.stored_key, proven_message, "sha256")
        try:
            proof = base64.b64decode(fields[b"p"], validate=True)
        except binascii.Error as error:
            raise Refused from error
        if len(proof) != len(signature):
            raise Refused
        client_key = bytes(left ^ right for left, right in zip(proof, signature, strict=True))
        if not hmac.compare_digest(hashlib.sha256(client_key).digest(), credential.stored_key):
            raise Refused
        self.proven = True
        return b"v=" + base64.b64encode(hmac.digest(credential.server_key, proven_message, "sha256"))


def _split_header(message: bytes) -> tuple[bytes, bytes]:
    """The GS2 header ("n,,") and the rest. Channel binding is not offered."""
    parts = message.split(b",", 2)
    if len(parts) != 3 or parts[0] not in (b"n", b"y"):
        raise Refused
    return b",".join(parts[:2]) + b",", parts[2]


def _fields(message: bytes) -> dict[bytes, bytes]:
    fields = _Fields()
    for part in message.split(b","):
        name, separator, value = part.partition(b"=")
        if not separator:
            raise Refused
        fields[name] = value
    return fields


class _Fields(dict[bytes, bytes]):
    """A message without a field that is needed is refused."""

    def __missing__(self, name: bytes) -> bytes:
        raise Refused
