"""A form as a person meets it: what it holds when it opens, some of it typed anew, sent by its button."""

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


class _Fields(HTMLParser):
    """The fields of the form whose class has `form` in it, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: MultiDict[str, str] = MultiDict()
        self._inside = False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._inside = "form" in (told.get("class") or "").split()
        if not self._inside:
            return
        name, value = told.get("name") or "", told.get("value") or ""
        if tag == "input" and name:
            if told.get("type") not in ("checkbox", "radio") or "checked" in told:
                self.found.add(name, value or ("y" if told.get("type") == "checkbox" else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in told:
            self.found.add(self._select, value)
        elif tag == "textarea":
            self._area = name
            self.found.add(name, "")

    def handle_data(self, data: str) -> None:
        if self._inside and self._area:
            self.found[self._area] = self.found[self._area] + data.removeprefix("\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("form", "select", "textarea"):
            self._inside = self._inside and tag != "form"
            self._select = self._area = ""


def fields_of(page: TestResponse) -> "MultiDict[str, str]":
    """What the page's form would send if nobody touched it."""
    reader = _Fields()
    reader.feed(page.text)
    assert "csrf_token" in reader.found, f"no form on {page.request.path}: {page.status_code}"
    return reader.found


def retyped(page: TestResponse, typed: dict[str, object]) -> "MultiDict[str, str]":
    """The same with some fields typed anew; a list stands for several ticks, None for a field left out."""
    fields = fields_of(page)
    for name, value in typed.items():
        fields.poplist(name)
        if value is not None:
            fields.setlist(name, [str(one) for one in (value if isinstance(value, list) else [value])])
    return fields


def save(browser: FlaskClient, address: str, typed: dict[str, object], *, to: str = "") -> TestResponse:
    """Open the form, type, press its button (or the one that sends it to `to`)."""
    return browser.post(to or address, data=retyped(browser.get(address), typed))
