"""What happens to clinics' desks with no visitor."""

from directory.clinics.colleagues import drop_old
from directory.db import db, writing


def drop_links() -> str:
    """Links to desks whose time is over go, with the addresses they were sent to."""
    with writing():
        gone = drop_old()
        db.session.commit()
    return f"deleted {gone} links"
