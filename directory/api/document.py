"""The OpenAPI 3.1 document: made from the shapes in `schema.py` and the vocabulary, never written twice."""

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from directory.api.credential_schema import Credential
from directory.api.export_schema import Dictionary
from directory.api.parameters import (
    CLINIC_PARAMETERS,
    PLACE_PARAMETERS,
    REVIEW_PARAMETERS,
    Parameter,
    slug_parameter,
)
from directory.api.people_schema import Practitioner
from directory.api.schema import (
    SCHEMAS,
    Clinic,
    Places,
    Problem,
    Results,
    Reviews,
)

VERSION = "1.0.0"
_ABOUT = (
    "Clinics that offer scalp micropigmentation, read-only, without a key. Answers about clinics and people carry a "
    "strong ETag: ask again with If-None-Match and get 304 while nothing changed. Fields may be added within v1; those "
    "there stay. Errors are application/problem+json (RFC 9457) and name each field. Distances are on a sphere of "
    "6371.0088 km."
)
_REF = "#/components/schemas/{model}"


def _schemas() -> dict[str, Any]:
    """All shapes by name, as JSON Schema 2020-12."""
    adapters = [
        (shape, "serialization", TypeAdapter(shape)) for shape in (*SCHEMAS, Practitioner, Credential, Dictionary)
    ]
    _, whole = TypeAdapter.json_schemas(adapters, ref_template=_REF)  # type: ignore[arg-type]
    named: dict[str, Any] = whole["$defs"]
    return named


def _answer(words: str, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {kind: {"schema": schema}}}


def _ref(shape: type[Any]) -> dict[str, str]:
    return {"$ref": _REF.format(model=shape.__name__)}


def _problems(*statuses: int) -> dict[str, Any]:
    words = {
        400: "The address cannot be read.",
        404: "There is no such thing here, or it may not be seen.",
        410: "It was erased.",
        414: "The address is too long or has too many parameters.",
        422: "A value was not understood; `errors` says which and why.",
        429: "Too many requests; Retry-After says when to come back.",
    }
    return {str(code): _answer(words[code], "application/problem+json", _ref(Problem)) for code in statuses}


def _get(
    name: str, summary: str, answers: dict[str, Any], parameters: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    responses = {**answers, "304": {"description": "Nothing changed since the ETag that was sent."}}
    return {"get": {"operationId": name, "summary": summary, "parameters": parameters or [], "responses": responses}}


def _json(shape: type[Any], words: str) -> dict[str, Any]:
    return {"200": _answer(words, "application/json", _ref(shape))}


def _listed(parameters: tuple[Parameter, ...]) -> list[dict[str, Any]]:
    return [parameter.described() for parameter in parameters]


def _paths() -> dict[str, Any]:
    moved = {"301": {"description": "It has another address now."}}
    text = {"type": "string"}
    return {
        "/api/v1/clinics": _get(
            "listClinics",
            "Clinics, nearest and fittest first",
            {**_json(Results, "One page of results."), **_problems(400, 414, 422, 429)},
            _listed(CLINIC_PARAMETERS),
        ),
        "/api/v1/clinics/{slug}": _get(
            "getClinic",
            "One clinic",
            {**_json(Clinic, "What is public of it."), **moved, **_problems(404, 410, 429)},
            [slug_parameter()],
        ),
        "/api/v1/clinics/{slug}/reviews": _get(
            "listReviews",
            "The reviews of one clinic that readers see",
            {**_json(Reviews, "One page of them."), **moved, **_problems(400, 404, 410, 414, 422, 429)},
            [slug_parameter(), *_listed(REVIEW_PARAMETERS)],
        ),
        "/api/v1/practitioners/{slug}": _get(
            "getPractitioner",
            "One practitioner",
            {**_json(Practitioner, "What clinics say of the person."), **_problems(404, 410, 429)},
            [slug_parameter()],
        ),
        "/api/v1/credentials/{public_id}": _get(
            "getCredential",
            "One credential: what was checked, how, when, and how strong it is now",
            {**_json(Credential, "The public facts of its card."), **_problems(404, 429)},
            [{"name": "public_id", "in": "path", "required": True, "schema": text}],
        ),
        "/api/v1/places": _get(
            "findPlaces",
            "What a place name, postal code or pair of coordinates means",
            {**_json(Places, "Readings, best first."), **_problems(400, 414, 422, 429)},
            _listed(PLACE_PARAMETERS),
        ),
        "/api/v1/export/clinics.csv": _get(
            "exportCsv",
            "Open data: all clinics as CSV, made each night",
            {"200": _answer("UTF-8, comma, one header line.", "text/csv", text), **_problems(429)},
        ),
        "/api/v1/export/clinics.jsonl": _get(
            "exportJsonLines",
            "Open data: all clinics, one JSON object a line, made each night",
            {"200": _answer("UTF-8.", "application/x-ndjson", text), **_problems(429)},
        ),
        "/api/v1/export/dictionary.json": _get(
            "exportDictionary",
            "What the columns of the open data mean",
            {**_json(Dictionary, "The columns in order."), **_problems(429)},
        ),
    }


@lru_cache(maxsize=4)
def openapi(site_name: str, base_url: str) -> dict[str, Any]:
    """The whole document for a site of that name at that address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{site_name} API", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": base_url}],
        "paths": _paths(),
        "components": {"schemas": _schemas()},
    }
