"""Everything a clinic may be asked about itself, in the order of its page: each answer with its words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from directory.clinics.answers import SHORT, Fact, flag, words

_POLICIES = (
    flag(
        "patch_test_offered", "policies", "patch_test", _l("A patch test is offered"), _l("offered"), _l("not offered")
    ),
    Fact(
        "patch_test_hours",
        "policies",
        "patch_test",
        "number",
        _l("How many hours before the treatment?"),
        counted=lambda n: ngettext("%(num)s hour before", "%(num)s hours before", n),
        most=336,
    ),
    Fact(
        "patch_test_parts",
        "policies",
        "patch_test",
        "choices",
        _l("With what?"),
        choices={"pigment": _l("pigment"), "anaesthetic": _l("anaesthetic"), "aftercare": _l("aftercare products")},
    ),
    Fact(
        "patch_test_refused",
        "policies",
        "patch_test",
        "choice",
        _l("If a client refuses it"),
        choices={"not_treated": _l("no treatment without it"), "signed": _l("whoever refuses it signs for that")},
    ),
    flag("patch_test_free", "policies", "patch_test", _l("The patch test is free"), _l("free"), _l("charged")),
    words("patch_test", "policies"),
    Fact(
        "touch_up_months",
        "policies",
        "touch_up",
        "number",
        _l("For how many months is a touch-up free?"),
        counted=lambda n: (
            ngettext("free for %(num)s month", "free for %(num)s months", n) if n else str(_("none free"))
        ),
        most=120,
    ),
    Fact("touch_up_price", "prices", "touch_up", "sum", _l("A later touch-up costs")),
    words("touch_up", "policies"),
    flag("deposit_taken", "policies", "deposit", _l("A deposit is taken"), _l("taken"), _l("none")),
    Fact(
        "deposit_back_hours",
        "policies",
        "deposit",
        "number",
        _l("How many hours before may a client cancel and get it back?"),
        counted=lambda n: ngettext("returned up to %(num)s hour before", "returned up to %(num)s hours before", n),
        most=2160,
    ),
    words("deposit", "policies", hint=_l("How much, and when it is not returned.")),
    Fact(
        "cooling_off_days",
        "policies",
        "cooling_off",
        "number",
        _l("How many days lie between agreeing and the treatment, at least?"),
        counted=lambda n: ngettext("%(num)s day", "%(num)s days", n) if n else str(_("none")),
        most=90,
    ),
    Fact(
        "consultation_ways",
        "policies",
        "consultation",
        "choices",
        _l("The consultation is held"),
        choices={"in_person": _l("in person"), "video": _l("by video")},
    ),
    Fact(
        "consultation_price", "prices", "consultation", "sum", _l("A consultation costs"), hint=_l("0 when it is free.")
    ),
    flag(
        "consultation_credited",
        "prices",
        "consultation",
        _l("It is taken off the price of the treatment"),
        _l("taken off the price if you go ahead"),
        _l("not taken off the price"),
    ),
    words("consultation", "policies"),
    flag(
        "correction_free",
        "policies",
        "if_unhappy",
        _l("Your own work is corrected free of charge"),
        _l("own work corrected free"),
        _l("corrections are charged"),
    ),
    words("if_unhappy", "policies", hint=_l("Refund, correction, whom to turn to, until when.")),
    flag(
        "under_18_refused", "policies", "under_18", _l("People under 18 are refused"), _l("refused"), _l("not refused")
    ),
    words("under_18", "policies"),
    Fact(
        "photos_consent",
        "policies",
        "photos",
        "choice",
        _l("Photos of clients are published"),
        choices={
            "never": _l("never published"),
            "each": _l("only with written consent for each photo"),
            "general": _l("with one consent for all photos"),
        },
    ),
    words("photos", "policies"),
    flag("has_step_free", "policies", "step_free", _l("There is a way in without steps"), _l("yes"), _l("no")),
    words("step_free", "policies", most=SHORT),
    flag("has_private_room", "policies", "private_room", _l("There is a private room"), _l("yes"), _l("no")),
    words("private_room", "policies", most=SHORT),
    flag("has_parking", "policies", "parking", _l("There is parking"), _l("yes"), _l("no")),
    words("parking", "policies", most=SHORT),
)
_TREATMENTS = (
    Fact(
        "variant_kinds",
        "treatments",
        "variants",
        "choices",
        _l("Kinds of pigmentation"),
        choices={"permanent": _l("lasting"), "temporary": _l("temporary (tricopigmentation)")},
    ),
    Fact(
        "dots",
        "treatments",
        "styles",
        "choices",
        _l("Dots"),
        choices={"impressions": _l("clear dots (“impressions”)"), "dusty": _l("soft dots (“dusty”)")},
    ),
    Fact(
        "hairlines",
        "treatments",
        "styles",
        "choices",
        _l("Hairlines"),
        choices={"soft": _l("soft, natural hairline"), "edge": _l("sharp, edged-up hairline")},
    ),
    Fact(
        "limits_of",
        "treatments",
        "limits",
        "choices",
        _l("In which cases do you advise against a treatment?"),
        choices={
            "progressive": _l("very active hair loss"),
            "pregnancy": _l("pregnancy and nursing"),
            "skin": _l("active skin disease"),
            "keloids": _l("a tendency to keloids"),
            "blood": _l("blood thinners without a doctor's consent"),
            "cancer": _l("recent chemotherapy or radiotherapy"),
            "isotretinoin": _l("isotretinoin within six months"),
            "diabetes": _l("uncontrolled diabetes"),
            "epilepsy": _l("a seizure within two years"),
        },
    ),
    words("limits", "treatments"),
)
_MATERIALS = (
    words("pigments", "materials", _l("Brand"), "pigment_brand", SHORT),
    words("pigments", "materials", _l("Line or shades"), "pigment_line", SHORT),
    Fact(
        "pigment_base",
        "materials",
        "pigments",
        "choice",
        _l("Base"),
        choices={
            "carbon": _l("carbon based"),
            "iron_oxide": _l("iron oxide based"),
            "both": _l("carbon and iron oxide"),
        },
    ),
    words("pigments", "materials"),
    flag("pigment_reach", "materials", "reach", _l("The maker declares it fit under REACH"), _l("yes"), _l("no")),
    flag(
        "batch_recorded",
        "materials",
        "batch",
        _l("The batch is written down for each client"),
        _l("written down for each client"),
        _l("not written down"),
    ),
    words("needles", "materials", _l("Type"), "needle_type", SHORT, _l("For example: three points, 0.25 mm.")),
    flag(
        "needles_single_use",
        "materials",
        "needles",
        _l("Every needle is used once and thrown away"),
        _l("single use"),
        _l("not single use"),
    ),
    flag(
        "membrane_cartridges",
        "materials",
        "needles",
        _l("The cartridges have a membrane"),
        _l("membrane cartridges"),
        _l("cartridges without a membrane"),
    ),
    words("needles", "materials"),
    words("machine", "materials", _l("Machine"), most=SHORT),
    Fact(
        "anaesthetic_used",
        "materials",
        "anaesthetic",
        "choice",
        _l("Anaesthetic"),
        choices={"none": _l("none"), "cream": _l("a cream or gel"), "asked": _l("on request")},
    ),
    words("anaesthetic", "materials", most=SHORT),
    flag(
        "sharps_contract",
        "materials",
        "sharps",
        _l("A waste firm collects used needles under contract"),
        _l("collected under contract"),
        _l("no contract"),
    ),
    Fact("aftercare_url", "materials", "aftercare", "web", _l("Address of your aftercare sheet")),
)
EVERY: tuple[Fact, ...] = (*_POLICIES, *_TREATMENTS, *_MATERIALS)
