"""What must happen before Odoo creates our columns.

`res.partner.kam_account_id` is stored and recursive. Left to the ORM, a database of 100,000 partners is walked
record by record at install, and a loop of companies that already stands in it has no top to find. Here one
statement fills it from the top of each tree, and a second one, with a guard, whatever hangs in a loop. The ORM
computes a stored field at install only when its column is new, so it leaves these values alone.
"""
from odoo.tools import SQL

from . import backfill


def pre_init_hook(env):
    env.cr.execute(SQL("ALTER TABLE res_partner ADD COLUMN IF NOT EXISTS kam_account_id integer"))
    fill_accounts(env.cr)
    add_confidentiality(env.cr)
    backfill.fill(env.cr)


def add_confidentiality(cr):
    """Everybody's partners are open to the company: a default of the column itself, which rewrites no row."""
    cr.execute(SQL("ALTER TABLE res_partner ADD COLUMN IF NOT EXISTS kam_confidentiality varchar DEFAULT 'company'"))


def fill_accounts(cr):
    """Give every partner the top of its `parent_id` tree as its account (nobody is flagged yet).

    Walking down from the tops never enters a loop, so this ends whatever the data. Partners it can't reach
    belong to a loop or hang below one: their account is the oldest member (smallest id) of that loop.
    """
    cr.execute(SQL("""
        WITH RECURSIVE tree AS (
            SELECT id, id AS top FROM res_partner WHERE parent_id IS NULL
            UNION ALL
            SELECT child.id, tree.top FROM tree JOIN res_partner child ON child.parent_id = tree.id
        )
        UPDATE res_partner SET kam_account_id = tree.top FROM tree WHERE tree.id = res_partner.id
    """))
    cr.execute(SQL("""
        WITH RECURSIVE walk AS (
            SELECT id, parent_id AS up, ARRAY[id] AS path FROM res_partner WHERE kam_account_id IS NULL
            UNION ALL
            SELECT walk.id, parent.parent_id, walk.path || parent.id
              FROM walk JOIN res_partner parent ON parent.id = walk.up
             WHERE parent.id != ALL(walk.path)
        ), looped AS (
            SELECT id, (SELECT min(member)
                          FROM unnest(path[array_position(path, up):]) AS member) AS account
              FROM walk
             WHERE up = ANY(path)
        )
        UPDATE res_partner SET kam_account_id = looped.account FROM looped WHERE looped.id = res_partner.id
    """))


def uninstall_hook(env):
    """Take along what Odoo does not know to be ours."""
    # Other apps that extend mail.thread note in their own name that our models inherit it.
    env.cr.execute("""
        DELETE FROM ir_model_data
         WHERE model = 'ir.model.inherit' AND module != 'kam_management' AND name ~ '^model_inherit__kam_'""")
    # The tables of runs that were under way are made by hand.
    env.cr.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^kam_(pull|stage)_[0-9]+_'")
    for (name,) in env.cr.fetchall():
        env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))
