"""How often each door of the accounts may be tried: the figures of widely used sites, moving windows.

An address (of the network) and an account have each their own allowance, never one for both together: many addresses
cannot try one account more often, nor one address many accounts.
"""

from werkzeug.exceptions import TooManyRequests

from directory.accounts.devices import known_device
from directory.accounts.models import User
from directory.allowance import Allowance, spend
from directory.limits import caller

MINUTE, HOUR, DAY = 60, 3_600, 86_400

SIGN_IN_ACCOUNT = Allowance("sign-in/account", 10, 5 * MINUTE)
SIGN_IN_DEVICE = Allowance("sign-in/device", 10, 5 * MINUTE)
SIGN_IN_CALLER = Allowance("sign-in/caller", 10, 5 * MINUTE)
PASSKEY_CALLER = Allowance("passkey/caller", 30, 5 * MINUTE)
FACTOR_SHORT = Allowance("factor", 5, 5 * MINUTE)
FACTOR_LONG = Allowance("factor", 20, HOUR)
RESET_SHORT = Allowance("reset/account", 5, 30 * MINUTE)
RESET_DAY = Allowance("reset/account", 5, DAY)
RESET_CALLER = Allowance("reset/caller", 25, 5 * MINUTE)
SIGN_UP_CALLER = Allowance("sign-up/caller", 5, 30 * MINUTE)
CONFIRM_ACCOUNT = Allowance("confirm/account", 3, 6 * HOUR)
LINK_CALLER = Allowance("link/caller", 25, 5 * MINUTE)
ASK_LINK = Allowance("ask-link/account", 5, DAY)
ASK_LINK_CALLER = Allowance("ask-link/caller", 25, 5 * MINUTE)


def refuse_unless(allowed: bool, seconds: int = 5 * MINUTE, words: str = "") -> None:
    """Raise 429, with the time to wait, and words of its own if there are any, when an allowance is used up.

    Commit before.
    """
    if not allowed:
        raise TooManyRequests(words or None, retry_after=seconds)


def may_sign_in(email: str) -> bool:
    """Count one try of a password. A device that signed in before counts by itself, so nobody is locked out of it."""
    device = known_device(email)
    own = spend(SIGN_IN_DEVICE, device) if device else spend(SIGN_IN_ACCOUNT, email)
    return spend(SIGN_IN_CALLER, caller()) and own


def may_try_factor(user: User) -> bool:
    """Count one try of a code."""
    return all([spend(FACTOR_SHORT, user.public_id), spend(FACTOR_LONG, user.public_id)])


def may_ask_reset(email: str) -> bool:
    """Count one letter for a forgotten password to this address."""
    return all([spend(RESET_SHORT, email), spend(RESET_DAY, email)])
