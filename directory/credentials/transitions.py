"""The life of a credential as one literal table: what may follow what, and which act leads there.

Expired and expiring are no states: they follow from the date whenever somebody looks (see `credentials.levels`).
"""

STATUSES = (
    "draft",
    "submitted",
    "in_review",
    "needs_info",
    "verified_document",
    "verified_primary",
    "rejected",
    "suspended",
    "revoked",
    "withdrawn",
    "disputed",
    "superseded",
    "unverifiable",
)
# Before anybody checked anything there is no check to rest on.
UNCHECKED = ("draft", "submitted")
VERIFIED = ("verified_document", "verified_primary")
# Whose number nobody else may hold: it stands for its holder, whatever was said of it later.
STANDING = (*VERIFIED, "suspended", "disputed")
# Never shown to the public: not handed in, did not hold, or taken back. What waits for a check shows as self-declared.
HIDDEN = ("draft", "rejected", "withdrawn")

TRANSITIONS = {
    ("draft", "submitted"),  # the holder hands it in
    ("draft", "withdrawn"),
    ("submitted", "in_review"),  # a checker opens it
    ("submitted", "needs_info"),
    ("submitted", "verified_document"),
    ("submitted", "verified_primary"),  # the register or a signed badge speaks for itself
    ("submitted", "rejected"),
    ("submitted", "withdrawn"),
    ("submitted", "unverifiable"),
    ("in_review", "needs_info"),
    ("in_review", "verified_document"),
    ("in_review", "verified_primary"),
    ("in_review", "rejected"),
    ("in_review", "withdrawn"),
    ("in_review", "unverifiable"),  # the issuer is gone, or keeps no register
    ("needs_info", "in_review"),  # the holder answers
    ("needs_info", "rejected"),
    ("needs_info", "withdrawn"),
    ("verified_document", "verified_document"),  # checked again
    ("verified_document", "verified_primary"),
    ("verified_primary", "verified_document"),  # the register no longer speaks for it, the paper still does
    ("verified_primary", "verified_primary"),
    ("verified_document", "suspended"),  # by the issuer; a source and two people
    ("verified_primary", "suspended"),
    ("verified_document", "revoked"),
    ("verified_primary", "revoked"),
    ("suspended", "revoked"),
    ("suspended", "verified_primary"),  # the suspension ended
    ("verified_document", "disputed"),  # an appeal or a report is open
    ("verified_primary", "disputed"),
    ("disputed", "verified_document"),
    ("disputed", "verified_primary"),
    ("disputed", "suspended"),
    ("disputed", "revoked"),
    ("disputed", "rejected"),
    ("verified_document", "withdrawn"),  # the holder takes it back
    ("verified_primary", "withdrawn"),
    ("suspended", "withdrawn"),
    ("disputed", "withdrawn"),
    ("verified_document", "superseded"),  # its renewal was verified
    ("verified_primary", "superseded"),
    ("suspended", "superseded"),
    ("verified_document", "unverifiable"),
    ("verified_primary", "unverifiable"),
    ("unverifiable", "verified_primary"),
    ("unverifiable", "verified_document"),
    ("unverifiable", "withdrawn"),
    ("rejected", "in_review"),  # an appeal brought it back
}
