"""Two listings were one place: pictures and results of the one that leads to the other are shown at the other."""

from sqlalchemy import update

from directory.clinics.duplicates import brings
from directory.clinics.membership import have_one_owner
from directory.clinics.models import Clinic
from directory.db import db
from directory.portfolio.models import Picture, ResultSet


@brings
def _bring(closed: Clinic, kept: Clinic) -> None:
    if not have_one_owner(closed, kept):
        return  # whom they show, and by which sign a clinic knows them, is for the eyes of one owner
    db.session.execute(update(Picture).where(Picture.clinic_id == closed.id).values(clinic_id=kept.id))
    db.session.execute(update(ResultSet).where(ResultSet.clinic_id == closed.id).values(clinic_id=kept.id))
