"""A stored document: its bytes, and its fields once somebody asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from documents import decode, some_fields

# Above this the fields are not kept beside the bytes, and single ones are read without the rest: file chunks.
_LARGE = 8 * 1024


class Document:
    """Immutable: an update puts another one in its place."""

    __slots__ = ("_fields", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._fields: dict[str, Any] | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The whole document, to be read and not to be changed."""
        if self._fields is not None:
            return self._fields
        fields = decode(self.raw)
        if len(self.raw) <= _LARGE:
            self._fields = fields
        return fields

    def some(self, names: Sequence[str]) -> dict[str, Any]:
        """At least these top-level fields, where they exist."""
        return self.fields if len(self.raw) <= _LARGE else some_fields(self.raw, names)

    @property
    def identifier(self) -> Any:
        return self.some(("_id",)).get("_id")
