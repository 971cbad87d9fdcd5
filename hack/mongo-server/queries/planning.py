"""Which index finds the documents of a query, and what is left of the query after that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bson import Regex

from storage.index import Index, Key
from storage.ordering import AFTER_ALL, NULL, RANGED, order_key

_RANGES = {"$gt", "$gte", "$lt", "$lte"}
# How many keys of an `$in` are looked up one by one.
_MANY = 1000


@dataclass(frozen=True)
class Plan:
    """Stretches of an index, and the conditions that the index does not answer by itself."""

    index: Index
    stretches: list[tuple[Key, Key]]
    remaining: dict[str, Any]
    # How many of the index's fields have one value only, so that the following ones are in order.
    fixed: int

    def orders(self, order: Mapping[str, Any]) -> int:
        """1 or -1 where reading the index in that direction gives the order; 0 where it has to be sorted."""
        if self.index.multikey or len(self.stretches) != 1:
            return 0
        wanted = [(name, -1 if way in (-1, -1.0) else 1) for name, way in order.items()]
        free = [name for name, _ in wanted if name not in self.index.fields[: self.fixed]]
        ways = {way for name, way in wanted if name in free}
        if free != self.index.fields[self.fixed : self.fixed + len(free)] or len(ways) > 1:
            return 0
        return ways.pop() if ways else 1


def plan(query: Mapping[str, Any], indexes: Iterable[Index]) -> Plan | None:
    """The index that narrows the query most; None where all documents have to be looked at."""
    best: tuple[int, Plan] | None = None
    for index in indexes:
        if index.complete:
            candidate = _by_index(query, index)
            if candidate is not None and (best is None or candidate[0] > best[0]):
                best = candidate
    return best[1] if best else None


def _by_index(query: Mapping[str, Any], index: Index) -> tuple[int, Plan] | None:
    prefixes: list[Key] = [()]
    answered: set[str] = set()
    fixed = 0
    for field in index.fields:
        values = _equal_to(query[field]) if field in query else None
        # That nothing is at a dotted path is more than one thing: the index has one key for all of them.
        if values is not None and "." in field and (NULL,) in values:
            values = None
        if values is None or len(prefixes) * len(values) > _MANY:
            break
        prefixes = [(*prefix, key) for prefix in prefixes for key in values]
        answered.add(field)
        fixed += 1
    score = 2 * fixed
    between = None
    if fixed < len(index.fields):
        field = index.fields[fixed]
        between = _between(query[field]) if field in query else None
        if between is not None:
            answered.add(field)
            score += 1
    if score == 0:
        return None
    low, high = between or ((), (AFTER_ALL,))
    stretches = [(prefix + low, prefix + high) for prefix in prefixes]
    # An array's elements may answer each condition by another one: then the index only suggests.
    remaining = (
        dict(query) if index.multikey else {name: value for name, value in query.items() if name not in answered}
    )
    return score, Plan(index, stretches, remaining, fixed)


def _equal_to(condition: Any) -> list[tuple[Any, ...]] | None:
    """The keys that satisfy a condition of equality; None where it is another kind of condition."""
    if isinstance(condition, Mapping) and any(name.startswith("$") for name in condition):
        if len(condition) != 1:
            return None
        ((operator, value),) = condition.items()
        if operator == "$in" and isinstance(value, list) and all(map(_plain, value)):
            return sorted({order_key(element) for element in value})
        if operator != "$eq":
            return None
        condition = value
    return [order_key(condition)] if _plain(condition) else None


def _plain(value: Any) -> bool:
    return not isinstance(value, (list, Regex)) and not hasattr(value, "pattern")


def _between(condition: Any) -> tuple[Key, Key] | None:
    """The keys within a range of values of one type."""
    if not isinstance(condition, Mapping) or not condition or not set(condition) <= _RANGES:
        return None
    keys = {operator: order_key(value) for operator, value in condition.items()}
    kinds = {key[:-1] for key in keys.values()}
    if len(kinds) != 1 or any(key[0] not in RANGED or len(key) < 2 for key in keys.values()):
        return None
    (kind,) = kinds
    lows: list[Key] = [(kind,)]
    highs: list[Key] = [((*kind[:-1], kind[-1] + 0.5),)]
    for operator, key in keys.items():
        if operator in ("$gt", "$lte"):
            (lows if operator == "$gt" else highs).append((key, AFTER_ALL))
        else:
            (lows if operator == "$gte" else highs).append((key,))
    return max(lows), min(highs)
