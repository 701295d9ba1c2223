"""How the desk shows pictures that a clinic sent in, and what looking at them can end with."""

from flask_babel import lazy_gettext as _l

from directory.moderation import picture_acts
from directory.moderation.carrying import KINDS, Act, Kind

KINDS["result"] = Kind(
    _l("Pictures of a clinic"),
    "desk/items/result.html",
    {
        "publish": Act(
            _l("Show them"), "a", picture_acts.publish, _l("Everybody sees them at once; the clinic is told.")
        ),
        "ask_edit": Act(
            _l("Ask for a change"),
            "e",
            picture_acts.ask_edit,
            _l("The clinic reads your words, states it otherwise, and asks the person in it anew."),
            grave=True,
        ),
        "refuse": Act(
            _l("Refuse with this statement"),
            "r",
            picture_acts.refuse,
            _l("They are not shown. The clinic reads your words and may appeal for six months."),
            grave=True,
        ),
        "remove": Act(
            _l("Take all of it down"),
            "d",
            picture_acts.remove,
            _l("What is shown of it goes too. The clinic reads your words and may appeal."),
            grave=True,
        ),
    },
)
