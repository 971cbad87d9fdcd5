"""Ordered faults, and what drivers make of them."""

from __future__ import annotations

import time

from pymongo.errors import AutoReconnect, ExecutionTimeout, NotPrimaryError, OperationFailure, PyMongoError, WriteError

from tests.support import Server, ServerCase


class FaultTests(ServerCase):
    def test_a_retried_write_counts_once_where_the_answer_was_lost(self) -> None:
        self.things.insert_one({"_id": 0, "n": 0})
        self.order_faults(closeEveryNthWrite=3)
        before = self.statistics()
        for number in range(1, 5):
            self.things.insert_one({"_id": number})
            self.things.update_one({"_id": 0}, {"$inc": {"n": 1}})
            self.things.find_one_and_update({"_id": 0}, {"$inc": {"m": 1}})
        found = self.things.find_one({"_id": 0})
        self.assertEqual((self.things.count_documents({}), found["n"], found["m"]), (5, 4, 4))
        after = self.statistics()
        dropped = after["connectionsDropped"] - before["connectionsDropped"]
        self.assertGreater(dropped, 4)
        self.assertEqual(after["retriesAnswered"] - before["retriesAnswered"], dropped)

    def test_a_retried_write_counts_once_where_the_request_was_lost(self) -> None:
        self.order_faults(closeEveryNthWrite=2, closeWhen="received")
        for number in range(4):
            self.things.insert_one({"_id": number})
        self.assertEqual(self.things.count_documents({}), 4)

    def test_a_write_that_is_not_retryable_sees_the_lost_connection(self) -> None:
        self.order_faults(closeEveryNthWrite=1)
        with self.server.client(retryWrites=False) as client, self.assertRaises(AutoReconnect):
            client[self.database.name].things.insert_one({"_id": 1})
        self.assertEqual(self.things.count_documents({}), 1)

    def test_failures_with_a_retryable_code_are_tried_again_by_the_driver(self) -> None:
        for code in (91, 189, 11600):
            self.order_faults(failEveryNthWrite=2, failCode=code)
            for _ in range(4):
                self.things.insert_one({"code": code})
            self.assertEqual(self.things.count_documents({"code": code}), 4)

    def test_failures_of_another_kind_are_seen(self) -> None:
        self.order_faults(failEveryNthWrite=3, failCode=8000)
        failed = 0
        for number in range(9):
            try:
                self.things.insert_one({"_id": number})
            except OperationFailure as error:
                self.assertEqual(error.code, 8000)
                failed += 1
        self.assertEqual((failed, self.things.count_documents({})), (3, 6))
        self.order_faults(failEveryNthWrite=1, failCode=8000, failAs="statement")
        with self.assertRaises(WriteError):
            self.things.insert_one({})
        self.order_faults(failEveryNthWrite=1, failCode=189, failRetryable=False)
        with self.assertRaises(NotPrimaryError):
            self.things.insert_one({})

    def test_a_slow_server_keeps_time_limits(self) -> None:
        self.order_faults(delayMs=300)
        begin = time.monotonic()
        self.things.find_one({})
        self.assertGreater(time.monotonic() - begin, 0.3)
        with self.assertRaises(ExecutionTimeout):
            list(self.things.find({}).max_time_ms(50))
        self.assertLess(time.monotonic() - begin, 0.6)

    def test_wrong_orders_are_refused(self) -> None:
        for orders in ({"delayMs": "long"}, {"failAs": "loudly"}):
            with self.assertRaises(OperationFailure):
                self.client.admin.command("tensorfleetFaults", 1, **orders)

    def test_a_majority_is_one_member_and_two_are_too_many(self) -> None:
        from pymongo import WriteConcern

        self.things.with_options(write_concern=WriteConcern("majority")).insert_one({})
        with self.assertRaises(PyMongoError):
            self.things.with_options(write_concern=WriteConcern(2)).insert_one({})


class NoFaultTests(ServerCase):
    options = ()

    def test_faults_have_to_be_allowed(self) -> None:
        for command in ("tensorfleetFaults", "tensorfleetStatistics"):
            with self.assertRaises(OperationFailure) as raised:
                self.client.admin.command(command, 1)
            self.assertEqual(raised.exception.code, 13)

    def test_a_second_server_does_not_take_the_port(self) -> None:
        with self.assertRaises(RuntimeError):
            Server("--port", str(self.server.port))
