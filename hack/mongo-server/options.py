"""The command line."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

# NAME:PASSWORD. Not an argument: those are for everybody to see.
USER_VARIABLE = "TENSORFLEET_MONGO_USER"


@dataclass(frozen=True)
class Options:
    bind: str
    port: int
    advertise: str | None
    data: Path | None
    faults: bool
    user: tuple[str, str] | None
    x509_users: list[str]
    tls_cert: Path | None
    tls_key: Path | None
    tls_ca: Path | None
    stop_with: int | None


def parse(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="mongo", description="A MongoDB server for tests; see hack/mongo.")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS")
    parser.add_argument("--port", type=int, default=0, help="0, the default: any that is free")
    parser.add_argument(
        "--advertise", metavar="HOST", help="what drivers are told to connect to, where it is not ADDRESS"
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the data there, for a server that starts again")
    parser.add_argument("--faults", action="store_true", help="allow the commands by which tests order faults")
    parser.add_argument("--user-file", type=Path, metavar="FILE", help=f"holds NAME:PASSWORD; or set {USER_VARIABLE}")
    parser.add_argument("--x509-user", action="append", default=[], metavar="SUBJECT", help="RFC 2253, may be repeated")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE")
    parser.add_argument("--tls-key", type=Path, metavar="FILE")
    parser.add_argument("--tls-ca", type=Path, metavar="FILE", help="the CA of client certificates")
    parser.add_argument("--stop-with", type=int, metavar="PID", help="end when that process does")
    given = parser.parse_args(arguments)
    if (given.tls_cert is None) != (given.tls_key is None):
        parser.error("--tls-cert and --tls-key belong together")
    if given.x509_user and (given.tls_ca is None or given.tls_cert is None):
        parser.error("--x509-user needs --tls-cert, --tls-key and --tls-ca")
    user = given.user_file.read_text().strip() if given.user_file else os.environ.pop(USER_VARIABLE, "")
    name, colon, password = user.partition(":")
    if user and not (name and colon and password):
        parser.error(f"the user has to be NAME:PASSWORD, in --user-file or {USER_VARIABLE}")
    return Options(
        bind=given.bind,
        port=given.port,
        advertise=given.advertise,
        data=given.data,
        faults=given.faults,
        user=(name, password) if user else None,
        x509_users=given.x509_user,
        tls_cert=given.tls_cert,
        tls_key=given.tls_key,
        tls_ca=given.tls_ca,
        stop_with=given.stop_with,
    )
