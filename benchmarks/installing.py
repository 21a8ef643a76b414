"""The second benchmark: installing the addon in a database that is at work, flagging a group of companies, moving one.

Run it as `benchmarks/run install` or as part of `make bench`. Ratios compare with a plain UPDATE of one number of the
same rows, which is the least that any change of them costs, and for the move with Odoo without the addon.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import generate
import report
from kamdev import instance, templates
from kamdev.settings import LOGS, addons
from lab import ADDON, Lab, LabError
from postgres_alone import DURATION
from rich.console import Console

IN_ODOO = Path(__file__).parent / "in_odoo"
# Beside the customers there are a twentieth as many subsidiaries and a tenth as many contacts: see `generate.Size`.
PARTNERS_PER_CUSTOMER = 1.15
# Tracked moves of an opportunity, one at least.
MOST_MOVES = 3


@dataclass(frozen=True)
class Measured:
    """Everything that one run found, in seconds."""

    partners: int
    leads: int
    moves: int
    companies: int
    empty: float
    filled: float
    touch_all: float
    flag: float
    move: float
    move_without: float
    touch_group: float
    load: float
    machine: str


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run install", description=__doc__.splitlines()[0])
    parser.add_argument("--partners", type=int, default=100_000, help="default: %(default)s")
    parser.add_argument("--leads", type=int, default=200_000, help="opportunities (default: %(default)s)")
    parser.add_argument("--companies", type=int, default=10_000,
                        help="how many are flagged and moved, beside the partners (default: %(default)s)")
    parser.add_argument("--no-record", action="store_true", help="leave docs/benchmarks.md as it is")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    console = Console()
    try:
        with Lab() as lab:
            found = measure(lab, options.partners, options.leads, options.companies)
    except (LabError, ValueError) as problem:
        console.print(str(problem), style="red", markup=False)
        return 1
    report.draw(console, title(found), f"{found.machine}; load when it began: {found.load:.1f}", rows(found))
    if not options.no_record:
        facts = f"{dt.date.today()}, {found.machine}; load of the machine when it began: {found.load:.1f}."
        report.keep(f"install-{found.partners}-{found.leads}-{found.companies}", title(found), facts, rows(found))
        console.print(f"Kept in {report.DOCUMENT.relative_to(report.ROOT)}.", highlight=False)
    return 0


def measure(lab: Lab, partners: int, leads: int, companies: int) -> Measured:
    """Fill a database that has Odoo's apps only, then install the addon in it and go on."""
    ours = {folder.name: folder for folder in addons()}
    apps = sorted(templates.dependencies(generate.MODULES, ours))
    empty, filled = lab.database(apps), lab.database(apps)
    group = fill(lab, filled, partners, leads, companies)
    load = os.getloadavg()[0]
    without = lab.copy(filled)
    # The copy's pages are not yet in memory as those of the database it is compared with are.
    touch(lab, without, "res_partner", "TRUE")
    move_without = in_odoo(lab, without, "move", group)
    lab.drop(without)
    touch_all = touch(lab, filled, "res_partner", "TRUE") + touch(lab, filled, "crm_lead", "TRUE")
    touch_group = touch(lab, filled, "res_partner", f"parent_id = {group['head']}")
    seconds = {name: install(name) for name in (empty, filled)}
    check(lab, filled, "of the installation", "kam_account_id IS DISTINCT FROM COALESCE(parent_id, id)")
    flag = in_odoo(lab, filled, "flag", group)
    check(lab, filled, "of the flag", f"kam_account_id != {group['head']}")
    move = in_odoo(lab, filled, "move", group)
    check(lab, filled, "of the move", f"kam_account_id != {group['other']}")
    postgres = lab.sql(filled, "SHOW server_version")[0][0]
    odoo = lab.sql(filled, "SELECT latest_version FROM ir_module_module WHERE name = 'base'")[0][0]
    counted = [int(lab.sql(filled, f"SELECT count(*) FROM {table}")[0][0]) for table in (
        "res_partner", "crm_lead", "mail_tracking_value")]
    return Measured(*counted, companies, seconds[empty], seconds[filled], touch_all, flag, move, move_without,
                    touch_group, load, report.machine(postgres, odoo))


def fill(lab: Lab, database: str, partners: int, leads: int, companies: int) -> dict[str, int]:
    """Customers, opportunities that were moved through the pipeline, and a group of companies of its own; returns the
    ids of the group's head and of the company that it will be moved to."""
    size = generate.Size(max(1, round(partners / PARTNERS_PER_CUSTOMER)), 0, leads)
    ids = cast(dict[str, Any], lab.script(IN_ODOO / "pipeline.py", database))
    ids["first"] = int(lab.sql(database, "SELECT max(id) FROM res_partner")[0][0])
    lab.sql(database, generate.bare("res_partner", generate.partners(size, ids)))
    lab.sql(database, generate.bare("crm_lead", generate.opportunities(size, ids)))
    for table in ("res_partner", "crm_lead"):
        lab.sql(database, f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")
    lab.sql(database, _moves(ids))
    head, other = (int(lab.sql(database, _company(f"'{name}'", "NULL", "1"))[0][0]) for name in ("Group", "Buyer"))
    lab.sql(database, _company("'Company ' || i", str(head), str(companies)))
    lab.sql(database, "UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL")
    lab.sql(database, "VACUUM ANALYZE")
    return {"head": head, "other": other}


def _company(name: str, parent: str, number: str) -> str:
    return f"""
        INSERT INTO res_partner (name, complete_name, is_company, parent_id, active, type, color, lang, autopost_bills,
                                 customer_rank, supplier_rank, message_bounce, employee, partner_share, create_uid,
                                 write_uid, create_date, write_date)
        SELECT {name}, {name}, TRUE, {parent}, TRUE, 'other', 0, 'en_US', 'ask', 1, 0, 0, FALSE, TRUE, 2, 2, now(),
               now()
          FROM generate_series(1, {number}) AS i
        RETURNING id
    """


def _moves(ids: dict[str, Any]) -> str:
    """Messages that tell of moves through the stages, one to three for each opportunity, as the chatter tracks them."""
    return f"""
        INSERT INTO mail_message (model, res_id, message_type, date, create_date, write_date, create_uid, write_uid)
        SELECT 'crm.lead', id, 'notification', create_date + move * interval '3 days', now(), now(), 2, 2
          FROM crm_lead, generate_series(1, 1 + id % {MOST_MOVES}) AS move;
        INSERT INTO mail_tracking_value (
            mail_message_id, field_id, old_value_integer, new_value_integer, create_date, write_date, create_uid,
            write_uid)
        SELECT id, (SELECT id FROM ir_model_fields WHERE model = 'crm.lead' AND name = 'stage_id'),
               (ARRAY{ids['stages']})[place], (ARRAY{ids['stages']})[place + 1], now(), now(), 2, 2
          FROM (SELECT id, row_number() OVER (PARTITION BY res_id ORDER BY date) AS place
                  FROM mail_message WHERE model = 'crm.lead' AND message_type = 'notification') AS move
         WHERE place < cardinality(ARRAY{ids['stages']})
    """


def touch(lab: Lab, database: str, table: str, which: str) -> float:
    """Seconds that PostgreSQL needs to change one number of these rows, the quickest of three."""
    found = []
    for _turn in range(3):
        plan = lab.sql(database, f"EXPLAIN (ANALYZE, TIMING OFF) UPDATE {table} SET color = color + 1 WHERE {which}")
        found.append(sum(map(float, DURATION.findall("\n".join(row[0] for row in plan)))) / 1000)
        lab.sql(database, f"VACUUM ANALYZE {table}")
    return min(found)


def install(database: str) -> float:
    """Seconds of `dev/odoo -i`, from the start of the process to its end."""
    begun = time.perf_counter()
    instance.install(database, [ADDON], LOGS / f"{database}-install.log", languages="")
    return time.perf_counter() - begun


def in_odoo(lab: Lab, database: str, what: str, group: dict[str, int]) -> float:
    """Seconds of the step itself, with its commit, inside an Odoo that is up."""
    return float(cast(float, lab.script(IN_ODOO / "group.py", database, what=what, **group)))


def check(lab: Lab, database: str, of_what: str, wrong: str) -> None:
    """Seconds of a wrong result are worth nothing."""
    statements = {
        "accounts": f"SELECT count(*) FROM res_partner WHERE name LIKE 'Company %' AND {wrong}",
        "empty accounts": "SELECT count(*) FROM res_partner WHERE kam_account_id IS NULL",
        "dates": "SELECT count(*) FROM crm_lead JOIN crm_stage ON crm_stage.id = stage_id WHERE type = 'opportunity' "
                 "AND (kam_date_identified IS NULL OR kam_phase = 'identified' AND kam_date_qualified IS NOT NULL "
                 "OR kam_phase != 'identified' AND kam_date_qualified IS NULL)",
    }
    for name, statement in statements.items():
        number = int(lab.sql(database, statement)[0][0])
        if number:
            raise LabError(f"The result {of_what} is wrong: {name}, {number} rows.")


def title(found: Measured) -> str:
    return f"Installing, flagging and moving: {found.partners:,} partners, {found.leads:,} opportunities"


def rows(found: Measured) -> list[report.Row]:
    added = found.filled - found.empty
    return [
        ("**installing** in an empty database", report.seconds(found.empty), ""),
        (f"**installing** beside these, with {found.moves:,} tracked moves", report.seconds(found.filled), ""),
        ("— what they add", report.seconds(added), report.times(added, found.touch_all)),
        ("— PostgreSQL alone: one number of each of them changed", report.seconds(found.touch_all), "1"),
        (f"**flagging** a company with {found.companies:,} below it", report.seconds(found.flag),
         report.times(found.flag, found.touch_group)),
        (f"**moving** {found.companies:,} companies below another one", report.seconds(found.move),
         f"{report.times(found.move, found.touch_group)}, {report.times(found.move, found.move_without)} without "
         "the addon"),
        ("— the same in Odoo without the addon", report.seconds(found.move_without),
         report.times(found.move_without, found.touch_group)),
        ("— PostgreSQL alone: one number of each of them changed", report.seconds(found.touch_group), "1"),
    ]


if __name__ == "__main__":
    sys.exit(main())
