"""Names by SRV and TXT records. Run by `hack/mongo --self-test` within `hack/mongo --srv`, which provides them."""

from __future__ import annotations

import os
import unittest

from pymongo import MongoClient
from pymongo.errors import ConfigurationError, OperationFailure, ServerSelectionTimeoutError

URI = os.environ["TENSORFLEET_TEST_MONGODB_SRV_URI"]
CERTIFICATES = os.environ["TENSORFLEET_TEST_MONGODB_CERTIFICATES"]


class NameTests(unittest.TestCase):
    def ping(self, uri: str) -> None:
        with MongoClient(uri, serverSelectionTimeoutMS=3000) as client:
            client.test.command("listCollections")

    def test_the_server_is_found_by_its_records(self) -> None:
        with MongoClient(URI, serverSelectionTimeoutMS=5000) as client:
            client.test.command("listCollections")
            self.assertEqual([host for host, _ in client.nodes], ["db1.fleet.test"])
            self.assertEqual(client.options.replica_set_name, "rs0")

    def test_without_srv_it_is_the_same_server(self) -> None:
        self.ping(os.environ["TENSORFLEET_TEST_MONGODB_URI"])

    def test_a_certificate_is_a_user(self) -> None:
        options = (
            f"tlsCAFile={CERTIFICATES}/ca.pem&tlsCertificateKeyFile={CERTIFICATES}/client.pem&authSource=$external"
        )
        self.ping(f"mongodb+srv://cluster.fleet.test/?authMechanism=MONGODB-X509&{options}")

    def test_wrong_records_and_wrong_passwords_are_refused(self) -> None:
        for name in ("outside", "greedy", "absent"):
            with self.subTest(name), self.assertRaises(ConfigurationError):
                self.ping(URI.replace("cluster", name))
        with self.assertRaises(OperationFailure):
            self.ping(URI.replace("fleet:", "fleet:not"))
        with self.assertRaises(ServerSelectionTimeoutError):
            self.ping(URI.replace("/ca.pem", "/other-ca.pem"))


if __name__ == "__main__":
    unittest.main()
