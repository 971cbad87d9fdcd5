"""Starting servers for tests, and talking to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import unittest
import uuid
from pathlib import Path
from typing import Any

from pymongo import MongoClient

FOLDER = Path(__file__).parent.parent
PASSWORD = "pass/wörd:1"


class Server:
    """A server process. It ends with this one, at the latest."""

    def __init__(self, *options: str, user: str = "") -> None:
        self._options = options
        self._user = user
        self.start()

    def start(self, *more: str) -> None:
        environment = {**os.environ, "TENSORFLEET_MONGO_USER": self._user}
        arguments = [sys.executable, str(FOLDER), "--stop-with", str(os.getpid()), *self._options, *more]
        self._process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        assert self._process.stdout is not None
        line = self._process.stdout.readline().decode()
        if not line:
            _, log = self._process.communicate()
            raise RuntimeError(f"the server did not start: {log.decode()}")
        self.uri = line.split("'")[1]

    @property
    def address(self) -> str:
        return self.uri.partition("://")[2].rpartition("/")[0].rpartition("@")[2]

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    @property
    def process(self) -> int:
        return self._process.pid

    def client(self, uri: str | None = None, **options: Any) -> MongoClient[dict[str, Any]]:
        return MongoClient(
            uri or self.uri, **{"serverSelectionTimeoutMS": 5000, "heartbeatFrequencyMS": 500, **options}
        )

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()


class ServerCase(unittest.TestCase):
    """One server for all tests of a class, a database for each test."""

    options: tuple[str, ...] = ("--faults",)

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server(*cls.options)
        cls.addClassCleanup(cls.server.kill)
        cls.client = cls.server.client()
        cls.addClassCleanup(cls.client.close)

    def setUp(self) -> None:
        self.database = self.client[f"test-{uuid.uuid4().hex[:12]}"]
        self.things = self.database.things
        self.addCleanup(self.client.drop_database, self.database.name)

    def order_faults(self, **orders: Any) -> None:
        self.client.admin.command("tensorfleetFaults", 1, **orders)
        self.addCleanup(self.client.admin.command, "tensorfleetFaults", 1)

    def statistics(self) -> dict[str, Any]:
        return self.client.admin.command("tensorfleetStatistics")


def temporary_folder(case: unittest.TestCase) -> Path:
    folder = tempfile.TemporaryDirectory(prefix="tensorfleet-mongo-test.")
    case.addCleanup(folder.cleanup)
    return Path(folder.name)
