"""What was made lately and can be given again, by key; the longest unused goes first."""

from collections import OrderedDict
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import current_app

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """At most `size` values. Thread-safe; keys must say everything that a value was made from."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: OrderedDict[object, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object) -> Value | None:
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: object, value: Value) -> None:
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self._size:
                self._held.popitem(last=False)


def kept_here(name: str, size: int) -> Kept[Any]:
    """What this application keeps under a name: two applications in one process may be on different databases."""
    kept: Kept[Any] = current_app.extensions.setdefault(f"kept:{name}", Kept(size))
    return kept
