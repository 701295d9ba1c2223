"""What gives a reviewer away in a clinic's reply: plain patterns, each with its kind."""

import re

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_CARE = (
    "appointments?|sessions?|visits?|treatments?|consultations?|bookings?|deposit|procedure|scalp|hair(?:line)?|scars?|"
    "head|skin|condition|records?|files?|notes|forms?|photos?|results?|touch[- ]?ups?|top[- ]?ups?|follow[- ]?ups?|"
    "aftercare|refund|payment|invoice|messages?|e-?mails?|partner|wife|husband|friend|diagnosis|medication|healing|"
    "expectations|request|design|choice|complaint form"
)
_ILL = (
    "alopecia|psoriasis|chemo(?:therapy)?|medication|transplants?|grafts?|thinning|bald(?:ness|ing)?|hair loss|"
    "receding|recession|scars?|scarring|scabs?|keloids?|crown|diabetes|allerg(?:y|ies|ic)|anxiety|depression|cancer|"
    "steroids?|finasteride|minoxidil|eczema|dermatitis|vitiligo|infections?|infected|swelling|rash|surgery|illness|"
    "pregnan(?:t|cy)"
)
# What happens to one person at a clinic, and that it did.
_EVENTS = (
    "appointments?|sessions?|sesh|visits?|treatments?|procedures?|touch[- ]?ups?|top[- ]?ups?|follow[- ]?ups?|"
    "consultations?|deposits?|refunds?|payments?|sums?|fees?|forms?|complaints?|aftercare|photos?|pictures?|messages?|"
    "invoices?"
)
_HAPPENED = (
    "was|were|had been|has been|missed|cancell?ed|issued|returned|refunded|paid|signed|followed|ignored|refused|"
    "raised|shows?|proves?|taken|sent|performed|completed|booked|given|agreed|attended|skipped|rescheduled"
)
_WHICH = "first|second|third|last|final|next"
_SOMEBODY = "client|customer|patient|complainant|gentleman|lady|young man|individual|guest|lad|fella|guy|bloke"
_WE_DID = (
    "treated|saw|met|remember|contacted|called|e-?mailed|phoned|refunded|offered|did|gave|told|explained|advised|"
    "warned|showed|agreed|discussed|corrected|have no record|never (?:saw|treated|met)|worked on|look(?:ed)? after|"
    "invited|took|checked|fixed|asked you|said"
)

_TABLE = [
    ("date", rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})\b|\b(?:{_MONTHS})\s+\d{{1,4}}(?:st|nd|rd|th)?\b"),
    ("date", rf"\b(?:in|on|last|next|this|since|until|by|early|late|mid)[ -](?:{_MONTHS}|{_DAYS})\b"),
    ("date", r"\b\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})\b|\b\d{1,2}[:.]\d{2}\s?(?:am|pm)?\b|\b\d{1,2}\s?(?:am|pm)\b"),
    ("date", r"\b(?:yesterday|last (?:week|month|year|spring|summer|autumn|winter)|(?:two|three|four|five|six|\d+) "
             r"(?:days|weeks|months|years) (?:ago|later|after|before))\b"),
    ("date", rf"\b(?:{_DAYS})\b|\bthe \d{{1,2}}(?:st|nd|rd|th)\b|\b(?:on|that) (?:the )?day\b"),
    ("date", r"\b(?:in the|this|next) (?:spring|summer|autumn|fall|winter)\b"),
    ("price", r"[£$€]\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:pounds?|gbp|euros?|eur|dollars?|usd|quid)\b"),
    ("price", r"\b(?:refund(?:ed|s)?|deposit|invoice[ds]?|payment plan|discount(?:ed)?|half price|paid|owe[sd]?|"
              r"charged|money back|in cash|the balance)\b"),
    ("contact", r"[\w.+-]+@[\w-]+\.\w+|\bhttps?://\S+|\bwww\.\S+|(?:\+|\b0)\d[\d ()-]{7,}\d\b"),
    ("health", rf"\b(?:{_ILL})\b"),
    ("confirms", rf"\byour (?:\w+ ){{0,2}}(?:{_CARE})\b"),
    ("confirms", rf"\b(?:our|this|that|the|former|valued|difficult) (?:{_SOMEBODY})\b"),
    ("confirms", r"\b(?:he|she|him|his|her|hers)\b"),
    ("confirms", r"\bthey (?:came|paid|booked|asked|wanted|signed|refused|left|agreed|never)\b"),
    ("confirms", rf"\b(?:{_EVENTS})(?: \w+){{0,2}} (?:{_HAPPENED})\b|\b(?:{_WHICH}) (?:{_EVENTS})\b"),
    ("confirms", rf"\b(?:we|i) (?:personally |already |also )?(?:{_WE_DID})\b|\bwe did your\b"),
    ("confirms", r"\b(?:our|the) (?:records?|books|diary|system|cctv|files?)\b"),
    ("confirms", r"\b(?:in your case|pleasure (?:to|having|doing)|in (?:our|my) chair|over the moon|come back in|"
                 r"come back to us|what a transformation|one of our (?:\w+ )?(?:first|best|oldest|regular|loyal))\b"),
]  # fmt: skip
PATTERNS = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _TABLE]

# "You" in a reply nearly always says what somebody did or got. These uses do not, and are passed over.
COURTESY = re.compile(
    r"\bthank(?:s|ing)?,? (?:to )?(?:you|ye|u)\b"
    r"|\b(?:if|should|whenever) you (?:\w+ )?(?:would|wish|want|like|prefer|need|have|are)\b"
    r"|\bwhether (?:or not )?you (?:have been|were|are)\b"
    r"|\byou (?:can|may|could|might|would like|wish|are welcome|will find|see here|read here)\b|\byou['’]d like\b"
    r"|\b(?:hear|hearing|learn) (?:more )?from you\b|\bhear you\b"
    r"|\b(?:talk|talking|speak|speaking|listen|write|reply|get back) (?:to|with) you\b"
    r"|\b(?:help|assist|call|contact|inform|assure|ask) you\b"
    r"|\b(?:your|ur|yer) (?:\w+ )?"
    r"(?:words?|reviews?|feedback|comments?|time|thoughts?|ratings?|opinions?|concerns?|views?|support)\b",
    re.IGNORECASE,
)
SECOND_PERSON = re.compile(
    r"\b(?:you|u|ye|yous|youse|ya|y'all|your|ur|yer|yours|yourself)(?:['’](?:re|ve|d|ll))?\b", re.IGNORECASE
)

# Whom a reply greets, and the words after a greeting that are no names.
GREETINGS = {"dear", "hi", "hello", "hey", "thanks", "thank", "sorry", "mr", "mrs", "ms", "miss", "dr"}
GREETED = {"there", "all", "everyone", "everybody", "reader", "reviewer", "you", "so", "very", "again", "for", "sir"}
NAMED = re.compile(
    r"\b(?:[Dd]ear|[Hh]i|[Hh]ello|[Hh]ey|[Tt]hanks|[Tt]hank you|[Ss]orry|[Mm]r\.?|[Mm]rs\.?|[Mm]s\.?|[Mm]iss|[Dd]r\.?)"
    r",? "
    r"([A-Z][\w'’-]+)"
)
PAIR = re.compile(r"\b([A-Z][a-z'’-]+) ([A-Z][a-z'’-]+)\b")
# A capital inside a sentence is a name too, unless the word always has one.
INSIDE = re.compile(r"(?<=[a-z,] )([A-Z][a-z]{2,})\b")
ALWAYS_CAPITAL = set(
    (
        f"{_DAYS}|january|february|march|april|may|june|july|august|september|october|november|december|english|french|"
        "german|spanish|arabic|polish|instagram|facebook|google|whatsapp|christmas|easter"
    ).split("|")
)
