"""Whether a web site is the clinic's own: a mailbox or a tag there proves something only then."""

from sqlalchemy import func, or_, select

from directory.accounts.addresses import domain_of, is_public_host
from directory.clinics.models import ERASED, Clinic
from directory.db import db

# Where anybody gets a page: what stands there proves who has the page, not who runs the clinic.
PLATFORMS = frozenset(
    """
    bark.com booksy.com business.site carrd.co facebook.com fresha.com genbook.com github.io glossgenius.com
    godaddysites.com google.com groupon.com instagram.com jimdosite.com linkedin.com linktr.ee mindbodyonline.com
    myshopify.com phorest.com pinterest.com setmore.com shopify.com sites.google.com square.site squarespace.com
    squareup.com styleseat.com threads.net tiktok.com treatwell.co.uk treatwell.de tripadvisor.com twitter.com
    vagaro.com webnode.com webs.com weebly.com wix.com wixsite.com wordpress.com x.com yell.com yelp.com youtube.com
    """.split()  # noqa: SIM905 (as with the hosts of mailboxes: easier to read)
)
MOST_OTHERS = 1  # two listings of one business happen; a host of three is a platform or a chain


def bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def own_host(clinic: Clinic, host: str = "") -> str:
    """The host of the clinic's site when it is the clinic's own, or that of the organisation above it; "" otherwise."""
    found = bare(host or clinic.website_host)
    if not found or found in PLATFORMS or is_public_host(found):
        return ""
    others = select(func.count()).where(
        Clinic.website_host.in_((found, f"www.{found}")), Clinic.id != clinic.id, Clinic.status != ERASED
    )
    if clinic.organisation_id is not None:
        others = others.where(or_(Clinic.organisation_id.is_(None), Clinic.organisation_id != clinic.organisation_id))
    return found if int(db.session.scalar(others) or 0) <= MOST_OTHERS else ""


def is_at(email: str, host: str) -> bool:
    """Whether the mailbox is at that host; a mailbox at another host under it is not."""
    return bool(host) and domain_of(email) == bare(host) and not is_public_host(bare(host))
