"""E-mail addresses as links between people: the mailbox behind an alias, and hosts that anybody may use."""

# Where anybody gets a mailbox: to share such a domain says nothing.
PUBLIC_HOSTS = frozenset(
    """
    aol.com bigpond.com bk.ru bluewin.ch bol.com.br bt.com btinternet.com comcast.net cox.net daum.net duck.com
    example.com example.net example.org fastmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de
    gmx.net googlemail.com
    hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.ru
    interia.pl laposte.net libero.it live.co.uk live.com live.fr live.nl mac.com mail.com mail.ru mailbox.org me.com
    msn.com naver.com ntlworld.com o2.pl online.de onet.pl optusnet.com.au orange.fr outlook.com outlook.de outlook.es
    outlook.fr pm.me posteo.de proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com
    rogers.com sbcglobal.net seznam.cz sfr.fr shaw.ca simplelogin.com sky.com sympatico.ca t-online.de talktalk.net
    telenet.be telus.net terra.com.br tiscali.it tutanota.com tuta.io uol.com.br verizon.net virgilio.it virginmedia.com
    wanadoo.fr web.de wp.pl xtra.co.nz yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au yahoo.com.br
    yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com zoho.com ziggo.nl 126.com 163.com
    """.split()  # noqa: SIM905 (a hundred quoted names would be harder to read)
)
# Hosts that deliver `a.b@` and `ab@` to one mailbox.
_DOTLESS = {"gmail.com", "googlemail.com"}


def domain_of(email: str) -> str:
    """The part after the @, in lower case; empty for no address."""
    return email.rpartition("@")[2].lower() if "@" in email else ""


def is_public_host(domain: str) -> bool:
    return domain in PUBLIC_HOSTS


def mailbox(email: str) -> str:
    """The mailbox that an address leads to: without a `+tag`, and without dots where the host ignores them."""
    local, _at, domain = email.lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
