"""What one fault run found: printed as a line of JSON, read by `python -m faults`."""

import json
import sys
import time
from typing import Any, NoReturn


class Outcome:
    """Counts by name, and what must not be, in words."""

    def __init__(self, name: str, database: str) -> None:
        self.name, self.database, self.begun = name, database, time.monotonic()
        self.counts: dict[str, Any] = {}
        self.faults: list[str] = []

    def end(self) -> NoReturn:
        """Print it and leave; status 1 when something was found that must not be."""
        seconds = round(time.monotonic() - self.begun, 1)
        told = {
            "name": self.name,
            "database": self.database,
            **self.counts,
            "seconds": seconds,
            "faults": self.faults[:20],
        }
        print(json.dumps(told))
        sys.exit(1 if self.faults else 0)
