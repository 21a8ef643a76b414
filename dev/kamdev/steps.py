"""Progress in plain lines, commands into logs, stamps that tell finished work from interrupted work."""

import contextlib
import fcntl
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from .settings import DEV, LOGS, Stop, write_atomic

STARTED = time.monotonic()


def say(text: str) -> None:
    print(f"[{time.monotonic() - STARTED:5.0f} s] {text}", flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    say(f"{title} …")
    began = time.monotonic()
    yield
    say(f"{title}: done in {time.monotonic() - began:.1f} s")


def run(command: Sequence[str | Path], log: str, *, env: dict[str, str] | None = None, cwd: Path | None = None,
        stdin: str | None = None, what: str = "") -> None:
    """Runs a command into `.dev/logs/LOG.log`; if it fails, stops with the end of that log."""
    path = LOGS / f"{log}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as output:
        result = subprocess.run([str(part) for part in command], stdout=output, stderr=subprocess.STDOUT, env=env,
                                cwd=cwd, input=stdin, text=True,
                                **({} if stdin is not None else {"stdin": subprocess.DEVNULL}))
    if result.returncode:
        raise Stop(f"{what or Path(command[0]).name} failed ({result.returncode}). The end of {path}:\n{tail(path)}")


def tail(path: Path, lines: int = 25) -> str:
    if not path.exists():
        return "(no log)"
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def stamped(target: Path, inputs: str) -> bool:
    """Whether `target` was finished from these inputs."""
    stamp = target / ".kam-stamp"
    return stamp.is_file() and stamp.read_text() == inputs


def stamp(target: Path, inputs: str) -> None:
    write_atomic(target / ".kam-stamp", inputs)


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """One process of this checkout at a time; the others wait. The kernel frees it if the holder dies."""
    path = DEV / "locks" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another process of this checkout ({name})")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def command_of(pid: int) -> str:
    """The command line of a process, empty if it has gone."""
    found = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return found.stdout.strip()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
