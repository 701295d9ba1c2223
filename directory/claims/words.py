"""Claims in plain words: proofs, states, roles at a clinic."""

from flask_babel import lazy_gettext as _l

PROOFS = {
    "letter": _l("A letter to the clinic's address"),
    "licence": _l("A licence, and a mailbox at the clinic's own site"),
    "call": _l("A call to the clinic's number"),
    "tag": _l("A tag on the clinic's own site"),
}
PROOF_MEANS = {
    "letter": _l(
        "We post a code to the address on the page. You type it here within thirty days. The strongest proof."
    ),
    "licence": _l("You name the licence of the premises, or of somebody who works there. A checker compares it."),
    "call": _l("We call the number on the page as it was before you came, and read you a code that you type here."),
    "tag": _l("You put one line into your site, and somebody looks. The weakest proof: it takes a week more."),
}
STATES = {
    "open": _l("Being looked at"),
    "asked": _l("The desk asks you something"),
    "noticed": _l("Approved, takes effect soon"),
    "approved": _l("Approved: the listing is yours"),
    "refused": _l("Refused"),
    "withdrawn": _l("Taken back by you"),
    "lapsed": _l("Ended, because nothing happened for a month"),
}
ROLES = {
    "owner": _l("I own the business"),
    "director": _l("I run it for its owner"),
    "practitioner": _l("I work there and speak for it"),
    "agent": _l("I was asked to look after its listing"),
}
SIDES = {
    "claimant": _l("The claimant"),
    "owner": _l("The owner until now"),
    "contact": _l("The listing's known contact"),
}
