"""The benchmarks' data are data that Odoo could have made: it reads them all, and agrees on what it computes itself."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from lab import Lab, LabError
from live import APPS, LANGUAGES, start

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import wallets
from generate import Size, fill

SIZE = Size(customers=60, orders=300, opportunities=300, invoices=80, as_of=dt.date(2026, 6, 30))

READ = """
models = ("res.partner", "sale.order", "sale.order.line", "crm.lead", "account.move", "kam.assessment")
counts = {}
for name in models:
    records = env[name].with_context(active_test=False).search([])
    records.read()
    counts[name] = len(records)
partners = env["res.partner"].with_context(active_test=False).search([])
before = {partner.id: (partner.kam_account_id.id, partner.commercial_partner_id.id) for partner in partners}
for name in ("kam_account_id", "commercial_partner_id"):
    env.add_to_compute(partners._fields[name], partners)
    partners._recompute_field(partners._fields[name])
leads = env["crm.lead"].with_context(active_test=False).search([])
won = {lead.id: lead.won_status for lead in leads}
env.add_to_compute(leads._fields["won_status"], leads)
leads._recompute_field(leads._fields["won_status"])
lines = env["sale.order.line"].search([])
amounts = {line.id: (line.price_subtotal, line.price_total, line.state, line.margin) for line in lines}
orders = env["sale.order"].with_context(active_test=False).search([])
totals = {order.id: order.amount_untaxed for order in orders}
for name in ("price_subtotal", "price_total", "state", "margin"):
    env.add_to_compute(lines._fields[name], lines)
    lines._recompute_field(lines._fields[name])
new = env["sale.order"].create({"partner_id": partners[-1].id})
result = {
    "counts": counts, "next": new.id,
    "accounts": sum(before[p.id] != (p.kam_account_id.id, p.commercial_partner_id.id) for p in partners),
    "won": sum(won[lead.id] != lead.won_status for lead in leads),
    "lines": sum(
        any(a != b and abs(a - b) > 0.01 for a, b in [
            (amounts[line.id][0], line.price_subtotal), (amounts[line.id][1], line.price_total),
            (amounts[line.id][3], line.margin)]) or amounts[line.id][2] != line.state for line in lines),
    "orders": sum(abs(totals[order.id] - sum(order.order_line.mapped("price_subtotal"))) > 0.001 for order in orders),
    "flagged": env["res.partner"].search_count([("is_key_account", "=", True)]),
}
env.cr.rollback()
"""


@pytest.fixture(scope="module")
def database(lab: Lab) -> str:
    name = lab.database(APPS, languages=LANGUAGES)
    wallets.fill(lab, name, SIZE, fill(lab, name, SIZE))
    return name


def test_odoo_reads_every_row_and_agrees(lab: Lab, database: str) -> None:
    found = cast(dict[str, Any], lab.shell(database, READ))
    counts = found["counts"]
    assert (counts["sale.order"], counts["crm.lead"], counts["account.move"]) == (300, 300, 80)
    assert counts["res.partner"] >= SIZE.customers + SIZE.subsidiaries + SIZE.contacts
    assert counts["kam.assessment"] > 0
    assert (found["accounts"], found["won"], found["flagged"]) == (0, 0, 26)
    assert (counts["sale.order.line"], found["lines"], found["orders"]) == (600, 0, 0)
    assert found["next"] == 301


def test_the_worker_scores_them_all(lab: Lab, database: str) -> None:
    live = start(lab, database)
    answer = live.kam_sync("run", "--as-of", str(SIZE.as_of), "--json").ok().json
    assert (answer["state"], answer["refused"]) == ("published", 0)
    # accounts with a document or a flag, at most one per customer and the flagged subsidiary
    assert 50 <= answer["accounts"] <= SIZE.customers + 1


def test_the_wallets_are_what_the_orders_come_to(lab: Lab, database: str) -> None:
    """Revenue is read from the invoices of this size, whose lines the wallet would add up: there are none of those."""
    with pytest.raises(LabError, match="have wrong ones"):
        wallets.check(lab, database, SIZE)
    lab.shell(database, "env['kam.settings'].search([]).revenue_source = 'orders'")
    start(lab, database).kam_sync("run", "--as-of", str(SIZE.as_of), "--json").ok()
    assert wallets.check(lab, database, SIZE) == wallets.PLANS * wallets.LINES_OF_A_PLAN


def test_the_same_seed_makes_the_same_rows(lab: Lab, database: str) -> None:
    digest = """SELECT md5(string_agg(concat(id, partner_id, amount_untaxed, date_order), ' ' ORDER BY id))
                  FROM sale_order"""
    again = lab.database(APPS, languages=LANGUAGES)
    fill(lab, again, SIZE)
    assert lab.sql(database, digest) == lab.sql(again, digest)
