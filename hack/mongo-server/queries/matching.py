"""Whether a document fits a query, by mongomock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bson import Regex

from errors import CommandError


@lru_cache(maxsize=1)
def _filter_applies() -> Any:
    # mongomock takes a third of a second to load: a server is up before that.
    from mongomock.filtering import filter_applies

    return filter_applies


def matches(query: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    if not query:
        return True
    with mongomock_errors():
        return bool(_filter_applies()(query, fields))


class mongomock_errors:
    """Turns mongomock's exceptions into the server's."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is None or isinstance(error, CommandError):
            return
        if isinstance(error, NotImplementedError):
            raise CommandError(238, str(error)) from error
        if isinstance(error, (KeyError, TypeError, ValueError, AttributeError, re.error)) or kind.__module__.startswith(
            ("mongomock", "pymongo", "bson")
        ):
            immutable = 66 if "(immutable)" in str(error) else 2
            raise CommandError(getattr(error, "code", None) or immutable, str(error) or kind.__name__) from error


def for_mongomock(value: Any) -> Any:
    """BSON's regular expressions as Python's, which are what mongomock understands everywhere."""
    if isinstance(value, Regex):
        return value.try_compile()
    if isinstance(value, Mapping):
        return {name: for_mongomock(field) for name, field in value.items()}
    if isinstance(value, list):
        return [for_mongomock(element) for element in value]
    return value
