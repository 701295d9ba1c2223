"""The pages that a visitor can reach, as addresses on the example site."""

from typing import NamedTuple


class Stop(NamedTuple):
    """One page: the name of its pictures, its address, the `saved` cookie brought along, the status it answers."""

    name: str
    address: str
    saved: str = ""
    status: int = 200


LEEDS = (
    "headingley-scalp-hairline-studio-leeds",
    "the-kirkgate-micropigmentation-rooms-leeds",
    "park-row-hair-restoration-leeds",
)

STOPS = (
    Stop("home", "/"),
    Stop("results", "/search?near=Leeds"),
    Stop("results-filtered", "/search?near=Leeds&goal=hairline&price_max=2000&currency=GBP&radius=abc"),
    Stop("results-none", "/search?near=Hull&goal=removal&goal=hairline&radius=5&unit=mi"),
    Stop("results-unknown", "/search?near=Qwxzzkv"),
    Stop("results-crowded", "/search?near=Inverness&radius=60&unit=mi&page=3"),
    Stop("results-hard", "/search?near=Hull"),
    Stop("clinic", f"/clinics/{LEEDS[0]}"),
    Stop("clinic-apart", f"/clinics/{LEEDS[0]}?stage=not-counted"),
    Stop("clinic-healed", f"/clinics/{LEEDS[1]}?stage=healed&sort=helpful&page=2"),
    Stop("clinic-longest", "/clinics/longest-name-hull"),
    Stop("clinic-arabic", "/clinics/arabic-hull"),
    Stop("clinic-chinese", "/clinics/chinese-hull"),
    Stop("clinic-bare", "/clinics/bare-hull"),
    Stop("clinic-markup", "/clinics/markup-hull"),
    Stop("clinic-home-studio", "/clinics/home-hull"),
    Stop("clinic-closed", "/clinics/closed-hull"),
    Stop("practitioner", "/practitioners/amara-osei-bonsu"),
    Stop("practitioner-longest", "/practitioners/long-0"),
    Stop("compare", f"/compare?c={LEEDS[0]}&c={LEEDS[1]}&c={LEEDS[2]}"),
    Stop("compare-hard", "/compare?c=longest-name-hull&c=arabic-hull&c=bare-hull&c=markup-hull&c=nowhere"),
    Stop("saved", "/saved", f"{LEEDS[0]}.longest-name-hull.no-longer-listed"),
    Stop("saved-empty", "/saved"),
    Stop("save", f"/saved?add={LEEDS[0]}"),
    Stop("preferences", "/preferences"),
    Stop("guide", "/guide/"),
    Stop("guide-topic", "/guide/questions-to-ask"),
    Stop("policy-ranking", "/policy/ranking"),
    Stop("policy-reviews", "/policy/reviews"),
    Stop("policy-privacy", "/policy/privacy"),
    Stop("transparency", "/transparency"),
    Stop("transparency-log", "/transparency/log"),
    Stop("transparency-row", "/transparency/log/1"),
    Stop("api", "/api/"),
    Stop("not-found", "/clinics/never-was", status=404),
)
