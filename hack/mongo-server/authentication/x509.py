"""The subject of a client's certificate, which is the name of a user of MONGODB-X509."""

from __future__ import annotations

import ssl

# https://www.rfc-editor.org/rfc/rfc4514#section-3, and the names OpenSSL gives to the others.
_SHORT = {
    "commonName": "CN",
    "localityName": "L",
    "stateOrProvinceName": "ST",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "countryName": "C",
    "streetAddress": "STREET",
    "domainComponent": "DC",
    "userId": "UID",
}


def subject(sock: ssl.SSLSocket) -> str | None:
    """In RFC 2253's notation, the most specific name first; None without a certificate that the CA has signed."""
    certificate = sock.getpeercert()
    if not certificate:
        return None
    names = reversed(certificate.get("subject", ()))
    return ",".join("+".join(f"{_SHORT.get(kind, kind)}={_escaped(value)}" for kind, value in name) for name in names)


def _escaped(value: str) -> str:
    escaped = "".join("\\" + letter if letter in ',+"\\<>;' else letter for letter in value)
    return "\\" + escaped if escaped.startswith(("#", " ")) else escaped
