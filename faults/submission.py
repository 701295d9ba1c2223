"""What the faults send: reports on clinics, the write open to anybody. One form opened, filled in many times."""

import re
import secrets
import time
from collections import Counter
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select

from directory.db import db, writing
from directory.moderation.reports import Report
from directory.strangers import SHORTEST
from faults.sending import Sending
from faults.site import close
from tests import factories

CLINICS = 40
_TOKEN = re.compile(r'name="(csrf_token|opened)"[^>]*value="([^"]+)"')


class Reports:
    """Reports, each by another stranger."""

    what = "reports on clinics"

    def prepare(self, app: Flask, count: int) -> list[Sending]:
        with app.app_context(), writing():
            clinics = [factories.clinic() for _number in range(CLINICS)]
            db.session.commit()
            abouts = [f"clinic:{clinic.public_id}" for clinic in clinics]
        port = app.config["SETTINGS"].port
        host = f"localhost:{port}"
        page = app.test_client().get(f"/report?about={abouts[0]}", headers={"Host": host})
        fields = dict(_TOKEN.findall(page.text))
        cookie = page.headers["Set-Cookie"].split(";")[0]
        close(app)
        time.sleep(SHORTEST + 0.1)  # nobody types faster, says the form
        return [self._thing(number, abouts[number % CLINICS], host, cookie, fields) for number in range(count)]

    def _thing(self, number: int, about: str, host: str, cookie: str, fields: dict[str, str]) -> Sending:
        name = f"report-{number}-{secrets.token_hex(4)}"
        words = {"ground": "facts", "name": "Rita Lund", "email": f"{name}@example.org", "faith": "y"}
        once = secrets.token_urlsafe(16)
        body = urlencode({**fields, **words, "once": once, "text": f"The address is wrong: {name}"})
        headers = {
            "Host": host,
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        }
        return Sending(name, f"/report?about={about}", headers, body)

    def stored(self, app: Flask) -> Counter[str]:
        with app.app_context():
            query = select(Report.email, func.count()).group_by(Report.email).order_by(Report.email)
            found = Counter({email.partition("@")[0]: count for email, count in db.session.execute(query)})
        close(app)
        return found


SENDER = Reports()
