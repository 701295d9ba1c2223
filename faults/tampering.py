"""Six kinds of tampering with every row of a chain; the verifier must name each: `python -m faults.tampering 1000`."""

import sys

from directory.ledger import verify
from faults.outcome import Outcome
from faults.site import a_site, close
from tests import chains


def main(rows: int) -> None:
    outcome = Outcome("six kinds of tampering with each row", "sqlite")
    with a_site("sqlite") as (site, _cluster):
        app = site.app()
        chains.append(app, rows, each=50)
        chain = chains.read(app)
        close(app)
    tried = named = 0
    for kind, tamper in chains.SIX_KINDS.items():
        for at, row in enumerate(chain):
            fault = verify(tamper(chain, at), expected_head=chain[-1].hash)
            tried += 1
            if fault is not None and abs(fault.seq - row.seq) <= 1:
                named += 1
            else:
                outcome.faults.append(f"{kind} at row {row.seq}: {fault}")
    outcome.counts = {"rows": rows, "tried": tried, "named": named}
    outcome.end()


if __name__ == "__main__":
    main(int(sys.argv[1]))
