# ruff: noqa: F821
"""Runs in Odoo's shell: flags the head of a group, or moves the companies below it.

Result: the seconds that it takes, with the commit."""

import time


def step(companies):
    if params["what"] == "flag":
        head.is_key_account = True
    else:
        companies.write({"parent_id": other.id})


head, other = env["res.partner"].browse((params["head"], params["other"]))
companies = env["res.partner"].search([("parent_id", "=", head.id)])
# What Odoo loads at its first write of a kind belongs to no step.
step(companies[:1])
env.flush_all()
env.cr.rollback()
env.invalidate_all()
begun = time.perf_counter()
step(companies)
env.cr.commit()
result = time.perf_counter() - begun
