"""Customers, orders, opportunities and invoices at scale, by bulk SQL into a scratch database.

The shape is that of a real order book: a fifth of the customers make about four fifths of the revenue, 24 months of
dates, some foreign currency, some groups of companies, some opinions and a few key accounts with their managers.

Every value is a hash of its row's number and the seed, so that the same size and seed give the same rows whatever plan
PostgreSQL chooses; `random()` would not, because parallel workers share its order.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from lab import Lab

IN_ODOO = Path(__file__).parent / "in_odoo"
MODULES = ("kam_management", "sale_management", "sale_margin")
MONTHS_DAYS = 730  # 24 months of dates
FOREIGN_RATE = 0.92
KEY_ACCOUNTS = 25
RATED_ACCOUNTS = 60
# Coprime to every number of customers that is allowed: spreads the large ones over the table.
SPREAD = 1_000_003
LIMIT = 1_000_000


@dataclass(frozen=True)
class Size:
    """How much of each to make. Beside the customers there are a twentieth as many subsidiaries and a tenth as many
    contacts below them; their documents roll up."""

    customers: int
    orders: int
    opportunities: int
    invoices: int = 0
    seed: int = 1
    lines: int = 2  # of each order
    as_of: dt.date = field(default_factory=dt.date.today)
    # of each customer: stakeholders with contacts, and answers; made apart, see relations.py
    people: int = 0
    answers: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.customers <= LIMIT:
            raise ValueError(f"customers must be between 1 and {LIMIT}, not {self.customers}")
        if min(self.orders, self.opportunities, self.invoices, self.lines, self.people, self.answers) < 0:
            raise ValueError("numbers of documents, people and answers can't be negative")

    @property
    def subsidiaries(self) -> int:
        return max(1, self.customers // 20)

    @property
    def contacts(self) -> int:
        return max(1, self.customers // 10)

    @property
    def documents(self) -> int:
        return self.orders + self.opportunities + self.invoices

    def random(self, salt: int, number: str = "i") -> str:
        """SQL for a number in [0, 1) that depends on the row's number, the salt and the seed."""
        return f"((hashint8extended({number}, {self.seed * 1000 + salt}) & 2147483647)::float8 / 2147483648)"


def fill(lab: Lab, database: str, size: Size) -> dict[str, Any]:
    """Make the data and tell the ids of what they refer to.

    The database must have `MODULES` and no customers of ours yet; no server need run on it.
    """
    found = lab.script(IN_ODOO / "people.py", database, rate=FOREIGN_RATE, as_of=str(size.as_of))
    ids = cast(dict[str, Any], found)
    ids["first"] = int(lab.sql(database, "SELECT max(id) FROM res_partner")[0][0])
    lab.sql(database, bare("res_partner", partners(size, ids) + _accounts(size, ids)))
    tables = {"sale_order": (_orders, size.orders), "crm_lead": (opportunities, size.opportunities),
              "account_move": (_invoices, size.invoices)}
    for table, (statement, rows) in tables.items():
        if rows:
            lab.sql(database, bare(table, statement(size, ids)))
    lab.sql(database, _opinions(size, ids))
    for table in ("res_partner", *tables, "kam_assessment"):
        lab.sql(database, f"SELECT setval('{table}_id_seq', max(id)) FROM {table} HAVING max(id) IS NOT NULL")
        lab.sql(database, f"VACUUM ANALYZE {table}")
    return ids


def bare(table: str, statements: str) -> str:
    """The statements with the table's secondary indexes and foreign keys away for as long as they take.

    Checking a million rows once, and building an index once, is several times as fast as row by row.
    """
    return f"""
        CREATE TEMP TABLE bare ON COMMIT DROP AS
        SELECT format('DROP INDEX %s', indexrelid::regclass) AS away, pg_get_indexdef(indexrelid) AS back
          FROM pg_index WHERE indrelid = '{table}'::regclass AND NOT indisprimary
           AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        UNION ALL
        SELECT format('ALTER TABLE {table} DROP CONSTRAINT %I', conname),
               format('ALTER TABLE {table} ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'f';
        DO $$ DECLARE step text; BEGIN FOR step IN SELECT away FROM bare LOOP EXECUTE step; END LOOP; END $$;
        {statements};
        DO $$ DECLARE step text; BEGIN FOR step IN SELECT back FROM bare LOOP EXECUTE step; END LOOP; END $$;
    """


def _ranked(size: Size, salt: int) -> str:
    """SQL for the id offset (1 to customers) of a customer; the few largest are drawn most often."""
    rank = f"floor({size.customers} * {size.random(salt)} ^ 2)::bigint"
    return f"(1 + ({rank} * {SPREAD}) % {size.customers})"


def largest(size: Size, first: int, number: int) -> list[int]:
    """The ids of so many customers, the largest first; all of them where there are fewer."""
    return [first + 1 + place * SPREAD % size.customers for place in range(min(number, size.customers))]


def partners(size: Size, ids: dict[str, Any]) -> str:
    """SQL that makes customers, subsidiaries and contacts, with the columns of Odoo alone."""
    first = ids["first"]
    subsidiaries, contacts = first + size.customers, first + size.customers + size.subsidiaries
    owner = f"(ARRAY{ids['users']})[1 + (i % {len(ids['users'])})]"
    common = ("active, type, color, lang, autopost_bills, customer_rank, supplier_rank, message_bounce, employee, "
              "partner_share, create_uid, write_uid, create_date, write_date")
    values = "TRUE, 'contact', 0, 'en_US', 'ask', 1, 0, 0, FALSE, TRUE, 2, 2, now(), now()"
    return f"""
        INSERT INTO res_partner (id, name, complete_name, is_company, commercial_partner_id, user_id, country_id, ref,
                                 email, email_normalized, {common})
        SELECT {first} + i, 'Customer ' || i, 'Customer ' || i, TRUE, {first} + i, {owner},
               (SELECT id FROM res_country WHERE code = (ARRAY['ES', 'FR', 'DE', 'GB', 'MX', 'US'])[1 + i % 6]),
               'C' || i, 'office@customer' || i || '.example', 'office@customer' || i || '.example', {values}
          FROM generate_series(1, {size.customers}) AS i;
        INSERT INTO res_partner (id, name, complete_name, is_company, commercial_partner_id, parent_id, {common})
        SELECT {subsidiaries} + i, 'Subsidiary ' || i, 'Subsidiary ' || i, TRUE, {subsidiaries} + i,
               CASE WHEN i % 5 = 0 THEN {subsidiaries} + i - 1 ELSE {first} + {_ranked(size, 1)} END, {values}
          FROM generate_series(1, {size.subsidiaries}) AS i;
        INSERT INTO res_partner (id, name, complete_name, is_company, commercial_partner_id, parent_id, function,
                                 {common})
        SELECT {contacts} + i, 'Person ' || i, 'Customer ' || above || ', Person ' || i, FALSE, {first} + above,
               {first} + above, 'Buyer', {values}
          FROM (SELECT i, {_ranked(size, 2)} AS above FROM generate_series(1, {size.contacts}) AS i) AS person;
    """


def _accounts(size: Size, ids: dict[str, Any]) -> str:
    """Flags and managers for the largest customers, and each partner's account as the addon defines it."""
    first, managers = ids["first"], ids["users"]
    return f"""
        UPDATE res_partner SET is_key_account = TRUE, kam_company_id = {ids["company"]},
                               kam_manager_id = (ARRAY{managers})[1 + id % {len(managers)}]
         WHERE id = ANY(ARRAY{largest(size, first, KEY_ACCOUNTS)})
            OR id = {first + size.customers + 1};
        WITH RECURSIVE tree AS (
            SELECT id, id AS account FROM res_partner WHERE parent_id IS NULL
            UNION ALL
            SELECT child.id, CASE WHEN child.is_key_account THEN child.id ELSE tree.account END
              FROM tree JOIN res_partner child ON child.parent_id = tree.id)
        UPDATE res_partner SET kam_account_id = tree.account FROM tree
         WHERE tree.id = res_partner.id AND res_partner.kam_account_id IS DISTINCT FROM tree.account
    """


def _documents(size: Size, rows: int, salt: int, first: int) -> str:
    """A table of documents: number, partner, amount, and the moment, which grows with the number."""
    r = size.random
    below = first + size.customers
    rank = f"floor({size.customers} * x)::bigint"
    return f"""
        SELECT i, CASE WHEN {r(salt + 1)} < 0.05 THEN {below} + 1 + floor({size.subsidiaries} * {r(salt + 2)})::int
                       WHEN {r(salt + 1)} < 0.15
                       THEN {below + size.subsidiaries} + 1 + floor({size.contacts} * {r(salt + 2)})::int
                       ELSE {first} + 1 + ({rank} * {SPREAD}) % {size.customers} END AS partner,
               round((300 * greatest(x, 0.001) ^ -0.36 * (0.2 - ln(1 - {r(salt + 3)})))::numeric, 2) AS amount,
               date_trunc('second', '{size.as_of}'::timestamp - (1 - (i - {r(salt + 4)}) / {rows})
                                    * interval '{MONTHS_DAYS} days') AS moment
          FROM (SELECT i, {r(salt)} ^ 2 AS x FROM generate_series(1, {rows}) AS i) AS drawn
    """


def _orders(size: Size, ids: dict[str, Any]) -> str:
    r = size.random
    return f"""
        INSERT INTO sale_order (
            id, name, partner_id, partner_invoice_id, partner_shipping_id, company_id, currency_id, currency_rate,
            user_id, team_id, state, invoice_status, date_order, amount_untaxed, amount_tax, amount_total, margin,
            margin_percent, locked, require_signature, require_payment, prepayment_percent, create_uid, write_uid,
            create_date, write_date)
        SELECT i, 'S' || lpad(i::text, 7, '0'), partner, partner, partner, {ids['company']},
               CASE WHEN {r(10)} < 0.08 THEN {ids['foreign']} ELSE {ids['currency']} END,
               CASE WHEN {r(10)} < 0.08 THEN {FOREIGN_RATE} ELSE 1 END,
               (ARRAY{ids['users']})[1 + i % {len(ids['users'])}], {ids['team']},
               (ARRAY['cancel', 'draft', 'draft', 'sent', 'sale'])[1 + least(4, floor({r(11)} * 40)::int)],
               'no', moment, amount, 0, amount, round(amount * rate::numeric, 2), rate, FALSE, FALSE, FALSE, 1, 2, 2,
               moment, moment
          FROM (SELECT *, 0.05 + 0.4 * {r(12)} AS rate FROM ({_documents(size, size.orders, 20, ids['first'])}) AS d)
            AS documents
    """


def opportunities(size: Size, ids: dict[str, Any]) -> str:
    """SQL that makes the opportunities, with the columns of Odoo alone."""
    r = size.random
    closed = f"moment + {r(31)} * ('{size.as_of}'::timestamp - moment)"
    return f"""
        INSERT INTO crm_lead (
            id, name, type, partner_id, company_id, user_id, team_id, stage_id, active, probability,
            automated_probability, won_status, lost_reason_id, expected_revenue, prorated_revenue, priority, color,
            message_bounce, date_open, date_last_stage_update, date_closed, create_uid, write_uid, create_date,
            write_date)
        SELECT i, 'Opportunity ' || i, 'opportunity', partner,
               CASE WHEN {r(32)} < 0.9 THEN {ids['company']} END,
               (ARRAY{ids['users']})[1 + i % {len(ids['users'])}], {ids['team']},
               CASE WHEN outcome < 0.3 THEN {ids['won_stage']} ELSE {ids['open_stage']} END,
               outcome NOT BETWEEN 0.3 AND 0.6,
               CASE WHEN outcome < 0.3 THEN 100 WHEN outcome <= 0.6 THEN 0 ELSE 40 END, 40,
               CASE WHEN outcome < 0.3 THEN 'won' WHEN outcome <= 0.6 THEN 'lost' ELSE 'pending' END,
               CASE WHEN outcome BETWEEN 0.3 AND 0.6 THEN {ids['lost_reason']} END,
               amount, round(amount * 0.4, 2), '1', 0, 0, moment, moment,
               CASE WHEN outcome <= 0.6 THEN date_trunc('second', {closed}) END, 2, 2, moment, moment
          FROM (SELECT *, {r(33)} AS outcome FROM ({_documents(size, size.opportunities, 40, ids['first'])}) AS d)
            AS documents
    """


def _invoices(size: Size, ids: dict[str, Any]) -> str:
    r = size.random
    sign = f"CASE WHEN {r(51)} < 0.04 THEN -1 ELSE 1 END"
    return f"""
        INSERT INTO account_move (
            id, name, sequence_prefix, sequence_number, move_type, state, auto_post, partner_id, commercial_partner_id,
            journal_id, company_id, currency_id, invoice_currency_rate, date, invoice_date, amount_untaxed, amount_tax,
            amount_total, amount_untaxed_signed, amount_tax_signed, amount_total_signed,
            amount_untaxed_in_currency_signed, amount_total_in_currency_signed, amount_residual,
            amount_residual_signed, payment_state, posted_before, checked, create_uid, write_uid, create_date,
            write_date)
        SELECT (SELECT COALESCE(max(id), 0) FROM account_move) + i, 'BENCH/' || lpad(i::text, 7, '0'), 'BENCH/', i,
               CASE WHEN sign < 0 THEN 'out_refund' ELSE 'out_invoice' END, 'posted', 'no', partner, partner,
               {ids['journal']}, {ids['company']}, {ids['currency']}, 1, moment::date, moment::date, amount, 0, amount,
               sign * amount, 0, sign * amount, sign * amount, sign * amount, 0, 0, 'paid', TRUE, TRUE, 2, 2, moment,
               moment
          FROM (SELECT *, {sign} AS sign FROM ({_documents(size, size.invoices, 60, ids['first'])}) AS d) AS documents
    """


def _opinions(size: Size, ids: dict[str, Any]) -> str:
    """Two people's opinions on the largest customers, on most factors; some are too old to count."""
    rated = min(RATED_ACCOUNTS, size.customers)
    number = "(i * 100 + factor.id * 10 + person.place)"
    return f"""
        INSERT INTO kam_assessment (partner_id, factor_id, user_id, value, date, company_id, active, create_uid,
                                    write_uid, create_date, write_date)
        SELECT {ids['first']} + 1 + (i::bigint * {SPREAD}) % {size.customers}, factor.id, person.id,
               1 + floor(10 * {size.random(71, number)})::int,
               '{size.as_of}'::date - floor(700 * {size.random(72, number)} ^ 2)::int,
               {ids['company']}, TRUE, person.id, person.id, now(), now()
          FROM generate_series(0, {rated - 1}) AS i
         CROSS JOIN unnest(ARRAY{ids['factors']}) AS factor (id)
         CROSS JOIN unnest(ARRAY{ids['users'][:2]}) WITH ORDINALITY AS person (id, place)
         WHERE {size.random(73, number)} < 0.7
    """
