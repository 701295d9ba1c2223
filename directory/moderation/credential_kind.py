"""How the desk shows a credential that was handed in, and what a check of it can end with."""

from flask_babel import lazy_gettext as _l

from directory.moderation import credential_acts
from directory.moderation.carrying import KINDS, Act, Kind

KINDS["credential"] = Kind(
    _l("Credential"),
    "desk/items/credential.html",
    {
        "ask_info": Act(
            _l("Ask the holder"),
            "e",
            credential_acts.ask_info,
            _l("The holder reads your words and answers; then it is back here."),
        ),
        "document": Act(
            _l("The paper shows it"), "d", credential_acts.verify("document"), _l("Shown as: document seen.")
        ),
        "issuer": Act(
            _l("The issuer confirmed it"),
            "c",
            credential_acts.verify("issuer"),
            _l("Shown as: issuer confirmed. Only when you found the contact yourself."),
        ),
        "register": Act(
            _l("Found in the register"),
            "a",
            credential_acts.verify("register"),
            _l("Shown as: found in register, with your source and today's date."),
        ),
        "give_up": Act(
            _l("Nobody can check it"),
            "u",
            credential_acts.give_up,
            _l("Shown as: cannot be checked. It counts for nothing."),
        ),
        "refuse": Act(
            _l("Refuse with this statement"),
            "r",
            credential_acts.refuse,
            _l("Nobody but the holder ever sees it, who reads your words and may appeal."),
            grave=True,
        ),
    },
    "checker",
)
