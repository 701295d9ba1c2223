"""What moderators do with a clinic's pictures, what the clinic is told, and pictures that stand with another clinic."""

from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.people import form_token, letters
from tests.moderation.cast import decide, moderator, open_cases, press_decide, reverse, take
from tests.moderation.reporting import report
from tests.portfolio import clinic as at
from tests.portfolio.clinic import Run
from tests.reading import text_of


def _sent(app: Flask, run: Run, *pictures: bytes) -> tuple[FlaskClient, str]:
    owner = at.owner(app, run)
    path = at.begin(owner)
    for place, content in enumerate(pictures):
        assert at.add(owner, path, content, kind=("12m", "6m")[place], taken=at.month_ago(1)).status_code == 303
    for picture in at.ids(app):
        at.post(owner, path, f"/manage/one/pictures/{picture}/consent")
    assert at.send(owner, path).status_code == 303
    return owner, path


def test_one_of_two_is_refused_and_the_clinic_appeals(app: Flask, run: Run) -> None:
    """The reasons go to the clinic, which appeals on its own page; reversed, the picture is shown."""
    owner, _path = _sent(app, run, at.a_picture(1), at.a_picture(40))
    shown, refused = at.ids(app)
    (case,) = open_cases(app, "result")
    desk = moderator(app)
    words = "The light is not the one that is stated."
    take(desk, case)
    blind = press_decide(desk, case, "publish", "picture_true", words, photos=[refused])
    assert blind.status_code == 422
    assert "Look at photo 1 first" in text_of(blind)
    nothing = decide(desk, case, "publish", "picture_true", words, photos=[shown, refused])
    assert "Nothing of it would be shown" in text_of(nothing)
    answer = decide(desk, case, "publish", "picture_true", words, photos=[refused])
    assert answer.status_code == 303, answer.text
    assert at.states(app) == ["published", "refused"]
    visitor = app.test_client()
    assert "published, but for some pictures" in text_of(visitor.get("/transparency/log"))
    assert "Show them" not in text_of(desk.get(f"/desk/items/{case}")), "it says what was done, not what was pressed"
    assert visitor.get(f"/pictures/{shown}/400.webp").status_code == 200
    assert visitor.get(f"/pictures/{refused}/400.webp").status_code == 404
    told = owner.get("/manage/one/decisions")
    assert "A picture is not shown" in text_of(told)
    assert words in text_of(told)
    appeal = told.text.split('href="/manage/one/decisions/')[1].split('"')[0]
    where = f"/manage/one/decisions/{appeal}"
    assert at.post(owner, where, where, text="It was taken beside a window at noon, as stated.").status_code == 303
    (appealed,) = open_cases(app, "appeal")
    reverse(app, appealed)
    assert visitor.get(f"/pictures/{refused}/400.webp").status_code == 200


def test_what_was_refused_is_shown_on_appeal_as_the_person_agreed_to_it(app: Flask, run: Run) -> None:
    """What stands beside a picture that may still come back does not change: nobody would be asked again."""
    owner = at.owner(app, run)
    path = at.begin(owner)
    assert at.add(owner, path).status_code == 303
    assert at.agree(app, at.link_of(app), at.ids(app)[0]).status_code == 303
    facts = owner.get(f"{path}/facts")
    assert at.send(owner, path).status_code == 303
    letters(app)
    (case,) = open_cases(app, "result")
    words = "The light is not the one that is stated."
    assert decide(moderator(app), case, "refuse", "picture_true", words).status_code == 303
    told = {"goal": "crown", "variant": "permanent", "finished": at.month_ago(20), "pigment": "Another pigment"}
    token = {"csrf_token": form_token(facts)}
    assert owner.post(f"{path}/facts", data={**told, **token}).status_code == 409
    assert f"{path}/facts" not in owner.get(path).text
    appeal = owner.get("/manage/one/decisions").text.split('href="/manage/one/decisions/')[1].split('"')[0]
    where = f"/manage/one/decisions/{appeal}"
    assert at.post(owner, where, where, text="It was taken beside a window at noon, as stated.").status_code == 303
    (appealed,) = open_cases(app, "appeal")
    reverse(app, appealed)
    page = text_of(app.test_client().get("/clinics/one/results"))
    assert "Hairline, healed for 12 months" in page
    assert "Another pigment" not in page


def test_sent_back_for_a_change_and_sent_in_anew(app: Flask, run: Run) -> None:
    owner, path = _sent(app, run, at.a_picture(1))
    (picture,) = at.ids(app)
    (case,) = open_cases(app, "result")
    assert decide(moderator(app), case, "ask_edit", "picture_true").status_code == 303
    assert "Needs a change from you" in text_of(owner.get(path))
    described = f"/manage/one/pictures/{picture}"
    told = {"kind": "6m", "taken": at.month_ago(1), "light": "flash", "hair_length": "1mm", "unedited": "y"}
    at.post(owner, described, described, **told)
    at.post(owner, path, f"/manage/one/pictures/{picture}/consent")
    assert at.send(owner, path).status_code == 303
    assert open_cases(app, "result") != [case]


def test_an_appeal_that_is_won_shows_nothing_that_was_stated_otherwise_meanwhile(app: Flask, run: Run) -> None:
    owner, _path = _sent(app, run, at.a_picture(1))
    (picture,) = at.ids(app)
    (case,) = open_cases(app, "result")
    assert decide(moderator(app), case, "ask_edit", "picture_true").status_code == 303
    described = f"/manage/one/pictures/{picture}"
    told = {"kind": "6m", "taken": at.month_ago(1), "light": "flash", "hair_length": "1mm", "unedited": "y"}
    assert at.post(owner, described, described, **told).status_code == 303
    appeal = owner.get("/manage/one/decisions").text.split('href="/manage/one/decisions/')[1].split('"')[0]
    where = f"/manage/one/decisions/{appeal}"
    assert at.post(owner, where, where, text="It was taken beside a window at noon, as stated.").status_code == 303
    (appealed,) = open_cases(app, "appeal")
    reverse(app, appealed)
    assert at.states(app) == ["needs_edit"]
    assert app.test_client().get(f"/pictures/{picture}/400.webp").status_code == 404


def test_taken_back_while_it_waits_leaves_nothing_to_read(app: Flask, run: Run) -> None:
    _sent(app, run, at.a_picture(1))
    (case,) = open_cases(app, "result")
    desk = moderator(app)
    take(desk, case)
    (picture,) = at.ids(app)
    photo = f"/desk/items/{case}/photos/{picture}/800.webp"
    assert desk.get(photo).status_code == 200
    link = at.link_of(app)
    at.post(app.test_client(), link, f"{link}/withdraw", picture=picture)
    assert open_cases(app, "result") == []
    assert desk.get(photo).status_code == 404


def test_the_same_picture_at_another_clinic_is_looked_at_first_with_both(app: Flask, run: Run) -> None:
    """Shown by one clinic, sent in by another a little smaller and written anew."""
    taken = at.a_picture(1)
    at.shown(app, run, content=taken)
    (theirs,) = at.ids(app)
    thief = at.owner(app, run, "two")
    path = at.begin(thief, "two")
    assert at.add(thief, path, at.a_copy(taken)).status_code == 303
    copy = at.ids(app)[-1]
    at.post(thief, path, f"/manage/two/pictures/{copy}/consent")
    at.send(thief, path)
    letters(app)
    (case,) = open_cases(app, "result")
    desk = moderator(app)
    take(desk, case)
    page = text_of(desk.get(f"/desk/items/{case}"))
    assert "The same picture stands with another clinic" in page
    assert "The same picture elsewhere" in page
    for picture in (theirs, copy):
        assert desk.get(f"/desk/items/{case}/photos/{picture}/800.webp").status_code == 200


def test_a_visitor_reports_a_result_and_it_is_taken_down(app: Flask, run: Run) -> None:
    owner, path, _link = at.shown(app, run)
    (picture,) = at.ids(app)
    at.add(owner, path, at.a_picture(50), light="daylight")
    at.post(owner, path, f"/manage/one/pictures/{at.ids(app)[-1]}/consent")
    assert at.send(owner, path).status_code == 303
    about = "result:" + path.rpartition("/")[2]
    assert report(app.test_client(), about).status_code == 303
    (case,) = open_cases(app, "report")
    assert decide(moderator(app, "third"), case, "remove", "photo_rights").status_code == 303
    visitor = app.test_client()
    assert visitor.get(f"/pictures/{picture}/800.webp").status_code == 404
    assert "healed for 12 months" not in text_of(visitor.get("/clinics/one"))
    assert "A picture was taken down" in text_of(owner.get("/manage/one/decisions"))
    assert at.states(app) == ["removed", "pending"], "what nobody has read waits for its own case"


def test_pictures_of_the_place_go_to_the_desk_at_once(app: Flask, run: Run) -> None:
    owner = at.owner(app, run)
    assert at.add_place(owner, nobody="").status_code == 422
    assert at.add_place(owner, content=b"plain words" * 9).status_code == 415
    assert at.add_place(owner).status_code == 303
    (case,) = open_cases(app, "result")
    assert decide(moderator(app), case, "publish").status_code == 303
    visitor = app.test_client()
    assert "The place" in text_of(visitor.get("/clinics/one"))
    (picture,) = at.ids(app)
    assert visitor.get(f"/pictures/{picture}/400.webp").mimetype == "image/webp"
    at.post(owner, "/manage/one/pictures", f"/manage/one/pictures/{picture}/withdraw")
    assert visitor.get(f"/pictures/{picture}/400.webp").status_code == 404
    assert "The place" not in text_of(visitor.get("/clinics/one"))
