"""Results in several batches, and files."""

from __future__ import annotations

import os
from typing import Any

import gridfs
from pymongo.errors import CursorNotFound

from tests.support import ServerCase


class CursorTests(ServerCase):
    def test_batches_bring_every_document_once(self) -> None:
        self.things.insert_many([{"_id": n} for n in range(1000)])
        for size in (0, 1, 7, 101, 5000):
            cursor = self.things.find().sort("_id").batch_size(size)
            self.assertEqual([d["_id"] for d in cursor], list(range(1000)))
        self.assertEqual(len(list(self.things.aggregate([{"$match": {}}], batchSize=10))), 1000)
        self.assertEqual(self.statistics()["openCursors"], 0)

    def test_a_batch_is_no_larger_than_a_reply_may_be(self) -> None:
        self.things.insert_many([{"_id": n, "data": b"x" * (6 << 20)} for n in range(7)])
        before = self.statistics()["commands"].get("getMore", 0)
        self.assertEqual([d["_id"] for d in self.things.find().sort("_id")], list(range(7)))
        self.assertEqual(self.statistics()["commands"]["getMore"] - before, 3)

    def test_a_closed_cursor_is_gone(self) -> None:
        self.things.insert_many([{"_id": n} for n in range(10)])
        cursor = self.things.find(batch_size=2)
        next(cursor)
        self.assertEqual(self.statistics()["openCursors"], 1)
        self.client.admin.command("tensorfleetStatistics")
        reply = self.database.command("killCursors", "things", cursors=[cursor.cursor_id])
        self.assertEqual(reply["cursorsKilled"], [cursor.cursor_id])
        with self.assertRaises(CursorNotFound):
            list(cursor)

    def test_files_in_gridfs(self) -> None:
        bucket = gridfs.GridFSBucket(self.database, chunk_size_bytes=100_000)
        data = os.urandom(1_234_567)
        identifier = bucket.upload_from_stream("a/b.onnx", data, metadata={"sha256": "x"})
        self.assertEqual(bucket.open_download_stream(identifier).read(), data)
        found: dict[str, Any] = self.database["fs.files"].find_one({"filename": "a/b.onnx"})
        self.assertEqual((found["length"], found["metadata"]), (len(data), {"sha256": "x"}))
        chunks = self.database["fs.chunks"]
        middle = chunks.find({"files_id": identifier, "n": {"$gte": 3, "$lt": 6}}).sort("n", 1)
        self.assertEqual(b"".join(chunk["data"] for chunk in middle), data[300_000:600_000])
        counted = chunks.aggregate([{"$group": {"_id": "$files_id", "n": {"$sum": 1}}}])
        self.assertEqual(list(counted), [{"_id": identifier, "n": 13}])
        self.assertEqual(chunks.distinct("files_id"), [identifier])
        bucket.delete(identifier)
        self.assertEqual(chunks.count_documents({}), 0)
        with self.assertRaises(gridfs.NoFile):
            bucket.open_download_stream(identifier)
