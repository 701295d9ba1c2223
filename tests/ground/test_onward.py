"""An address handed in leads to a page of ours, or nowhere."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.onward import page_of_ours

HOME = "/account/"
KEPT = [
    "/account/sessions",
    "/search?near=Leeds&goal=crown",
    "/clinics/soft-lines",
    "/search?near=%C3%9Cmlaut",
]
REFUSED = [
    "",
    "https://evil.example",
    "http:evil.example",
    "//evil.example",
    "///evil.example",
    "/\t/evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\x00//evil.example",
    "/%09/evil.example",
    "/%2F/evil.example",
    "/%5Cevil.example",
    "javascript:alert(1)",
    "JaVaScRiPt://%0aalert(1)",
    "data:text/html,x",
    "account/sessions",
    "/nowhere",
    "/account/sign-out",  # only takes POST
    "/account/sessions\r\nSet-Cookie: a=b",
    "/account/sessions\u2028",
    "http://localhost/account/sessions",
    "//localhost/account/sessions",
    "/\u2044evil.example",
    "/.evil.example",
    "/@evil.example",
    "https:/evil.example",
    "http://[::1",
    "/" + "a" * 2000,
]


@pytest.fixture(scope="module")
def site(template_data: object) -> Flask:
    from directory.factory import create_app
    from tests.conftest import settings_for

    return create_app(settings_for(template_data))  # type: ignore[arg-type]


@pytest.mark.parametrize("address", KEPT)
def test_a_page_of_ours_is_kept(site: Flask, address: str) -> None:
    with site.app_context():
        assert page_of_ours(address, HOME) == address


@pytest.mark.parametrize("address", REFUSED)
def test_anything_else_leads_home(site: Flask, address: str) -> None:
    with site.app_context():
        assert page_of_ours(address, HOME) == HOME


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("/\\@:.?#%25ac\t\n \x00evil"), max_size=30))
def test_no_spelling_leaves_the_site(site: Flask, tail: str) -> None:
    with site.app_context():
        found = page_of_ours("/" + tail, HOME)
    assert found.startswith("/")
    assert not found.startswith("//")
    assert found.isprintable()
    assert "\\" not in found
