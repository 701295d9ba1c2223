"""Who may open what: one line for every route. A route without a line fails the matrix; so does a line without a route.

Kinds of door:
  public    anybody, the thing being shown to visitors
  marked    anybody; where the thing was taken back or down a marker stands
  secret    whoever holds the secret in the address
  begun     whoever is half way in; everybody else is asked to sign in
  member    anybody signed in
  stranger  anybody signed in who does not work for the clinic that the address names
  reader    anybody signed in who neither wrote the review nor works for its clinic
  own       the one member whose thing it is
  staff     people of the clinic the address names; things in it must be that clinic's
  desk, lead    the desk (`accounts.roles.OPENS` says which roles; an auditor looks into every room)
  moderator an item of the desk that moderators decide (the one of the world is a report)
  held      the desk, and only whoever holds the case
  operator  machines of the operator

The second part says which thing of the world stands for each variable part of the address; see `tests.house.world`.
"""

PUBLIC, SECRET, MEMBER, OWN, STAFF, HELD, OPERATOR = "public", "secret", "member", "own", "staff", "held", "operator"
STRANGER, BEGUN, DESK, LEAD = "stranger", "begun", "desk", "lead"
READER, ITEM, MARKED = "reader", "moderator", "marked"
NOTHING: dict[str, str] = {}
CLINIC = {"slug": "clinic"}

Door = tuple[str, dict[str, str]]
DOORS: dict[str, Door] = {
    # Ground floor
    "healthz": (PUBLIC, NOTHING),
    "readyz": (PUBLIC, NOTHING),
    "metrics": (OPERATOR, NOTHING),
    "preferences.edit": (PUBLIC, NOTHING),
    "preferences.theme": (PUBLIC, NOTHING),
    # Search
    "search.crown": (PUBLIC, NOTHING),
    "search.home": (PUBLIC, NOTHING),
    "search.pins": (PUBLIC, NOTHING),
    "search.results": (PUBLIC, NOTHING),
    "search.suggest": (PUBLIC, NOTHING),
    # Clinics and people
    "clinics.cover": (PUBLIC, {"slug": "any"}),
    "clinics.locator": (PUBLIC, CLINIC),
    "clinics.show": (PUBLIC, CLINIC),
    "practitioners.cover": (PUBLIC, {"slug": "any"}),
    "practitioners.show": (PUBLIC, {"slug": "practitioner"}),
    "shortlist.compare": (PUBLIC, NOTHING),
    "shortlist.save": (PUBLIC, NOTHING),
    "shortlist.saved": (PUBLIC, NOTHING),
    # Guide, record, machines
    "guide.index": (PUBLIC, NOTHING),
    "guide.policy": (PUBLIC, {"page": "policy"}),
    "guide.topic": (PUBLIC, {"topic": "topic"}),
    "transparency.heads_file": (PUBLIC, NOTHING),
    "transparency.log": (PUBLIC, NOTHING),
    "transparency.log_file": (PUBLIC, NOTHING),
    "transparency.quarter": (PUBLIC, {"quarter": "quarter"}),
    "transparency.row": (PUBLIC, {"seq": "seq"}),
    "transparency.show": (PUBLIC, NOTHING),
    "robots.index": (PUBLIC, NOTHING),
    "robots.pages": (PUBLIC, NOTHING),
    "robots.part": (PUBLIC, {"kind": "kind", "part": "part"}),
    "robots.robots": (PUBLIC, NOTHING),
    "api.clinic": (PUBLIC, CLINIC),
    "api.clinics": (PUBLIC, NOTHING),
    "api.description": (PUBLIC, NOTHING),
    "api.dictionary": (PUBLIC, NOTHING),
    "api.docs": (PUBLIC, NOTHING),
    "api.export": (PUBLIC, {"name": "export"}),
    "api.places": (PUBLIC, NOTHING),
    "api.practitioner": (PUBLIC, {"slug": "practitioner"}),
    "api.reviews": (PUBLIC, CLINIC),
    # Accounts
    "accounts.add_passkey": (MEMBER, NOTHING),
    "accounts.again": (MEMBER, NOTHING),
    "accounts.app": (MEMBER, NOTHING),
    "accounts.begin_app": (MEMBER, NOTHING),
    "accounts.confirm": (SECRET, {"token": "nothing"}),
    "accounts.download_data": (MEMBER, NOTHING),
    "accounts.email": (MEMBER, NOTHING),
    "accounts.end_other_sessions": (MEMBER, NOTHING),
    "accounts.end_session": (OWN, {"public_id": "session"}),
    "accounts.enter": (BEGUN, {"token": "nothing"}),
    "accounts.erase": (MEMBER, NOTHING),
    "accounts.erased": (PUBLIC, NOTHING),
    "accounts.home": (MEMBER, NOTHING),
    "accounts.list_sessions": (MEMBER, NOTHING),
    "accounts.make_codes": (MEMBER, NOTHING),
    "accounts.move": (SECRET, {"token": "nothing"}),
    "accounts.passkey_options": (MEMBER, NOTHING),
    "accounts.passkey_sign_in": (PUBLIC, NOTHING),
    "accounts.passkey_sign_in_options": (PUBLIC, NOTHING),
    "accounts.password": (MEMBER, NOTHING),
    "accounts.remove_app": (MEMBER, NOTHING),
    "accounts.remove_passkey": (OWN, {"public_id": "passkey"}),
    "accounts.reset": (SECRET, {"token": "nothing"}),
    "accounts.reset_request": (PUBLIC, NOTHING),
    "accounts.second_factor": (MEMBER, NOTHING),
    "accounts.second_step": (BEGUN, NOTHING),
    "accounts.sent": (PUBLIC, NOTHING),
    "accounts.show_data": (MEMBER, NOTHING),
    "accounts.sign_in": (PUBLIC, NOTHING),
    "accounts.sign_out": (MEMBER, NOTHING),
    "accounts.sign_up": (PUBLIC, NOTHING),
    "accounts.undo_move": (SECRET, {"token": "nothing"}),
    # Reviews by their authors, reasons given to people
    "cases.appeal": (OWN, {"public_id": "statement"}),
    "cases.statement": (OWN, {"public_id": "statement"}),
    "cases.statements": (MEMBER, NOTHING),
    "reviews.add_photo": (OWN, {"public_id": "draft"}),
    "reviews.add_proof": (OWN, {"public_id": "draft"}),
    "reviews.afterwards": (MEMBER, NOTHING),
    "reviews.discard": (OWN, {"public_id": "draft"}),
    "reviews.drop_photo": (OWN, {"public_id": "draft", "photo_id": "draft_photo"}),
    "reviews.drop_proof": (OWN, {"public_id": "draft"}),
    "reviews.edit": (OWN, {"public_id": "review", "stage_id": "stage"}),
    "reviews.end_letters": (SECRET, {"token": "nothing"}),
    "reviews.end_own_letters": (OWN, {"public_id": "review"}),
    "reviews.later": (OWN, {"public_id": "review"}),
    "reviews.mine": (MEMBER, NOTHING),
    # Credentials: the world has none, so its cards are nowhere; `tests.credentials` opens real ones
    "credentials.badge_picture": (PUBLIC, CLINIC),
    "credentials.qr": (PUBLIC, {"public_id": "nothing"}),
    "credentials.show": (PUBLIC, {"public_id": "nothing"}),
    "reviews.helpful": (READER, {"public_id": "review"}),
    "reviews.show": (MARKED, {"public_id": "review"}),
    "reviews.new": (STRANGER, CLINIC),
    "reviews.own": (OWN, {"public_id": "review"}),
    "reviews.own_photo_file": (OWN, {"public_id": "draft_photo", "size": "size"}),
    "reviews.photo": (PUBLIC, {"public_id": "photo", "size": "size"}),
    "reviews.result": (OWN, {"public_id": "draft"}),
    "reviews.sign": (OWN, {"public_id": "draft"}),
    "reviews.visit": (OWN, {"public_id": "draft"}),
    "reviews.withdraw": (OWN, {"public_id": "review"}),
    "reviews.withdraw_photos": (OWN, {"public_id": "review"}),
    # Consultations
    "consultation_desk.answer": (STAFF, {**CLINIC, "public_id": "consultation"}),
    "consultation_desk.decline": (STAFF, {**CLINIC, "public_id": "consultation"}),
    "consultation_desk.index": (STAFF, CLINIC),
    "consultation_desk.plan": (STAFF, {**CLINIC, "public_id": "consultation"}),
    "consultation_desk.say": (STAFF, {**CLINIC, "public_id": "consultation", "said": "said"}),
    "consultation_desk.show": (STAFF, {**CLINIC, "public_id": "consultation"}),
    "consultations.act": (OWN, {"public_id": "consultation", "act": "act"}),
    "consultations.answer_plan": (OWN, {"public_id": "plan", "answer": "answer"}),
    "consultations.book": (OWN, {"public_id": "consultation"}),
    "consultations.calendar": (OWN, {"public_id": "booking"}),
    "consultations.confirm": (SECRET, {"public_id": "nothing", "token": "nothing"}),
    "consultations.forget": (OWN, {"public_id": "consultation"}),
    "consultations.list_own": (MEMBER, NOTHING),
    "consultations.new": (PUBLIC, CLINIC),
    "consultations.passport": (PUBLIC, CLINIC),
    "consultations.plans": (MEMBER, NOTHING),
    "consultations.sent": (PUBLIC, NOTHING),
    "consultations.show": (OWN, {"public_id": "consultation"}),
    # Reports and the clinic's desk
    "reports.legal": (PUBLIC, NOTHING),
    "reports.new": (PUBLIC, NOTHING),
    "reports.status": (SECRET, {"token": "report"}),
    "notices.index": (MEMBER, NOTHING),
    "notices.show": (OWN, {"public_id": "notice"}),
    "evidence.page": (HELD, {"public_id": "evidence", "number": "number"}),
    "invited.card": (SECRET, {"code": "code"}),
    "manage.appeal": (STAFF, {**CLINIC, "public_id": "told"}),
    "manage.cards": (STAFF, {**CLINIC, "public_id": "batch"}),
    "manage.codes": (STAFF, {**CLINIC, "public_id": "batch"}),
    "manage.codes_file": (STAFF, {**CLINIC, "public_id": "batch"}),
    "manage.decisions": (STAFF, CLINIC),
    "manage.dispute": (STAFF, {**CLINIC, "public_id": "review"}),
    "manage.evidence": (STAFF, {**CLINIC, "public_id": "dispute"}),
    "manage.home": (STAFF, NOTHING),
    "manage.invitations": (STAFF, CLINIC),
    "manage.reply": (STAFF, {**CLINIC, "public_id": "review"}),
    "manage.reviews": (STAFF, CLINIC),
    "manage.threat": (STAFF, CLINIC),
    "manage.withdraw_reply": (STAFF, {**CLINIC, "public_id": "replied"}),
    # The desk
    "desk.bulk": (DESK, NOTHING),
    "desk.decide": (ITEM, {"public_id": "item"}),
    "desk.drop_saved": (LEAD, {"number": "number"}),
    "desk.hold": (ITEM, {"public_id": "item"}),
    "desk.index": (DESK, NOTHING),
    "desk.keys": (DESK, NOTHING),
    "desk.note": (ITEM, {"public_id": "item"}),
    "desk.photo": (HELD, {"public_id": "item", "photo": "photo", "size": "size"}),
    "desk.proof": (HELD, {"public_id": "item", "number": "number"}),
    "desk.release": (ITEM, {"public_id": "item"}),
    "desk.saved": (LEAD, NOTHING),
    "desk.second": (ITEM, {"public_id": "item"}),
    "desk.show": (ITEM, {"public_id": "item"}),
    "desk.take": (ITEM, {"public_id": "item"}),
    "desk.ties": (DESK, NOTHING),
}
