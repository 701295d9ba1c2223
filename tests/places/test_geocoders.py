"""An online geocoder behind a real HTTP server on this machine: asked politely, and never trusted to be there."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from directory.places.geocoders import BadGeocoderAddress, OnlineGeocoder, from_address

NOMINATIM = [{
    "lat": "51.501", "lon": "-0.142", "display_name": "Buckingham Palace, London", "importance": 1,
    "address": {"name": "Buckingham Palace", "city": "London", "state": "England", "country_code": "gb"},
}]  # fmt: skip
PHOTON = {"type": "FeatureCollection", "features": [{
    "type": "Feature", "geometry": {"type": "Point", "coordinates": [13.41, 52.52]},
    "properties": {"name": "Alexanderplatz", "state": "Berlin", "countrycode": "DE"},
}]}  # fmt: skip


class Service(ThreadingHTTPServer):
    """Answers like Nominatim at /search and like Photon at /api, or fails as told."""

    answer: object = None
    status = 200
    delay_s = 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up on a slow answer is what one of the tests is about."""


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        time.sleep(self.server.delay_s)
        parts = urlsplit(self.path)
        self.server.asked.append((parse_qs(parts.query)["q"][0], self.headers["User-Agent"]))
        body = self.server.answer
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def geocoder(service: Service, software: str = "nominatim", timeout_s: float = 3.0) -> OnlineGeocoder:
    address = f"{software}+http://127.0.0.1:{service.server_port}/"
    return OnlineGeocoder(address, user_agent="Hairline tests", timeout_s=timeout_s)


def test_nominatim(service: Service) -> None:
    service.answer = NOMINATIM
    place = geocoder(service).find("Buckingham Palace")
    assert place is not None
    assert (place.label, place.lat, place.lon) == ("Buckingham Palace, England, United Kingdom", 51.501, -0.142)
    assert service.asked == [("Buckingham Palace", "Hairline tests")]


def test_photon(service: Service) -> None:
    service.answer = PHOTON
    place = geocoder(service, "photon").find("Alexanderplatz")
    assert place is not None
    assert (place.label, place.country) == ("Alexanderplatz, Berlin, Germany", "DE")


def test_same_question_is_asked_once_and_the_next_waits_its_turn(service: Service) -> None:
    service.answer = NOMINATIM
    online = geocoder(service)
    assert online.find("Buckingham Palace") == online.find("buckingham  PALACE")
    assert online.find("Somewhere else") is None
    assert len(service.asked) == 1


def test_unknown_is_remembered(service: Service) -> None:
    service.answer = []
    online = geocoder(service)
    assert online.find("Nowhere") is None
    assert online.find("Nowhere") is None
    assert len(service.asked) == 1


@pytest.mark.parametrize(("status", "answer"), [
    (500, b"broken"), (429, b"slow down"), (403, b"no"), (200, b"<html>not json"), (200, {"error": "what"}),
    (200, [{"lat": "x", "lon": "y"}]), (200, [{"lat": "95", "lon": "200", "address": {"country_code": "gb"}}]),
    (200, [{"lat": "51", "lon": "0"}]),
])  # fmt: skip
def test_nonsense_is_no_answer(service: Service, status: int, answer: object) -> None:
    service.status, service.answer = status, answer
    assert geocoder(service).find("Leeds") is None


def test_slow_service_is_left_behind_and_then_alone(service: Service) -> None:
    service.answer, service.delay_s = NOMINATIM, 1.0
    online = geocoder(service, timeout_s=0.2)
    started = time.monotonic()
    assert online.find("Leeds") is None
    assert online.find("York") is None
    assert time.monotonic() - started < 0.9


def test_no_service_at_all() -> None:
    assert OnlineGeocoder("nominatim+http://127.0.0.1:9/", user_agent="Hairline tests").find("Leeds") is None


@pytest.mark.parametrize(
    "address", ["https://host/", "nominatim://host/", "bing+https://host/", "nominatim+ftp://h/", "photon+https://"]
)
def test_bad_addresses_are_refused(address: str) -> None:
    with pytest.raises(BadGeocoderAddress):
        from_address(address, user_agent="x")


def test_empty_setting_means_none() -> None:
    assert from_address("", user_agent="x") is None
    assert from_address(None, user_agent="x") is None


def test_failing_service_is_left_alone_for_a_while(service: Service) -> None:
    service.status, service.answer = 503, b"busy"
    online = geocoder(service, "photon")
    assert online.find("Leeds") is None
    time.sleep(0.3)  # past the pause between two questions
    service.status, service.answer = 200, PHOTON
    assert online.find("Leeds") is None
    assert len(service.asked) == 1
