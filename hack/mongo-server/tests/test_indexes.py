"""Indexes: what they forbid, and that queries answer the same with them."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pymongo.errors import DuplicateKeyError, OperationFailure

from tests.support import ServerCase


class IndexTests(ServerCase):
    def test_a_duplicate_key_names_the_index(self) -> None:
        self.things.create_index([("name", 1), ("number", 1)], unique=True)
        self.things.insert_one({"name": "m", "number": 1})
        self.things.insert_one({"name": "m", "number": 2})
        with self.assertRaises(DuplicateKeyError) as raised:
            self.things.insert_one({"name": "m", "number": 1})
        details = raised.exception.details
        self.assertEqual(details["code"], 11000)
        self.assertEqual(details["keyPattern"], {"name": 1, "number": 1})
        self.assertEqual(details["keyValue"], {"name": "m", "number": 1})
        with self.assertRaises(DuplicateKeyError):
            self.things.update_one({"number": 2}, {"$set": {"number": 1}})
        self.things.update_one({"number": 2}, {"$set": {"other": 1}})
        self.things.delete_one({"number": 1})
        self.things.insert_one({"name": "m", "number": 1})

    def test_a_partial_index_binds_only_what_it_holds(self) -> None:
        self.things.create_index("run", unique=True, partialFilterExpression={"run": {"$exists": True}})
        self.things.insert_many([{}, {}, {"run": 1}])
        with self.assertRaises(DuplicateKeyError):
            self.things.insert_one({"run": 1})

    def test_an_array_is_held_by_each_element(self) -> None:
        self.things.create_index("tags", unique=True)
        self.things.insert_one({"tags": ["a", "b"]})
        with self.assertRaises(DuplicateKeyError):
            self.things.insert_one({"tags": ["c", "b"]})

    def test_fifty_writers_at_once_make_versions_without_gap_or_double(self) -> None:
        self.things.create_index([("name", 1), ("number", 1)], unique=True)

        def register(_: int) -> int:
            while True:
                newest = self.things.find_one({"name": "m"}, sort=[("number", -1)])
                number = newest["number"] + 1 if newest else 1
                try:
                    self.things.insert_one({"name": "m", "number": number})
                    return number
                except DuplicateKeyError:
                    time.sleep(random.random() / 100)

        with ThreadPoolExecutor(50) as pool:
            numbers = sorted(pool.map(register, range(50)))
        self.assertEqual(numbers, list(range(1, 51)))

    def test_making_indexes_is_idempotent_and_conflicts_are_said(self) -> None:
        for _ in range(2):
            self.things.create_index([("a", 1)], name="one")
        self.assertEqual(sorted(self.things.index_information()), ["_id_", "one"])
        for arguments in ({"keys": [("b", 1)], "name": "one"}, {"keys": [("a", 1)], "name": "one", "unique": True}):
            with self.assertRaises(OperationFailure) as raised:
                self.things.create_index(**arguments)
            self.assertEqual(raised.exception.code, 86)
        self.things.insert_many([{"b": 1}, {"b": 1}])
        with self.assertRaises(DuplicateKeyError):
            self.things.create_index("b", unique=True)
        self.assertNotIn("b_1", self.things.index_information())

    def test_random_queries_answer_the_same_with_and_without_indexes(self) -> None:
        seed = random.randrange(1 << 32)
        dice = random.Random(seed)
        values: list[Any] = [None, 1, 2, 2.5, "a", "b", [1, 2], [], {"x": 1}, float("nan")]
        plain, indexed = self.database.plain, self.database.indexed
        for keys in ([("a", 1)], [("a", 1), ("b", -1)], [("b", 1), ("a", 1)], [("c.x", 1)]):
            indexed.create_index(keys)
        for number in range(120):
            document = {"_id": number, **{name: dice.choice(values) for name in "abc" if dice.random() < 0.8}}
            plain.insert_one(document)
            indexed.insert_one(document)
        for number in range(0, 120, 7):
            change = {"$set": {dice.choice("ab"): dice.choice(values)}}
            plain.update_one({"_id": number}, change)
            indexed.update_one({"_id": number}, change)
        comparable = [1, 2, 2.5, "a", "b", None]
        for _ in range(150):
            query: dict[str, Any] = {}
            for name in ("a", "b", "c.x"):
                if dice.random() < 0.6:
                    operator = dice.choice(["$eq", "$gt", "$gte", "$lt", "$lte", "$in"])
                    value = dice.choice(comparable[:-1] if operator not in ("$eq", "$in") else comparable)
                    query[name] = {operator: [value, 2] if operator == "$in" else value}
            order = dice.choice([None, [("_id", 1)], [("a", 1), ("_id", 1)], [("b", -1), ("a", -1), ("_id", 1)]])
            found = []
            for collection in (plain, indexed):
                cursor = collection.find(query, {"_id": 1})
                found.append([d["_id"] for d in (cursor.sort(order) if order else cursor)])
            if order is None:
                found = [sorted(numbers) for numbers in found]
            self.assertEqual(*found, f"seed {seed}, query {query}, order {order}")
