"""A web worker for tests: answers each line on standard input with the names it finds around Leeds, as JSON."""

import json
import sys

from directory.factory import create_app


def main() -> None:
    client = create_app().test_client()
    for _line in sys.stdin:
        pins = client.get("/search/pins.json?near=53.8,-1.55&radius=50").get_json()["pins"]
        print(json.dumps(sorted(pin["name"] for pin in pins)), flush=True)


if __name__ == "__main__":
    main()
