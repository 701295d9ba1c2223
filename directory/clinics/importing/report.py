"""The row report: one line for each row of the file, and the sums printed at the end."""

import csv
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from directory.clinics.importing.encodings import FileUnusable
from directory.clinics.importing.exporting import guarded
from directory.clinics.importing.writer import ACTIONS, ADDED, FLAGGED, REFUSED, UNCHANGED, UPDATED, Outcome

HEADER = ("line", "action", "reasons", "slug")


class Report:
    """Gathers outcomes; written beside its final place and renamed when complete. No path: sums only.

    JSON (a list of objects) by the ending .json, CSV otherwise.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._first = True
        self.sums: Counter[str] = Counter()
        self.remarks = 0
        self.refusals: list[Outcome] = []

    def __enter__(self) -> "Report":
        if self._path:
            try:
                handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
            except OSError as error:
                raise FileUnusable(f"the report cannot be written to {self._path}: {error.strerror}") from error
            self._temporary = Path(name)
            self._file = os.fdopen(handle, "w", encoding="utf-8", newline="")
            if self._is_json:
                self._file.write("[")
            else:
                csv.writer(self._file).writerow(HEADER)
        return self

    @property
    def _is_json(self) -> bool:
        return self._path is not None and self._path.suffix.lower() == ".json"

    def add(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self.sums[outcome.action] += 1
            self.remarks += bool(outcome.reasons) and outcome.action in {ADDED, UPDATED, UNCHANGED}
            if outcome.action == REFUSED and len(self.refusals) < 10:
                self.refusals.append(outcome)
            if self._file:
                self._write(self._file, outcome)

    def _write(self, file: IO[str], outcome: Outcome) -> None:
        if self._is_json:
            file.write("\n" if self._first else ",\n")
            file.write(json.dumps(outcome._asdict(), ensure_ascii=False))
            self._first = False
        else:
            reasons = guarded("; ".join(outcome.reasons))
            csv.writer(file).writerow([outcome.line, outcome.action, reasons, outcome.slug])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._file or not self._path:
            return
        if self._is_json:
            self._file.write("\n]\n")
        self._file.close()
        if kind is None:
            os.chmod(self._temporary, 0o644)
            os.replace(self._temporary, self._path)
        else:
            self._temporary.unlink(missing_ok=True)

    def summary(self, *, vanished: int) -> list[str]:
        """Lines for the operator: sums, the first refusals, what to do about duplicates."""
        rows = sum(self.sums[action] for action in ACTIONS if action != FLAGGED)
        counted = ", ".join(f"{self.sums[action]:,} {action}" for action in (ADDED, UPDATED, UNCHANGED, REFUSED))
        lines = [f"Rows: {rows:,} ({counted})."]
        if self.remarks:
            advice = "" if self._path else "; --report FILE writes them down"
            lines.append(f"Rows with remarks: {self.remarks:,}{advice}.")
        lines += [f"  line {outcome.line}: {'; '.join(outcome.reasons)}" for outcome in self.refusals]
        if self.sums[REFUSED] > len(self.refusals):
            lines.append(f"  … and {self.sums[REFUSED] - len(self.refusals):,} more refused rows.")
        if vanished:
            lines.append(f"Of this source but not in the file any more: {vanished:,}; they stay listed.")
        if self.sums[FLAGGED]:
            lines.append(f"Pairs that may be the same place: {self.sums[FLAGGED]:,}; see `clinics duplicates list`.")
        return lines
