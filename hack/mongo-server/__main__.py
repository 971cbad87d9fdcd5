"""A MongoDB server for tests: the wire protocol with mongomock's queries behind it. Started by hack/mongo."""

from __future__ import annotations

import os
import signal
import ssl
import sys
import threading
import time
from urllib.parse import quote_plus

from authentication.users import Users
from context import Context
from faults import Faults
from listener import listen, serve
from options import Options, parse


def main() -> None:
    options = parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    sys.setswitchinterval(0.001)
    users = Users(subjects=set(options.x509_users))
    if options.user:
        users.add(*options.user)
    tls = _tls(options)
    sock = listen(options.bind, options.port)
    host = options.advertise or options.bind
    address = f"[{host}]" if ":" in host else host
    address += f":{sock.getsockname()[1]}"
    context = Context(options.data, address, users, Faults(options.faults))
    if options.stop_with is not None:
        threading.Thread(target=_stop_with, args=(options.stop_with,), daemon=True).start()
    print(f"export TENSORFLEET_TEST_MONGODB_URI='{_uri(options, address, context.set_name)}'", flush=True)
    serve(sock, context, tls)


def _tls(options: Options) -> ssl.SSLContext | None:
    if options.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.tls_cert, options.tls_key)
    if options.tls_ca is not None:
        context.load_verify_locations(options.tls_ca)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


def _uri(options: Options, address: str, set_name: str) -> str:
    user = ":".join(map(quote_plus, options.user)) + "@" if options.user else ""
    query = f"replicaSet={set_name}" + ("&authSource=admin" if user else "") + ("&tls=true" if options.tls_cert else "")
    return f"mongodb://{user}{address}/?{query}"


def _stop_with(process: int) -> None:
    while os.path.exists(f"/proc/{process}"):
        time.sleep(0.5)
    os._exit(0)


main()
