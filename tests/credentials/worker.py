"""A web worker for tests: for each line on standard input, what every public page says of one credential, as JSON.

A line holds the slug of a clinic, a space and the public id of a credential.
"""

import json
import re
import sys

from directory.factory import create_app

SURFACES = ("page", "card", "search", "badge", "api", "clinic api", "results api")


def main() -> None:
    client = create_app().test_client()
    held: dict[str, str] = {}  # what a cache in front would hold: asked again with the tag it was given

    def get(path: str) -> str:
        answer = client.get(path, headers={"If-None-Match": held.get(path + " tag", "")})
        if answer.status_code == 200:
            held[path], held[path + " tag"] = answer.text, answer.headers.get("ETag", "")
        return held[path]

    for line in sys.stdin:
        slug, public_id = line.split()
        found = json.loads(get("/api/v1/clinics?near=Leeds"))["results"]
        strengths = {one["slug"]: one["credential_strength"] for one in found}
        told = (
            re.search(r"answer-text\"><a [^>]*>(Found in register|Register re-checked)<", get(f"/clinics/{slug}")),
            re.search(r"<title>[^<]* held: ", get(f"/credentials/{public_id}")) is None,
            slug in get("/search?near=Leeds&credential=3").partition("<main")[2].partition("</main")[0],
            "No current credential" not in get(f"/badges/{slug}.svg"),
            json.loads(get(f"/api/v1/credentials/{public_id}"))["strength"],
            json.loads(get(f"/api/v1/clinics/{slug}"))["credential_strength"],
            strengths.get(slug),
        )
        print(json.dumps([name for name, there in zip(SURFACES, told, strict=True) if there]), flush=True)


if __name__ == "__main__":
    main()
