"""What `make`, `dev/setup`, `dev/odoo` and the tests' lab stand on: an Odoo 19, a PostgreSQL and the worker's
environment, all under the git-ignored `.dev/`. Standard library only, because it runs before anything is installed.

    settings    folders, ports and the variables that move them
    steps       progress lines, stamps, running a command into a log
    debian      Odoo 19 and the browser from Debian's packages
    venvs       the three Python environments: PostgreSQL, worker, Odoo
    postgres    the embedded server, or the one that PGHOST names
    instance    Odoo's configuration, one-off commands and servers
    environment puts the above together: `dev/setup`
    demo        `make demo`
    checks      `make test`
    cli         what the entry points in `dev/` call
"""
