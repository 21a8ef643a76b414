"""From what a server answers when it says no, to the typed errors of `sync_worker.errors`.

Two protocols say the same things differently. XML-RPC has a fault code (1 a server error whose last line names the
exception, 2 `UserError` and its kin, 3 access denied, 4 `AccessError`) and JSON-2 an HTTP status (401, 403, 404, 409,
422, 500) with the exception's name. In both, a refusal of the addon is a text that begins with a code in brackets:

>>> type(refusal("[lease_held] srv1:812 keeps it until 10:42.")).__name__
'Lease'
>>> str(refusal("[totals_mismatch] 4 rows were staged, 5 announced."))
'4 rows were staged, 5 announced.'
>>> refusal("Something else.") is None
True
"""

from __future__ import annotations

import re

from sync_worker import errors

BRACKETED = re.compile(r"^\s*\[([a-z_]+)\]\s*(.*)", re.DOTALL)

REFUSALS: dict[str, type[errors.KamError]] = {
    "lease_held": errors.Lease,
    "stale_token": errors.LeaseLost,
    "missing_rights": errors.NotAllowed,
    "unknown_account": errors.Usage,
    "bad_argument": errors.Usage,
}

# Errors of PostgreSQL that are gone when the transaction is tried again; Odoo has tried five times by then.
CONFLICTS = re.compile(r"SerializationFailure|LockNotAvailable|DeadlockDetected|ConcurrencyError|could not serialize")
# PostgreSQL is being restarted, or has just been: Odoo finds its connections broken, or gets no new one.
DATABASE_AWAY = re.compile(r"OperationalError|InterfaceError|AdminShutdown|CrashShutdown|CannotConnectNow"
                           r"|terminating connection|connection already closed|server closed the connection")
DATABASE_MISSING = re.compile(r'database "[^"]*" does not exist|KeyError: \'(ir\.http|res\.users)\'')
OTHER_SIGNATURE = re.compile(r"unexpected keyword argument|required positional argument|missing a required argument"
                             r"|takes \d+ positional|The method '.*' does not exist|too many positional")

CREDENTIALS = ("The server refuses these credentials. Check KAM_LOGIN and KAM_PASSWORD (or KAM_PASSWORD_FILE). An "
               "API key may have expired: then a system administrator makes a new one for the worker's user.")
ADDON = ("The database has no kam.sync: install the addon kam_management in it, or check that KAM_DATABASE "
         "names the right database.")
SIGNATURE = ("The addon does not know this call as this worker makes it ({}). Install addon and worker of the same "
             "release.")
DATABASE = ("The server has no database of the name in KAM_DATABASE, or it is not set up yet. Check KAM_DATABASE "
            "and KAM_URL.")
FAILED = "Odoo failed with an error of its own: {}. Its log has the details."
BUSY = "Odoo could not finish because of a conflict with other work: {}."
AWAY = "Odoo has lost its connection to the database: {}. Try again in a while."
UNMARSHALLABLE = ("The answer of Odoo could not be sent ({}); what the call wrote may have been kept. Install addon "
                  "and worker of the same release.")


def refusal(text: str) -> errors.KamError | None:
    """The error for a refusal of the addon, or nothing when the text has no code in brackets."""
    match = BRACKETED.match(text)
    if not match:
        return None
    code, sentence = match.groups()
    return REFUSALS.get(code, errors.Refused)(sentence.strip() or code, code=code)


def xmlrpc_fault(code: object, text: str) -> errors.KamError:
    """The error for an XML-RPC fault."""
    text = text.strip()
    if code == 3:
        return errors.WrongCredentials(CREDENTIALS)
    if code == 4:
        return _no_access(text)
    if code == 2:
        if re.match(r"Object \S+ doesn't exist", text):
            return errors.AddonMissing(ADDON)
        return refusal(text) or errors.Refused(first_line(text), code="refused")
    return server_error(text)


def server_error(text: str) -> errors.KamError:
    """The error for an exception of the server; `text` may be a whole traceback, whose last lines name it."""
    line = last_line(text)
    if DATABASE_MISSING.search(text):
        return errors.DatabaseMissing(DATABASE)
    if CONFLICTS.search(line):
        return errors.Busy(BUSY.format(line))
    if DATABASE_AWAY.search(line):
        return errors.Busy(AWAY.format(line))
    if "AccessDenied" in line:
        return errors.WrongCredentials(CREDENTIALS)
    if "cannot marshal" in line or "exceeds XML-RPC limits" in line:
        return errors.BadAnswer(UNMARSHALLABLE.format(line))
    if OTHER_SIGNATURE.search(line):
        return errors.OtherProtocol(SIGNATURE.format(line))
    return errors.ServerFailed(FAILED.format(line))


def json2_error(status: int, answer: object) -> errors.KamError:
    """The error for a JSON-2 answer that is not 200. `answer` is the parsed body, or nothing if it was not JSON."""
    fields = answer if isinstance(answer, dict) else {}
    message, name = str(fields.get("message") or ""), str(fields.get("name") or "")
    if status == 401 or name.endswith(("AccessDenied", "SessionExpiredException")):
        return errors.WrongCredentials(CREDENTIALS)
    if status == 403:
        return _no_access(message)
    if status == 404 and fields:
        return errors.AddonMissing(ADDON) if "model" in message else errors.OtherProtocol(SIGNATURE.format(message))
    if status == 404:
        return errors.DatabaseMissing(DATABASE)
    if status == 409:
        return errors.Busy(BUSY.format(first_line(message)))
    if status == 422:
        known = refusal(message)
        if not known and OTHER_SIGNATURE.search(message):
            known = errors.OtherProtocol(SIGNATURE.format(message))
        return known or errors.Refused(first_line(message), code="refused")
    if fields:
        return server_error(str(fields.get("debug") or f"{name}: {message}"))
    return http_status(status)


def http_status(status: int, location: str | None = None) -> errors.KamError:
    """The error for an HTTP status that says nothing of Odoo: a proxy, another program, a wrong address."""
    if 300 <= status < 400:
        return errors.NotReachable(f"The server redirects elsewhere ({location or 'nowhere'}). Set KAM_URL to the "
                                   "final address; credentials are not sent after a redirect.")
    if status in (401, 403, 407):
        return errors.NotAllowed(f"The server or a proxy before it refuses the request (HTTP {status}).")
    if status == 404:
        return errors.NotReachable("There is no such service at KAM_URL (HTTP 404). Check the address; a server that "
                                   "no longer offers XML-RPC needs KAM_TRANSPORT=json2.")
    if status == 413:
        return errors.Contract("The server refuses a request of this size (HTTP 413). Set KAM_BATCH_ROWS to less.")
    if status in (408, 425, 429, 502, 503, 504):
        return errors.Busy(f"The server is not ready (HTTP {status}). Try again in a while.")
    return errors.ServerFailed(FAILED.format(f"HTTP {status}"))


def _no_access(text: str) -> errors.KamError:
    said = first_line(text) or "Access refused."
    if "Key Accounts: service" not in said:
        said += " The user of KAM_LOGIN, or of the API key, needs the group “Key Accounts: service” in Odoo."
    return refusal(text) or errors.NotAllowed(said)


def first_line(text: str) -> str:
    """The first line that says something."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def last_line(text: str) -> str:
    """The line of a traceback that names the exception: the last one that starts at the margin."""
    lines = [line for line in text.splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"[A-Za-z_][\w.]*(:|$)", line)]
    return (named or lines or ["no reason given"])[-1].strip()
