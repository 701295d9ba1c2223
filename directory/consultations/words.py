"""The choices of the forms with their words; keys are stable, words are shown through gettext."""

from flask_babel import lazy_gettext as _l

CONSENT_VERSION = PHOTO_CONSENT_VERSION = "2026-11"

LOOKS = {
    "unsure": _l("I do not know yet"),
    "soft": _l("Soft, so that nobody notices"),
    "defined": _l("Clearly drawn"),
    "fuller": _l("My own hair, looking fuller"),
    "hidden": _l("A scar or patch, hidden"),
}
WHEN = {
    "weekday_morning": _l("Weekday mornings"),
    "weekday_afternoon": _l("Weekday afternoons"),
    "weekday_evening": _l("Weekday evenings"),
    "weekend": _l("At the weekend"),
}
REACH = {
    "here": _l("On this site only; the clinic never sees my address"),
    "email": _l("By e-mail: show the clinic my address"),
    "phone": _l("By telephone: show the clinic this number"),
}
WAYS = {"clinic": _l("At the clinic"), "video": _l("By video"), "phone": _l("By telephone")}
REASONS = {
    "full": _l("No time free in the coming weeks"),
    "not_offered": _l("We do not offer this"),
    "not_suitable": _l("We think another treatment or a doctor should come first"),
    "other": _l("Another reason, see the note"),
}
STATES = {
    "asked": _l("Waiting for the clinic"),
    "answered": _l("Times on offer"),
    "declined": _l("The clinic said no"),
    "booked": _l("Booked"),
    "cancelled": _l("Called off"),
    "lapsed": _l("No answer came"),
    "unchosen": _l("No time was taken"),
}
PLAN_STATES = {
    "offered": _l("Waiting for your answer"),
    "accepted": _l("Accepted"),
    "declined": _l("Declined"),
    "superseded": _l("Replaced by a newer version"),
}
# The same as the clinic reads it.
PLAN_STATES_AT_DESK = {**PLAN_STATES, "offered": _l("Waiting for the person's answer")}
# What a plan says, in the order in which plans are laid side by side.
PLAN_ROWS = {
    "pattern": _l("What is treated, and the pattern"),
    "hairline": _l("Hairline"),
    "density": _l("Density"),
    "pigment": _l("Pigment: brand, line and shade"),
    "needle": _l("Needle"),
    "sessions": _l("Sessions"),
    "price": _l("Price, all together"),
    "included": _l("What the price includes"),
    "touch_up": _l("Touch-ups: when, how many, at what price"),
    "risks": _l("Risks you were told of"),
    "cooling_off": _l("Days to change your mind"),
    "note": _l("Note"),
}
