"""The order book of a British wholesaler, a year of real invoices, as customers and confirmed orders in Odoo.

    .dev/venv/bin/python dev/online_retail.py DATABASE [--csv PATH]

makes the database and fills it. The file ("Online Retail", UCI, doi 10.24432/C5BW33) is no part of this project: it is
read from --csv, else KAM_ONLINE_RETAIL, else beside the checkout. Loading is bulk SQL: 18,532 orders in some seconds.

Its times are London's; Odoo keeps UTC. Its amounts are pounds, and so is the company's currency afterwards.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from kamdev import instance, postgres, templates
from kamdev.settings import ROOT, Stop

MODULES = ("kam_management", "sale_management", "sale_margin")
IN_ODOO = Path(__file__).parent / "in_odoo" / "online_retail.py"
# What the file calls otherwise than Odoo. "Unspecified" and "European Community" are no country.
COUNTRIES = {"EIRE": "Ireland", "USA": "United States", "RSA": "South Africa", "Channel Islands": "Jersey"}


@dataclass(frozen=True)
class Loaded:
    """What was put into the database."""

    customers: int
    orders: int
    amount: str


def default_csv() -> Path:
    """The file that is read when none is named. It need not exist."""
    given = os.environ.get("KAM_ONLINE_RETAIL")
    return Path(given) if given else ROOT.parent / "shared" / "data" / "online_retail" / "invoices.csv"


def load(database: str, csv: Path | None = None) -> Loaded:
    """Put the file into a database that has `MODULES` and nothing else in it.

    :raises Stop: when the file is not there, or PostgreSQL refuses it.
    """
    csv = csv or default_csv()
    if not csv.is_file():
        raise Stop(f"There is no file {csv}: name it with --csv or KAM_ONLINE_RETAIL.")
    ids = cast(dict[str, int], instance.shell(database, IN_ODOO.read_text()))
    _psql(database, f"{_staged()}{csv.read_text(encoding='utf-8').rstrip()}\n\\.\n{_customers(ids)}{_orders(ids)}")
    for table in ("res_partner", "sale_order", "sale_order_line"):
        postgres.psql(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}", database)
        postgres.psql(f"VACUUM ANALYZE {table}", database)
    (customers, orders, amount), = postgres.psql(
        "SELECT count(DISTINCT partner_id), count(*), sum(amount_untaxed) FROM sale_order", database, rows=True)
    return Loaded(int(customers), int(orders), amount)


def _staged() -> str:
    return """
        BEGIN;
        CREATE TEMP TABLE invoice (number int, moment timestamp, customer int, country text, lines int, units int,
                                   amount numeric) ON COMMIT DROP;
        COPY invoice FROM STDIN WITH (FORMAT csv, HEADER);
"""


def _customers(ids: dict[str, int]) -> str:
    """One company per customer. The rare one that moved has the country of its first invoice."""
    names = ", ".join(f"('{theirs}', '{ours}')" for theirs, ours in COUNTRIES.items())
    return f"""
        CREATE TEMP TABLE customer ON COMMIT DROP AS
        SELECT customer AS number, (array_agg(country ORDER BY moment, invoice.number))[1] AS country,
               {ids['partner']} + row_number() OVER (ORDER BY customer) AS id, min(moment) AS since
          FROM invoice GROUP BY customer;
        INSERT INTO res_partner (
            id, name, complete_name, ref, is_company, active, type, color, lang, autopost_bills, customer_rank,
            supplier_rank, message_bounce, employee, partner_share, commercial_partner_id, kam_account_id, country_id,
            create_uid, write_uid, create_date, write_date)
        SELECT customer.id, 'Customer ' || number, 'Customer ' || number, number, TRUE, TRUE, 'contact', 0, 'en_US',
               'ask', 1, 0, 0, FALSE, TRUE, customer.id, customer.id, country.id, {ids['user']}, {ids['user']}, since,
               since
          FROM customer
          LEFT JOIN (VALUES {names}) AS known (theirs, ours) ON theirs = customer.country
          LEFT JOIN res_country country ON country.name ->> 'en_US' = COALESCE(known.ours, customer.country);
"""


def _orders(ids: dict[str, int]) -> str:
    """One confirmed order per invoice, with one line that carries its amount."""
    return f"""
        CREATE TEMP TABLE sale ON COMMIT DROP AS
        SELECT invoice.*, customer.id AS partner, row_number() OVER (ORDER BY moment, invoice.number) AS place,
               moment AT TIME ZONE 'Europe/London' AT TIME ZONE 'UTC' AS utc
          FROM invoice JOIN customer ON customer.number = invoice.customer;
        INSERT INTO sale_order (
            id, name, partner_id, partner_invoice_id, partner_shipping_id, company_id, currency_id, currency_rate,
            user_id, team_id, state, invoice_status, date_order, amount_untaxed, amount_tax, amount_total, locked,
            require_signature, require_payment, prepayment_percent, create_uid, write_uid, create_date, write_date)
        SELECT {ids['order']} + place, number, partner, partner, partner, {ids['company']}, {ids['currency']}, 1,
               {ids['user']}, {ids['team']}, 'sale', 'no', utc, amount, 0, amount, FALSE, FALSE, FALSE, 1,
               {ids['user']}, {ids['user']}, utc, utc FROM sale;
        INSERT INTO sale_order_line (
            id, order_id, sequence, company_id, currency_id, order_partner_id, salesman_id, product_id, product_uom_id,
            state, invoice_status, qty_delivered_method, name, product_uom_qty, price_unit, technical_price_unit,
            discount, price_subtotal, price_tax, price_total, price_reduce_taxexcl, price_reduce_taxinc, qty_delivered,
            qty_invoiced, qty_to_invoice, customer_lead, is_downpayment, create_uid, write_uid, create_date, write_date)
        SELECT {ids['line']} + place, {ids['order']} + place, 10, {ids['company']}, {ids['currency']}, partner,
               {ids['user']}, {ids['product']}, {ids['uom']}, 'sale', 'no', 'manual',
               format('%s lines, %s units', lines, units), 1, amount, amount, 0, amount, 0, amount, amount, amount,
               1, 0, 0, 0, FALSE, {ids['user']}, {ids['user']}, utc, utc FROM sale;
        COMMIT;
"""


def _psql(database: str, script: str) -> None:
    done = subprocess.run(
        [postgres.tools() / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"], input=script, text=True,
        capture_output=True, env={**os.environ, **postgres.environment()})
    if done.returncode:
        raise Stop(f"PostgreSQL refused the orders: {done.stderr.strip()}")


def main() -> None:
    """Make a database of its own and fill it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database", help="the database to make")
    parser.add_argument("--csv", type=Path, help="the file of invoices")
    options = parser.parse_args()
    try:
        if options.database in postgres.databases():
            raise Stop(f"The database {options.database} is there already: name another.")
        templates.make(options.database, MODULES)
        loaded = load(options.database, options.csv)
    except Stop as problem:
        sys.exit(str(problem))
    print(f"{options.database}: {loaded.customers} customers, {loaded.orders} orders, GBP {loaded.amount}")


if __name__ == "__main__":
    main()
