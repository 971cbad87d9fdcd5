"""Inserting, finding, changing and deleting documents."""

from __future__ import annotations

import datetime
from typing import Any

from bson import Binary, Decimal128, Int64, ObjectId, Regex
from pymongo import ASCENDING, DESCENDING, InsertOne, ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, WriteError

from tests.support import ServerCase


class DocumentTests(ServerCase):
    def test_a_document_comes_back_with_its_types_and_its_fields_in_order(self) -> None:
        document = {
            "_id": ObjectId(),
            "z": 1,
            "a": Int64(2),
            "real": 0.5,
            "text": "ü",
            "bytes": b"\0\1",
            "other": Binary(b"x", 5),
            "when": datetime.datetime(2024, 2, 29, 12, 0, 0, 123000),
            "nothing": None,
            "yes": True,
            "nested": {"b": [1, {"c": 2}], "a": {}},
            "decimal": Decimal128("1.50"),
            "pattern": Regex("^a", "i"),
        }
        self.things.insert_one(document)
        found = self.things.find_one({})
        self.assertEqual(found, document)
        self.assertEqual(list(found), list(document))
        self.assertIsInstance(found["a"], Int64)
        self.assertNotIsInstance(found["z"], Int64)

    def test_queries_answer_as_the_real_server_does(self) -> None:
        self.things.insert_many(
            [
                {"_id": 1, "n": 1, "tags": ["a", "b"], "m": {"accuracy": 0.9}},
                {"_id": 2, "n": 2, "tags": [], "m": {"accuracy": 0.5}},
                {"_id": 3, "n": "2", "m": None},
                {"_id": 4, "n": None},
                {"_id": 5, "parts": [{"k": 1, "v": 1}, {"k": 2, "v": 9}]},
            ]
        )
        table: list[tuple[dict[str, Any], list[int]]] = [
            ({"n": 2}, [2]),
            ({"n": {"$gte": 1}}, [1, 2]),
            ({"n": {"$lt": "3"}}, [3]),
            ({"n": None}, [4, 5]),
            ({"n": {"$exists": False}}, [5]),
            ({"n": {"$in": [1, "2"]}}, [1, 3]),
            ({"n": {"$ne": 2}}, [1, 3, 4, 5]),
            ({"tags": "a"}, [1]),
            ({"tags": {"$size": 0}}, [2]),
            ({"m.accuracy": {"$gt": 0.4, "$lt": 0.8}}, [2]),
            ({"$or": [{"n": 1}, {"_id": 5}]}, [1, 5]),
            ({"parts": {"$elemMatch": {"k": 1, "v": {"$gt": 5}}}}, []),
            ({"parts.k": 1, "parts.v": 9}, [5]),
            ({"n": {"$regex": "^2"}}, [3]),
            ({"n": {"$not": {"$gte": 2}}}, [1, 3, 4, 5]),
        ]
        for indexed in (False, True):
            for query, wanted in table:
                with self.subTest(query=query, indexed=indexed):
                    self.assertEqual([d["_id"] for d in self.things.find(query).sort("_id")], wanted)
            for path in ("n", "tags", "m.accuracy", "parts.k"):
                self.things.create_index(path)

    def test_sort_skip_limit_and_projection(self) -> None:
        self.things.insert_many([{"_id": n, "a": n % 3, "b": -n, "c": {"d": n, "e": n}} for n in range(10)])
        order = [("a", DESCENDING), ("b", ASCENDING)]
        self.assertEqual([d["_id"] for d in self.things.find().sort(order).skip(1).limit(3)], [5, 2, 7])
        self.things.create_index([("a", ASCENDING), ("b", ASCENDING)])
        self.assertEqual([d["_id"] for d in self.things.find().sort(order).skip(1).limit(3)], [5, 2, 7])
        self.assertEqual([d["_id"] for d in self.things.find({"a": 1}).sort("b", 1)], [7, 4, 1])
        self.assertEqual([d["_id"] for d in self.things.find({"a": 1}).sort("b", -1)], [1, 4, 7])
        self.assertEqual(self.things.find_one({"_id": 4}, {"c.d": 1}), {"_id": 4, "c": {"d": 4}})
        self.assertEqual(self.things.find_one({"_id": 4}, {"c": 0, "a": 0}), {"_id": 4, "b": -4})
        self.assertEqual(self.things.find_one({"_id": 4}, {"_id": 0, "a": 1}), {"a": 1})

    def test_updates(self) -> None:
        self.things.insert_one({"_id": 1, "n": 1, "wide": Int64(5), "list": [1, 2]})
        update = {"$set": {"a.b": 1}, "$inc": {"n": 2, "wide": 1}, "$push": {"list": 3}, "$unset": {"gone": ""}}
        result = self.things.update_one({"_id": 1}, update)
        self.assertEqual((result.matched_count, result.modified_count), (1, 1))
        found = self.things.find_one({"_id": 1})
        self.assertEqual(found, {"_id": 1, "n": 3, "wide": 6, "list": [1, 2, 3], "a": {"b": 1}})
        self.assertIsInstance(found["wide"], Int64)
        result = self.things.update_one({"_id": 1}, {"$set": {"n": 3}})
        self.assertEqual((result.matched_count, result.modified_count), (1, 0))
        self.things.replace_one({"n": 3}, {"x": 1})
        self.assertEqual(self.things.find_one({}), {"_id": 1, "x": 1})
        with self.assertRaises(WriteError) as raised:
            self.things.update_one({"_id": 1}, {"$set": {"_id": 2}})
        self.assertEqual(raised.exception.code, 66)

    def test_upserts(self) -> None:
        update = {"$set": {"n": 1}, "$setOnInsert": {"made": True}}
        first = self.things.update_one({"key": "k", "kind": {"$eq": 2}}, update, upsert=True)
        self.assertIsInstance(first.upserted_id, ObjectId)
        again = self.things.update_one({"key": "k", "kind": {"$eq": 2}}, update, upsert=True)
        self.assertEqual((again.upserted_id, again.matched_count), (None, 1))
        self.assertEqual(self.things.find_one({}, {"_id": 0}), {"key": "k", "kind": 2, "n": 1, "made": True})
        self.assertEqual(self.things.replace_one({"_id": 7}, {"r": 1}, upsert=True).upserted_id, 7)

    def test_many_at_once(self) -> None:
        self.things.insert_many([{"_id": n, "n": n} for n in range(1000)])
        self.assertEqual(self.things.update_many({"n": {"$gte": 500}}, {"$inc": {"n": 1}}).modified_count, 500)
        self.assertEqual(self.things.delete_many({"n": {"$gt": 900}}).deleted_count, 100)
        self.assertEqual(self.things.delete_one({"n": {"$lt": 100}}).deleted_count, 1)
        self.assertEqual(self.things.count_documents({}), 899)
        self.assertEqual(self.things.estimated_document_count(), 899)

    def test_bulk_writes_stop_at_the_first_error_where_they_are_ordered(self) -> None:
        batch = [
            InsertOne({"_id": 1}),
            InsertOne({"_id": 1}),
            InsertOne({"_id": 2}),
            UpdateOne({"_id": 1}, {"$set": {"a": 1}}),
        ]
        with self.assertRaises(BulkWriteError) as raised:
            self.things.bulk_write(batch)
        self.assertEqual([e["index"] for e in raised.exception.details["writeErrors"]], [1])
        self.assertEqual(self.things.count_documents({}), 1)
        self.things.delete_many({})
        with self.assertRaises(BulkWriteError):
            self.things.bulk_write(batch, ordered=False)
        self.assertEqual(list(self.things.find().sort("_id")), [{"_id": 1, "a": 1}, {"_id": 2}])

    def test_find_and_modify(self) -> None:
        self.things.insert_many([{"_id": n, "n": n} for n in range(3)])
        self.assertEqual(self.things.find_one_and_update({}, {"$inc": {"n": 10}}, sort=[("n", -1)]), {"_id": 2, "n": 2})
        after = self.things.find_one_and_update({"_id": 2}, {"$inc": {"n": 1}}, return_document=ReturnDocument.AFTER)
        self.assertEqual(after, {"_id": 2, "n": 13})
        made = self.things.find_one_and_update({"_id": 9}, {"$set": {"n": 0}}, upsert=True, return_document=True)
        self.assertEqual(made, {"_id": 9, "n": 0})
        self.assertEqual(self.things.find_one_and_delete({"_id": 9}), {"_id": 9, "n": 0})
        self.assertIsNone(self.things.find_one_and_delete({"_id": 9}))

    def test_aggregation(self) -> None:
        self.things.insert_many([{"_id": n, "kind": "ab"[n % 2], "n": n, "data": b"x" * 10000} for n in range(10)])
        grouped = [{"$group": {"_id": "$kind", "sum": {"$sum": "$n"}}}, {"$sort": {"_id": 1}}]
        self.assertEqual(list(self.things.aggregate(grouped)), [{"_id": "a", "sum": 20}, {"_id": "b", "sum": 25}])
        facet = [
            {"$match": {"n": {"$gte": 4}}},
            {
                "$facet": {
                    "page": [{"$sort": {"n": -1}}, {"$skip": 1}, {"$limit": 2}, {"$project": {"n": 1}}],
                    "all": [{"$count": "n"}],
                }
            },
        ]
        self.assertEqual(
            list(self.things.aggregate(facet)), [{"page": [{"_id": 8, "n": 8}, {"_id": 7, "n": 7}], "all": [{"n": 6}]}]
        )
        self.assertEqual(list(self.things.aggregate([{"$sortByCount": "$kind"}]))[0]["count"], 5)
        self.assertEqual(sorted(self.things.distinct("kind", {"n": {"$gt": 8}})), ["b"])

    def test_errors_have_the_real_servers_codes(self) -> None:
        self.things.insert_one({"_id": 1})
        table = [
            (lambda: self.database.command("nonsense"), 59),
            (lambda: self.database.command("find", "things", filter={"a": {"$nonsense": 1}}), 2),
            (lambda: self.database.command("insert", "", documents=[{}]), 73),
            (lambda: self.database.command("getMore", 12345, collection="things"), 43),
            (lambda: self.database.command("listDatabases"), 13),
            (lambda: self.things.drop_index("none"), 27),
            (lambda: self.things.create_index([("a", "text")]), 67),
        ]
        for number, (call, code) in enumerate(table):
            with self.subTest(number), self.assertRaises(OperationFailure) as raised:
                call()
            self.assertEqual(raised.exception.code, code, number)
        with self.assertRaises(DuplicateKeyError):
            self.things.insert_one({"_id": 1})

    def test_a_document_of_more_than_16_mib_is_refused(self) -> None:
        self.things.insert_one({"_id": 1, "data": b"x" * (9 << 20)})
        with self.assertRaises(WriteError) as raised:
            # The driver would not send one; an update makes it on the server.
            self.things.update_one({"_id": 1}, {"$set": {"more": b"x" * (8 << 20)}})
        self.assertEqual(raised.exception.code, 10334)
        self.assertNotIn("more", self.things.find_one({"_id": 1}))
