"""An item: a case with what it is about, as the desk shows it. The stars are not part of it before the decision."""

import difflib
import re
from dataclasses import dataclass, field
from datetime import date

from directory.cases.again import carried_out, earlier_of, later_of
from directory.cases.decisions import Appeal, Decision
from directory.cases.models import Case
from directory.claims.models import Claim
from directory.claims.proofs import Claiming, claiming_of
from directory.clinics.models import Clinic
from directory.credentials.checking import Checking, checking_of
from directory.credentials.models import Credential
from directory.db import db, now
from directory.moderation import desk_queries, endings, looking_again, reports, suspicion
from directory.moderation.acts import COMPLAINTS
from directory.moderation.carrying import KINDS, Act, Kind, acts_of
from directory.moderation.contacts import Contact, contacts_of, last_day, waits_until
from directory.moderation.evidence import Evidence, evidence_of
from directory.moderation.reports import Report
from directory.moderation.rules import FINDING
from directory.moderation.sentences import sentences
from directory.moderation.signals.models import Signal
from directory.moderation.subjects import (
    Thing,
    newest_stages,
    photos_called,
    photos_in_question,
    review_of,
    stages_in_question,
    stages_told,
    thing_of,
)
from directory.moderation.ties import appeal_of
from directory.portfolio.models import Picture
from directory.reviews.decided_texts import DecidedText, decided_texts
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.replies import Reply
from directory.reviews.stages import Stage

# What a moderator's eye should rest on: addresses, numbers, links, sums, shouting. Linear patterns, text is capped.
_MARKS = re.compile(
    r"(?P<address>[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{2,20})|(?P<link>https?://\S{1,200}|www\.\S{1,200})"
    r"|(?P<number>\+?\d[\d ()/-]{6,18}\d)|(?P<sum>[£$€]\s?\d[\d.,]{0,12})|(?P<shout>\b[A-Z]{5,30}\b)"
)
CLOCK_DOTS = 20
# Kinds that end with a finding as credentials do, though they came later.
FINDINGS = ("inspection", "sanction", "page_request", "many_looks", "engagement")
_WORD = re.compile(r"\S+")


@dataclass
class Item:
    """A case ready to be drawn."""

    case: Case
    kind: Kind
    thing: Thing | None
    clinic: Clinic | None
    stages: list[Stage] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    evidence: dict[int, Evidence] = field(default_factory=dict)
    appeal: Appeal | None = None
    author: desk_queries.Author | None = None
    author_past: list[desk_queries.Past] = field(default_factory=list)
    clinic_past: list[desk_queries.Past] = field(default_factory=list)
    weeks: list[int] = field(default_factory=list)
    notes: list[desk_queries.ShownNote] = field(default_factory=list)
    near: list[Stage] = field(default_factory=list)
    copies: list[Photo | Picture] = field(default_factory=list)
    held_up: dict[str, tuple[int, int]] = field(default_factory=dict)
    checking: Checking | None = None
    claiming: Claiming | None = None
    earlier: "Item | None" = None  # what the decision was about that somebody appeals against
    texts: list[DecidedText] = field(default_factory=list)
    again_of: Case | None = None  # what was decided before on the same thing
    later: Case | None = None
    marks: dict[int, str] = field(default_factory=dict)
    reversals: dict[int, Appeal] = field(default_factory=dict)

    @property
    def review(self) -> Review | None:
        return review_of(self.thing)

    @property
    def only_rule(self) -> str:
        """The rule where nobody has to choose one: of the decision that an appeal is about, or that it is a finding."""
        return self.appeal.decision.rule if self.appeal is not None else FINDING if self.is_finding else ""

    @property
    def is_finding(self) -> bool:
        """Whether it ends with a finding rather than with a rule for reviews."""
        return self.case.kind in {"duplicate", "register_load", "register_change", "credential", "claim", *FINDINGS}

    @property
    def is_closed(self) -> bool:
        return self.case.state in {"decided", "withdrawn"}

    @property
    def decision(self) -> Decision | None:
        return self.case.decisions[-1] if self.case.decisions else None

    @property
    def photos(self) -> list[Photo | Picture]:
        return photos_in_question(self.thing, self.stages)

    @property
    def clock_dots(self) -> int:
        """How many of CLOCK_DOTS are used up."""
        whole = (self.case.due_at - self.case.opened_at).total_seconds()
        used = (now() - self.case.opened_at).total_seconds()
        return min(CLOCK_DOTS, max(0, int(CLOCK_DOTS * used / whole))) if whole > 0 else CLOCK_DOTS

    @property
    def waits_until(self) -> date | None:
        """The last day on which somebody who was asked about a legal notice may still answer."""
        until = waits_until(self.case) if not self.is_closed else None
        return last_day(until) if until is not None else None

    @property
    def photos_waiting(self) -> list[Photo | Picture]:
        """Photos that nobody has decided on yet."""
        return [photo for photo in self.photos if photo.state == "pending"]

    @property
    def numbered(self) -> list[tuple[int, str]]:
        """The sentences that could be taken out, numbered over all stages in question."""
        found = [part for stage in self.stages for part in sentences(stage.proposed_text or stage.text)]
        return list(enumerate(found))

    @property
    def acts(self) -> dict[str, Act]:
        return acts_of(self.case)

    @property
    def first(self) -> Decision | None:
        """What was decided before, of something that is looked at again."""
        return carried_out(self.again_of) if self.again_of is not None else None

    def texts_of(self, decision: Decision) -> list[DecidedText]:
        """The words as they were when that decision was made."""
        return [one for one in self.texts if one.decision_id == decision.id]

    def sent_back(self, of: Stage | Reply) -> DecidedText | None:
        """What stood there when its author was asked for the change that now waits to be read; else None."""
        if of.state != "pending" or self.is_closed:
            return None
        own = "stage_id" if isinstance(of, Stage) else "reply_id"
        found = [one for one in self.texts if getattr(one, own) == of.id and one.decision.carried_out_at is not None]
        return found[-1] if found and found[-1].decision.act == "ask_edit" else None

    @property
    def compared(self) -> list[tuple[str, str, str]]:
        """(key, words, value) of what whoever decides compares with an official list."""
        return self.checking.claims if self.checking else self.claiming.claims if self.claiming else []

    def act(self, key: str) -> Act | None:
        return self.acts.get("publish" if key == "publish_part" else key)  # told apart only once it is done

    def needs_two(self, key: str) -> bool:
        return self.kind.acts[key].two(self.case) or looking_again.overturns(self.case, key)


def item_of(case: Case) -> Item:
    """Everything about one case, in a fixed number of statements."""
    thing = thing_of(case)
    signals = suspicion.signals_of(case) if case.kind in {"review", "stage", "suspicion", "photo"} else []
    complaints = reports.reports_of(case) if case.kind in COMPLAINTS else []
    copies = [other for signal in signals if signal.kind == "near_copy" for other in signal.others]
    appeal = appeal_of(case)
    return Item(
        case=case,
        kind=KINDS[case.kind],
        thing=thing,
        clinic=db.session.get(Clinic, case.clinic_id) if case.clinic_id else None,
        stages=stages_in_question(thing),
        signals=signals,
        reports=complaints,
        evidence=evidence_of(complaints) if case.kind == "dispute" else {},
        contacts=contacts_of(case) if case.kind == "legal_notice" else [],
        appeal=appeal,
        author=desk_queries.author_of(case),
        author_past=desk_queries.past_of(author_id=case.author_id, but=case.id),
        clinic_past=desk_queries.past_of(clinic_id=case.clinic_id, but=case.id),
        weeks=desk_queries.weekly_reviews(case.clinic_id),
        notes=desk_queries.notes_of(case),
        near=newest_stages(copies[:2]),
        copies=photos_called(case.facts.get("copies", [])) if case.kind in {"photo", "result"} else [],
        held_up=suspicion.held_up() if signals else {},
        checking=checking_of(thing) if isinstance(thing, Credential) and case.kind == "credential" else None,
        claiming=claiming_of(thing) if isinstance(thing, Claim) else None,
        earlier=_decided(appeal) if appeal is not None else None,
        texts=_texts(case, thing),
        again_of=earlier_of(case),
        later=later_of(case) if case.decisions else None,
        marks=endings.marks_of(case) if case.decisions else {},
        reversals=looking_again.reversals([one.id for one in case.decisions]) if case.decisions else {},
    )


def _decided(appeal: Appeal) -> Item:
    """The item as whoever decided it saw it, with all that was sent in."""
    item = item_of(appeal.decision.case)
    item.stages = stages_told(item.thing)
    return item


def _texts(case: Case, thing: Thing | None) -> list[DecidedText]:
    """What was decided on of its stages, or of the reply; nothing where a kind of item has no such words."""
    stages, replies = stages_in_question(thing), [thing] if isinstance(thing, Reply) else []
    if not stages and not replies and not case.decisions:
        return []
    return decided_texts(stages=[one.id for one in stages], replies=[one.id for one in replies], case_id=case.id)


def marked(text: str) -> list[tuple[str, str]]:
    """The text in pieces: (piece, what is marked in it or "")."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for found in _MARKS.finditer(text):
        pieces += [(text[at : found.start()], ""), (found.group(), found.lastgroup or "")]
        at = found.end()
    return [piece for piece in [*pieces, (text[at:], "")] if piece[0]]


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """The words of an edit in order: (words, "same" | "gone" | "new")."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    shown: list[tuple[str, str]] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            shown.append((" ".join(old[i:j]), "same"))
            continue
        shown += [(" ".join(old[i:j]), "gone")] if i < j else []
        shown += [(" ".join(new[k:m]), "new")] if k < m else []
    return shown


def shared(text: str, other: str, run: int = 4) -> list[tuple[str, str]]:
    """The text in pieces, those runs of at least `run` words marked "shared" that stand in the other one too."""
    words, others = text.split(), [word.casefold().strip(".,!?;:") for word in other.split()]
    plain = [word.casefold().strip(".,!?;:") for word in words]
    known = {tuple(others[at : at + run]) for at in range(len(others) - run + 1)}
    common = [False] * len(words)
    for at in range(len(plain) - run + 1):
        if tuple(plain[at : at + run]) in known:
            common[at : at + run] = [True] * run
    pieces: list[tuple[str, str]] = []
    for word, is_common in zip(words, common, strict=True):
        mark = "shared" if is_common else ""
        if pieces and pieces[-1][1] == mark:
            pieces[-1] = (f"{pieces[-1][0]} {word}", mark)
        else:
            pieces.append((word, mark))
    return pieces
