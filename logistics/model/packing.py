"""Facts as bytes for another process, and back."""

from __future__ import annotations

import pickle
from io import BytesIO
from types import MappingProxyType
from typing import Any


def packed(facts: object) -> bytes:
    """Facts as bytes, for a worker process of this same program."""
    buffer = BytesIO()
    _FactPickler(buffer).dump(facts)
    return buffer.getvalue()


def unpacked(content: bytes) -> Any:
    """Facts back from what `packed` made; never for bytes from outside the program."""
    return pickle.loads(content)


class _FactPickler(pickle.Pickler):
    """Pickles facts: read-only mappings, which pickle does not know, go as the dicts they wrap."""

    def reducer_override(self, obj: Any) -> Any:
        """How an object is rebuilt in the other process."""
        if isinstance(obj, MappingProxyType):
            return _read_only, (dict(obj),)
        return NotImplemented


def _read_only(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """What a pickled read-only mapping is rebuilt by: the type itself has no importable name."""
    return MappingProxyType(content)
