"""A server that is killed and started again."""

from __future__ import annotations

import threading
import unittest

from bson import Int64
from pymongo.errors import DuplicateKeyError, PyMongoError

from tests.support import Server, temporary_folder


class RestartTests(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = temporary_folder(self)
        self.server = Server("--data", str(self.folder), "--faults")
        self.addCleanup(lambda: self.server.kill())
        self.client = self.server.client(serverSelectionTimeoutMS=10000)
        self.addCleanup(self.client.close)
        self.things = self.client.test.things

    def restart(self) -> None:
        port = self.server.port
        self.server.kill()
        self.server.start("--port", str(port))

    def test_everything_is_there_again(self) -> None:
        self.things.create_index("name", unique=True)
        self.things.create_index("dropped")
        self.things.drop_index("dropped_1")
        self.things.insert_many([{"_id": n, "name": f"n{n}", "data": b"x" * 1000 * n} for n in range(30)])
        self.things.update_many({"_id": {"$lt": 5}}, {"$set": {"changed": Int64(1)}})
        self.things.delete_many({"_id": {"$gte": 20}})
        self.client.test.other.insert_one({})
        self.client.test.other.drop()
        self.client.gone.things.insert_one({})
        self.client.drop_database("gone")
        before = list(self.things.find())
        self.restart()
        self.assertEqual(list(self.things.find()), before)
        self.assertEqual(sorted(self.things.index_information()), ["_id_", "name_1"])
        self.assertEqual(self.client.list_database_names(), ["test"])
        self.assertEqual(self.client.test.list_collection_names(), ["things"])
        with self.assertRaises(DuplicateKeyError):
            self.things.insert_one({"name": "n1"})

    def test_a_write_cut_short_is_not_there(self) -> None:
        self.things.insert_many([{"_id": 1}, {"_id": 2, "data": b"x" * 5000}])
        port = str(self.server.port)
        self.server.kill()
        journal = self.folder / "journal.bson"
        journal.write_bytes(journal.read_bytes()[:-100])
        self.server.start("--port", port)
        with self.server.client() as client:
            self.assertEqual([d["_id"] for d in client.test.things.find()], [1])
            client.test.things.insert_one({"_id": 3})
        self.server.kill()
        self.server.start("--port", port)
        with self.server.client() as client:
            self.assertEqual([d["_id"] for d in client.test.things.find()], [1, 3])

    def test_a_write_retried_after_the_restart_counts_once(self) -> None:
        command = {
            "update": "things",
            "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}}],
            "txnNumber": Int64(99),
        }
        self.things.insert_one({"_id": 1, "n": 0})
        with self.client.start_session() as session:
            first = self.client.test.command(command, session=session)
            self.restart()
            self.client.test.command("ping")
            again = self.client.test.command(command, session=session)
        self.assertEqual((first["n"], again["n"]), (1, 1))
        self.assertEqual(self.things.find_one({"_id": 1})["n"], 1)

    def test_what_was_acknowledged_survives_kills_in_the_middle(self) -> None:
        acknowledged: list[int] = []
        done = threading.Event()

        def write() -> None:
            number = 0
            while not done.is_set():
                try:
                    self.things.insert_one({"_id": number})
                    acknowledged.append(number)
                except DuplicateKeyError:
                    pass  # it was applied; the answer, and its retry's, were lost
                except PyMongoError:
                    continue
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        for _ in range(3):
            done.wait(0.3)
            self.restart()
        done.set()
        writer.join()
        stored = {document["_id"] for document in self.things.find()}
        self.assertGreater(len(acknowledged), 100)
        self.assertLessEqual(set(acknowledged), stored)
