"""What of a document a query brings back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from errors import CommandError
from storage.document import Document


def project(document: Document, projection: Mapping[str, Any]) -> dict[str, Any]:
    """Inclusion or exclusion of fields, dotted ones too. Computed fields are left to `aggregate`."""
    for name, value in projection.items():
        if not isinstance(value, (bool, int, float)) or name.startswith("$") or ".$" in name:
            raise CommandError(238, f"this server does not know the projection {{{name}: {value}}}")
    ways = {bool(value) for name, value in projection.items() if name != "_id"}
    if len(ways) > 1:
        raise CommandError(31254, "Cannot do exclusion and inclusion in one projection")
    including = ways.pop() if ways else bool(projection.get("_id", False))
    tree = _tree(projection)
    if not including:
        left: dict[str, Any] = _without(document.fields, tree)
        return left
    if projection.get("_id", True):
        tree["_id"] = {}
    else:
        tree.pop("_id", None)
    chosen: dict[str, Any] = _only(document.some(list(tree)), tree)
    return chosen


def _tree(projection: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in projection.items():
        if name == "_id" and value:
            continue
        node = tree
        for part in name.split("."):
            node = node.setdefault(part, {})
    return tree


def _only(value: Any, tree: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_only(element, tree) for element in value if isinstance(element, (Mapping, list))]
    return {
        name: _only(field, tree[name]) if tree[name] else field
        for name, field in value.items()
        if name in tree and (not tree[name] or isinstance(field, (Mapping, list)))
    }


def _without(value: Any, tree: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_without(element, tree) for element in value]
    if not isinstance(value, Mapping):
        return value
    return {
        name: _without(field, tree[name]) if name in tree else field
        for name, field in value.items()
        if name not in tree or tree[name]
    }
