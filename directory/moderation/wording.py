"""The record in plain words: what the keys of an act, a role and a kind of thing mean to a reader.

A key that has no words yet is shown as it is: the record may never hide a row because its words are missing.
"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from directory.moderation.grounds import CLINIC_GROUNDS, GROUNDS
from directory.moderation.rules import FINDING, RULES, rule_of

NOUNS = {
    "review": _l("Review"),
    "stage": _l("Part of a review"),
    "photo": _l("Photo of a review"),
    "reply": _l("Reply of a clinic"),
    "result": _l("Result shown by a clinic"),
    "picture": _l("Picture of a clinic"),
    "report": _l("Report"),
    "legal_notice": _l("Legal notice"),
    "appeal": _l("Appeal"),
    "suspicion": _l("Suspicion"),
    "dispute": _l("Dispute of a clinic"),
    "duplicate": _l("Listing imported twice"),
    "credential": _l("Credential"),
    "inspection": _l("Inspection by an authority"),
    "sanction": _l("Measure of an authority"),
    "page_request": _l("Request to link a page with an account"),
    "many_looks": _l("Many looks at documents"),
    "checker": _l("A checker of credentials"),
    "evidence": _l("Document handed in confidence"),
    "practitioner": _l("Practitioner"),
    "claim": _l("Claim to a listing"),
    "change": _l("Change of a clinic"),
    "tie": _l("Tie of somebody at the desk to a clinic"),
    "register_load": _l("List of a register"),
    "register_change": _l("Change in a register"),
    "clinic": _l("Clinic"),
    "role": _l("Role of this site"),
    "case": _l("Case"),
    "ledger": _l("The record itself"),
    "receipt": _l("Receipt of something sent in"),
    "consultation": _l("Request for a consultation"),
    "alert": _l("Alert on a clinic"),
    "engagement": _l("Who works where"),
    "membership": _l("Right at a clinic's desk"),
    "ownership": _l("Ownership of a listing"),
    "organisation": _l("Clinics under one name"),
}
VERBS = {
    "publish": _l("published"),
    "publish_with_note": _l("published with a note"),
    "publish_part": _l("published, but for some pictures"),
    "declared": _l("declared"),
    "taken_back": _l("taken back"),
    "refuse": _l("not published"),
    "remove": _l("taken down"),
    "redact": _l("shown without one part"),
    "ask_edit": _l("sent back to its author for a change"),
    "keep": _l("kept as it is"),
    "keep_disputed": _l("kept, marked as disputed"),
    "set_aside": _l("shown, no longer counted"),
    "count_again": _l("counted again"),
    "clear": _l("found to be in order"),
    "uphold": _l("the decision stands"),
    "reverse": _l("the decision is reversed"),
    "upheld": _l("the decision stands"),
    "reversed": _l("the decision is reversed"),
    "approve": _l("approved"),
    "noticed": _l("approved, takes effect after a week's notice"),
    "approved": _l("the listing was taken over"),
    "objected": _l("the known contact objected"),
    "proven": _l("the proof was shown"),
    "printed": _l("a letter with a code was printed"),
    "called": _l("the number published before was called"),
    "mail_confirmed": _l("a mailbox at the clinic's site was confirmed"),
    "posted": _l("the letter was posted"),
    "ask": _l("its claimant is asked"),
    "leave": _l("it stays with whoever claimed it"),
    "take_away": _l("the listing was taken back"),
    "confirm": _l("found to be so"),
    "put_back": _l("put back as it was"),
    "confirmed": _l("found to be so"),
    "undone": _l("taken back by the clinic"),
    "name": _l("another name"),
    "address": _l("another address"),
    "owner": _l("another owner"),
    "verify": _l("checked"),
    "revoke": _l("revoked"),
    "withdraw": _l("withdrawn"),
    "withdrawn": _l("withdrawn"),
    "erased": _l("erased at its author's wish"),
    "submitted": _l("sent in"),
    "taken_up": _l("taken up by a checker"),
    "verified": _l("checked, and it holds"),
    "contradicted": _l("not found as it was"),
    "answered": _l("the holder answered"),
    "refused": _l("could not be confirmed"),
    "reopened": _l("back at the desk"),
    "again": _l("looked at again"),
    "suspended": _l("suspended by its issuer"),
    "disputed": _l("disputed"),
    "given_up": _l("cannot be checked"),
    "superseded": _l("replaced by its renewal"),
    "entered": _l("entered from its source"),
    "show": _l("to be shown"),
    "drop": _l("not to be shown"),
    "shown": _l("shown from now on"),
    "dropped": _l("not shown"),
    "alarm": _l("put before a lead"),
    "link": _l("linked with the account"),
    "seen": _l("looked at"),
    "destroyed": _l("destroyed"),
    "invited": _l("invited to take their page over"),
    "linked": _l("took their page over"),
    "published": _l("published"),
    "opened": _l("opened"),
    "granted": _l("given"),
    "revoked": _l("revoked"),
    "restored": _l("restored from a backup"),
    "dismiss": _l("no ground found"),
    "different": _l("two different places"),
    "same": _l("one and the same place"),
    "alert": _l("an alert is put on the clinic"),
    "hold": _l("hidden for a day at the most, until it is decided"),
    "received": _l("received"),
    "edited": _l("changed by its author"),
    "facts_confirmed": _l("says that all it states still holds"),
    "raised": _l("put before a person"),
    "ended": _l("ended"),
    "asked": _l("asked"),
    "named": _l("named by a clinic"),
    "agreed": _l("agreed by the person"),
    "denied": _l("denied by the person"),
    "resumed": _l("the end is taken back"),
    "restore": _l("shown again as the clinic's word"),
    "left": _l("left"),
    "removed": _l("taken away"),
    "offered": _l("offered to a colleague"),
    "passed": _l("passed to a colleague"),
    "kept": _l("stays as it was"),
    "joined": _l("a clinic joined"),
    "closing": _l("will close"),
    "closed": _l("closed"),
    "stays": _l("does not close"),
    "moved": _l("moved"),
    "author_asked": _l("its author is asked"),
    "author_stand": _l("its author stands by it"),
    "author_change": _l("its author changes it"),
    "author_withdraw": _l("its author takes it back"),
}
STATES = {
    "draft": _l("a draft"),
    "pending": _l("waits to be read"),
    "needs_edit": _l("sent back for a change"),
    "published": _l("published"),
    "redacted": _l("published without one part"),
    "refused": _l("not published"),
    "removed": _l("taken down"),
    "withdrawn": _l("taken back"),
}
STEPS = {
    "proposed": _l("proposed, waits for a second person"),
    "not_agreed": _l("proposed, the second person did not agree"),
    "lifted": _l("shown again"),
}
ROLES = {
    "moderator": _l("a moderator"),
    "checker": _l("a checker of credentials"),
    "lead": _l("a lead moderator"),
    "auditor": _l("an auditor"),
    "operator": _l("the operator"),
    "author": _l("its author"),
    "member": _l("a member"),
    "visitor": _l("a visitor"),
    "seeker": _l("somebody looking for a clinic"),
    "machine": _l("a program of this site"),
    "reporter": _l("whoever reported it"),
    "clinic": _l("the clinic"),
    "person": _l("the person in it"),
    "register": _l("a register"),
    "system": _l("the site itself"),
}


def plain(key: str) -> str:
    """A key with no words of its own, made readable."""
    return key.replace("_", " ")


def noun_words(key: str) -> str:
    return str(NOUNS.get(key) or plain(key).capitalize())


def verb_words(key: str) -> str:
    return str(VERBS.get(key) or plain(key))


def state_words(key: str) -> str:
    """In what state something that somebody wrote or sent in is."""
    return str(STATES.get(key) or plain(key))


def act_words(act: str) -> str:
    """`stage.refuse.decided` as "Part of a review: not published"."""
    noun, _dot, rest = act.partition(".")
    verb, _dot, step = rest.partition(".")
    words = _("%(noun)s: %(verb)s", noun=noun_words(noun), verb=verb_words(verb)) if verb else noun_words(noun)
    return f"{words} ({STEPS[step]})" if step in STEPS else words


def role_words(role: str) -> str:
    """`moderator` as "a moderator", `moderator-3` as "a moderator (3)"."""
    name, _dash, number = role.partition("-")
    words = str(ROLES.get(name) or plain(name))
    return f"{words} ({number})" if number else words


def subject_words(subject: str) -> str:
    """The kind of thing that `kind:public_id` names."""
    return noun_words(subject.partition(":")[0])


def span_words(seconds: float) -> str:
    """So many minutes, hours or days, rounded up: a promise is not kept by rounding."""
    minutes = -(-int(seconds) // 60)
    hours = -(-minutes // 60)
    if minutes < 120:
        words = ngettext("%(num)d minute", "%(num)d minutes", max(1, minutes))
    elif hours <= 72:
        words = ngettext("%(num)d hour", "%(num)d hours", hours)
    else:
        words = ngettext("%(num)d day", "%(num)d days", -(-hours // 24))
    return str(words)


def rule_words(rule: str) -> str:
    """The rule by its key; the list of rules tells what it says."""
    return str(rule_of(rule).words) if rule in RULES or rule == FINDING else plain(rule)


def ground_words(key: str) -> str:
    """Why something was reported."""
    found = GROUNDS.get(key) or CLINIC_GROUNDS.get(key)
    return str(found.words) if found else plain(key)
