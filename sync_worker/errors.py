"""What can go wrong, named by what the caller should do, and the exit code of each.

`Retriable`: the same call may be made again, if repeating it is harmless.
`Usage`: the command, its configuration or one of its arguments is wrong; a person corrects it.
`NotAllowed`: the credentials or the rights do not suffice; an administrator acts.
`NotReachable`: there is no such server or database at that address; repeating does not help.
`Lease`: another worker has the company's lease.
`Contract`: addon and worker do not understand each other, or the data break the contract.

A message is one or two sentences for people: what happened and what to do. It never holds a secret, even if a server
repeats one.
"""

from __future__ import annotations

from sync_worker.redaction import redaction

DONE = 0
FAILED = 1  # a defect of this program: nothing below covers it
USAGE = 2
PARTIAL = 3
NOT_ALLOWED = 4
UNREACHABLE = 5
LEASE_HELD = 6
BAD_DATA = 7
INTERRUPTED = 130
# Of several failures the first of these is the one to report: what a person must mend before what may pass by itself.
WORST_FIRST = (FAILED, BAD_DATA, NOT_ALLOWED, USAGE, UNREACHABLE, LEASE_HELD)


class KamError(Exception):
    """An expected failure: `str(error)` is the sentence to show, `code` the word for machines."""

    exit_code = FAILED
    code = "failed"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(redaction.clean(message))
        if code:
            self.code = code


class Retriable(KamError):
    """The call got no usable answer; whether it ran is unknown. Repeat it only where that is harmless."""

    exit_code = UNREACHABLE
    code = "unreachable"


class ConnectFailed(Retriable):
    """No connection: nothing was sent."""


class Dropped(Retriable):
    """The connection broke before the whole answer had arrived."""


class TimedOut(Retriable):
    """The server said nothing for as long as the timeout allows."""


class Busy(Retriable):
    """The server or a proxy before it asks to come back later, or the database had a conflict."""


class Usage(KamError):
    """The command, its configuration or an argument is wrong."""

    exit_code = USAGE
    code = "usage"


class ConfigError(Usage):
    """A setting is missing or wrong. The message names the key and where it came from."""

    code = "config"


class NotAllowed(KamError):
    """The server knows who calls, or refuses to, and says no."""

    exit_code = NOT_ALLOWED
    code = "not_allowed"


class WrongCredentials(NotAllowed):
    """Login, password or API key are wrong, or the key has expired."""

    code = "wrong_credentials"


class NotReachable(KamError):
    """What the address leads to is not an Odoo with that database."""

    exit_code = UNREACHABLE
    code = "unreachable"


class DatabaseMissing(NotReachable):
    """The server has no such database."""

    code = "database_missing"


class Lease(KamError):
    """The lease of the company belongs to another worker."""

    exit_code = LEASE_HELD
    code = "lease_held"


class LeaseLost(Lease):
    """Our own lease has passed to another worker: our token is refused."""

    code = "stale_token"


class Contract(KamError):
    """Addon and worker disagree, or the data do not keep what the contract says."""

    exit_code = BAD_DATA
    code = "contract"


class AddonMissing(Contract):
    """The database has no `kam.sync`: the addon is not installed."""

    code = "addon_missing"


class OtherProtocol(Contract):
    """The addon speaks another version of the contract."""

    code = "other_protocol"


class BadAnswer(Contract):
    """An answer is too large, cannot be read or lacks what the contract promises."""

    code = "bad_answer"


class Unsendable(Contract):
    """A value cannot travel: no plain type, an integer of 2^31 or more, an unknown inside a list."""

    code = "unsendable"


class Refused(Contract):
    """The addon refused the call. `code` is the word in brackets of its refusal."""


class ServerFailed(Contract):
    """The server raised an error that nobody foresaw."""

    code = "server_failed"


class Interrupted(KeyboardInterrupt):
    """SIGINT or SIGTERM. Not an `Exception`, so that no library swallows it."""

    exit_code = INTERRUPTED
    code = "interrupted"
