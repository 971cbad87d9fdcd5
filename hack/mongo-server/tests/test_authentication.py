"""Passwords, certificates and TLS."""

from __future__ import annotations

import subprocess
import tempfile
import unittest
from pathlib import Path
from urllib.parse import quote_plus

from pymongo.errors import OperationFailure, ServerSelectionTimeoutError

from tests.support import FOLDER, PASSWORD, Server

SUBJECT = "CN=worker,OU=training,O=fleet.test"


class PasswordTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server(user=f"fleet:{PASSWORD}")
        cls.addClassCleanup(cls.server.kill)

    def uri(self, name: str, password: str, options: str = "") -> str:
        return f"mongodb://{quote_plus(name)}:{quote_plus(password)}@{self.server.address}/?{options}"

    def test_the_right_password_is_let_in(self) -> None:
        uris = (
            self.server.uri,
            self.uri("fleet", PASSWORD),
            self.uri("fleet", PASSWORD, "authMechanism=SCRAM-SHA-256"),
        )
        for uri in uris:
            with self.server.client(uri) as client:
                client.test.things.insert_one({})
                status = client.admin.command("connectionStatus")
                self.assertEqual(status["authInfo"]["authenticatedUsers"], [{"user": "fleet", "db": "admin"}])

    def test_others_are_not(self) -> None:
        table = [
            (self.uri("fleet", "wrong"), 18),
            (self.uri("nobody", PASSWORD), 18),
            (self.uri("fleet", PASSWORD, "authSource=other"), 18),
            (self.uri("fleet", PASSWORD, "authMechanism=SCRAM-SHA-1"), 334),
            (f"mongodb://{self.server.address}/", 13),
        ]
        for uri, code in table:
            with self.subTest(uri), self.server.client(uri) as client, self.assertRaises(OperationFailure) as raised:
                client.test.things.insert_one({})
            self.assertEqual(raised.exception.code, code, uri)
        with self.server.client(f"mongodb://{self.server.address}/") as client:
            client.test.command("ping")  # as the real server: it says nothing about the data
        self.assertNotIn("wrong", str(raised.exception))

    def test_a_password_is_no_argument_and_in_no_log(self) -> None:
        arguments = Path(f"/proc/{self.server.process}/cmdline").read_bytes()
        self.assertNotIn(PASSWORD.encode(), arguments)


class CertificateTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="tensorfleet-mongo-test.")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        subprocess.run([str(FOLDER.parent / "mongo"), "--certificates", cls.folder], check=True)
        cls.server = cls.started("server", "--x509-user", SUBJECT, "--tls-ca", f"{cls.folder}/ca.pem")

    @classmethod
    def started(cls, certificate: str, *options: str) -> Server:
        files = ("--tls-cert", f"{cls.folder}/{certificate}.pem", "--tls-key", f"{cls.folder}/{certificate}.key")
        server = Server(*files, *options)
        cls.addClassCleanup(server.kill)
        return server

    def uri(self, options: str, server: Server | None = None, ca: str = "ca") -> str:
        return f"{(server or self.server).uri}&tlsCAFile={self.folder}/{ca}.pem{options}"

    def x509(self, certificate: str) -> str:
        return f"&authMechanism=MONGODB-X509&authSource=$external&tlsCertificateKeyFile={self.folder}/{certificate}.pem"

    def test_a_client_is_known_by_its_certificate(self) -> None:
        with self.server.client(self.uri(self.x509("client"))) as client:
            client.test.things.insert_one({"data": b"x" * 3_000_000})
            self.assertEqual(len(client.test.things.find_one()["data"]), 3_000_000)
            users = client.admin.command("connectionStatus")["authInfo"]["authenticatedUsers"]
        self.assertEqual(users, [{"user": SUBJECT, "db": "$external"}])

    def test_a_certificate_of_another_authority_is_refused(self) -> None:
        with self.server.client(self.uri(self.x509("stranger")), serverSelectionTimeoutMS=1000) as client:
            with self.assertRaises(ServerSelectionTimeoutError):
                client.test.things.insert_one({})

    def test_without_a_certificate_nobody_is_known(self) -> None:
        with self.server.client(self.uri("")) as client, self.assertRaises(OperationFailure) as raised:
            client.test.things.insert_one({})
        self.assertEqual(raised.exception.code, 13)

    def test_a_server_has_to_fit_its_certificate(self) -> None:
        cases = [(self.started(name), "ca") for name in ("expired", "other-host")] + [(self.server, "other-ca")]
        for server, ca in cases:
            with server.client(self.uri("", server, ca), serverSelectionTimeoutMS=1000) as client:
                with self.assertRaises(ServerSelectionTimeoutError) as raised:
                    client.test.command("ping")
                self.assertIn("certificate", str(raised.exception))
