"""An append-only file of applied changes. It outlives the process, not the machine: nothing is flushed to the disk."""

from __future__ import annotations

import os
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from documents import decode, encode

# A record: length of the header, length of the document, header (BSON), document (BSON, may be none).
_LENGTHS = struct.Struct("<II")
_BUFFER = 1 << 20


class Journal:
    """Without a folder nothing is kept; before everything is replayed, nothing is written."""

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        self._path = folder / "journal.bson" if folder else None
        self._file: int | None = None
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def replay(self) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Every record there is. The last one may have been cut short when the process was killed: it is cut off."""
        if self._path is None:
            return
        whole = 0
        if self._path.exists():
            with self._path.open("rb", buffering=_BUFFER) as file:
                while len(lengths := file.read(_LENGTHS.size)) == _LENGTHS.size:
                    header_length, document_length = _LENGTHS.unpack(lengths)
                    record = file.read(header_length + document_length)
                    if len(record) < header_length + document_length:
                        break
                    yield decode(record[:header_length]), record[header_length:]
                    whole += _LENGTHS.size + len(record)
            os.truncate(self._path, whole)
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def append(self, header: dict[str, Any], document: bytes = b"") -> None:
        if self._file is None:
            return
        head = encode(header)
        pieces = [_LENGTHS.pack(len(head), len(document)) + head, document]
        with self._lock:
            written = os.writev(self._file, pieces)
            expected = len(pieces[0]) + len(document)
            if written != expected:
                rest = b"".join(pieces)[written:]
                while rest:
                    rest = rest[os.write(self._file, rest) :]
