"""The users of the server. Without any, everybody may do everything."""

from __future__ import annotations

from dataclasses import dataclass, field

from authentication.scram import Credential, credential


@dataclass
class Users:
    passwords: dict[str, Credential] = field(default_factory=dict)
    # Subjects of client certificates, in RFC 2253's notation.
    subjects: set[str] = field(default_factory=set)

    def add(self, name: str, password: str) -> None:
        self.passwords[name] = credential(password)

    @property
    def required(self) -> bool:
        return bool(self.passwords or self.subjects)
