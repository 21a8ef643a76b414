"""What satisfaction and relationships are made of: people of the customers, contacts with them, and their answers.

Beside it statements of their own that say what the figures of each account come to: a benchmark of wrong results is
none.
"""

from __future__ import annotations

from typing import Any

import generate
from lab import Lab, LabError

CONTACTS = 2  # of each person, at most one of a kind a day
ANONYMOUS = 0.1
TINY = 1e-6
# As the addon ships it: the rhythm of people whose roles ask for none.
CADENCE = 90
# Anonymous answers of an account before a figure tells of them.
SHOWN_FROM = 5


def fill(lab: Lab, database: str, size: generate.Size, ids: dict[str, Any]) -> None:
    """People, contacts and answers over all customers. No server need run on the database."""
    before = {table: int(lab.sql(database, f"SELECT COALESCE(max(id), 0) FROM {table}")[0][0])
              for table in ("res_partner", "kam_stakeholder", "kam_stakeholder_contact")}
    found = {
        name: [int(number) for (number,) in lab.sql(database, f"SELECT id FROM {table} ORDER BY id")]
        for name, table in (("functions", "kam_function"), ("roles", "kam_stakeholder_role"),
                            ("touchpoints", "kam_touchpoint"))}
    made = {**ids, **found, "before": before}
    lab.sql(database, "UPDATE res_partner SET kam_tier_id = (SELECT id FROM kam_tier WHERE code = 'key') "
                      "WHERE is_key_account AND kam_tier_id IS NULL")
    for table, statement in (("res_partner", people), ("kam_stakeholder", stakeholders),
                             ("kam_stakeholder_contact", contacts), ("kam_satisfaction_response", answers)):
        lab.sql(database, generate.bare(table, statement(size, made)))
        lab.sql(database, f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")
        lab.sql(database, f"VACUUM ANALYZE {table}")
    lab.sql(database, f"""
        INSERT INTO kam_stakeholder_role_rel (stakeholder_id, role_id)
        SELECT id, (ARRAY{made["roles"]})[1 + id % {len(made["roles"])}] FROM kam_stakeholder WHERE id % 3 > 0;
        UPDATE kam_stakeholder SET cadence_days = role.cadence_days
          FROM kam_stakeholder_role_rel rel JOIN kam_stakeholder_role role ON role.id = rel.role_id
         WHERE rel.stakeholder_id = kam_stakeholder.id""")
    lab.sql(database, "VACUUM ANALYZE kam_stakeholder")


def number_of(size: generate.Size, what: str) -> int:
    """How many people or answers there are in all."""
    return size.customers * int(getattr(size, what))


def _customer(size: generate.Size, made: dict[str, Any], number: str = "i") -> str:
    """SQL for the customer that a person works for: each has as many."""
    return f"({made['first']} + 1 + ({number} - 1) % {size.customers})"


def people(size: generate.Size, made: dict[str, Any]) -> str:
    """SQL that makes the persons, below the customers."""
    customer = _customer(size, made)
    return f"""
        INSERT INTO res_partner (id, name, complete_name, is_company, commercial_partner_id, parent_id, kam_account_id,
                                 kam_confidentiality, active, type, color, lang, autopost_bills, customer_rank,
                                 supplier_rank, message_bounce, employee, partner_share, create_uid, write_uid,
                                 create_date, write_date)
        SELECT {made["before"]["res_partner"]} + i, 'Contact ' || i, 'Customer, Contact ' || i, FALSE, {customer},
               {customer}, {customer}, 'company', TRUE, 'contact', 0, 'en_US', 'ask', 0, 0, 0, FALSE, TRUE, 2, 2, now(),
               now()
          FROM generate_series(1, {number_of(size, "people")}) AS i"""


def stakeholders(size: generate.Size, made: dict[str, Any]) -> str:
    """SQL that makes each of them a stakeholder; of a quarter the power is not known."""
    r, functions = size.random, made["functions"]
    return f"""
        INSERT INTO kam_stakeholder (id, partner_id, contact_id, company_id, function_id, confidentiality, power,
                                     relationship, relationship_target, state, active, create_uid, write_uid,
                                     create_date, write_date)
        SELECT {made["before"]["kam_stakeholder"]} + i, {_customer(size, made)},
               {made["before"]["res_partner"]} + i, {made["company"]}, (ARRAY{functions})[1 + i % {len(functions)}],
               'company', (ARRAY['low', 'medium', 'high', NULL])[1 + floor(4 * {r(101)})::int],
               floor(5 * {r(102)})::int::varchar, (1 + floor(4 * {r(103)})::int)::varchar, 'present', TRUE, 2, 2, now(),
               now()
          FROM generate_series(1, {number_of(size, "people")}) AS i"""


def contacts(size: generate.Size, made: dict[str, Any]) -> str:
    """SQL that makes contacts of the last 400 days, most of them lately; some people were never met."""
    number = f"(i * {CONTACTS} + n)"
    r = size.random
    return f"""
        INSERT INTO kam_stakeholder_contact (contact_id, organisation_id, partner_id, company_id, user_id, channel,
                                             direction, source, date, active, create_uid, write_uid, create_date,
                                             write_date)
        SELECT {made["before"]["res_partner"]} + i, {_customer(size, made)}, {_customer(size, made)}, {made["company"]},
               (ARRAY{made["users"]})[1 + floor({len(made["users"])} * {r(111, number)})::int],
               (ARRAY['meeting', 'call', 'email'])[1 + n % 3],
               (ARRAY['both', 'in', 'out'])[1 + floor(3 * {r(112, number)})::int], 'hand',
               '{size.as_of}'::date - floor(400 * {r(113, number)} ^ 2)::int, TRUE, 2, 2, now(), now()
          FROM generate_series(1, {number_of(size, "people")}) AS i CROSS JOIN generate_series(1, {CONTACTS}) AS n
         WHERE i % 10 > 0"""


def answers(size: generate.Size, made: dict[str, Any]) -> str:
    """SQL that makes answers of two years, of every kind, some of them anonymous, some of one person again."""
    r, touchpoints = size.random, made["touchpoints"]
    person = f"(1 + floor({number_of(size, 'people')} * {r(121)})::int)"
    return f"""
        INSERT INTO kam_satisfaction_response (contact_id, organisation_id, partner_id, company_id, kind, value,
                                               scale_min, scale_max, good_end, date, touchpoint_id, active, create_uid,
                                               write_uid, create_date, write_date)
        SELECT CASE WHEN {r(122)} >= {ANONYMOUS} THEN {made["before"]["res_partner"]} + person END, customer, customer,
               {made["company"]}, kind.code, kind.low + floor((kind.high - kind.low + 1) * {r(123)} ^ 0.5), kind.low,
               kind.high, 'high', '{size.as_of}'::date - floor(730 * {r(124)})::int,
               (ARRAY{touchpoints})[1 + floor({2 * len(touchpoints)} * {r(125)})::int], TRUE, 2, 2, now(), now()
          FROM (SELECT i, person, {_customer(size, made, "person")} AS customer, 1 + floor(4 * {r(126)})::int AS kind
                  FROM (SELECT i, {person} AS person FROM generate_series(1, {number_of(size, "answers")}) AS i) AS p)
            AS drawn
          JOIN (VALUES (1, 'nps', 0, 10), (2, 'csat', 1, 5), (3, 'ces', 1, 7), (4, 'moment', 0, 1))
            AS kind (place, code, low, high) ON kind.place = drawn.kind"""


def check(lab: Lab, database: str, size: generate.Size) -> None:
    """Compare the NPS of every account, and the contacts of every person, with statements written for the purpose.

    Anonymous answers are in an NPS once their account has enough of them.

    :raises LabError: when one is missing or wrong
    """
    nps = lab.sql(database, f"""
        WITH known AS (
            SELECT *, count(*) FILTER (WHERE contact_id IS NULL) OVER (PARTITION BY partner_id) AS anonymous
              FROM kam_satisfaction_response WHERE active AND date <= '{size.as_of}'),
        latest AS (
            SELECT DISTINCT ON (partner_id, COALESCE(contact_id, -id), kind, touchpoint_id) partner_id, kind, value
              FROM known WHERE contact_id IS NOT NULL OR anonymous >= {SHOWN_FROM}
             ORDER BY partner_id, COALESCE(contact_id, -id), kind, touchpoint_id, date DESC, id DESC),
        said AS (
            SELECT partner_id, 100.0 * (count(*) FILTER (WHERE value >= 9) - count(*) FILTER (WHERE value <= 6))
                               / count(*) AS nps
              FROM latest WHERE kind = 'nps' GROUP BY 1)
        SELECT count(*), count(*) FILTER (WHERE rolled.nps IS NULL OR abs(rolled.nps - said.nps) > {TINY})
          FROM said JOIN kam_score USING (partner_id)
          LEFT JOIN kam_satisfaction_score rolled ON rolled.partner_id = said.partner_id AND rolled.scope = 'account'
                AND rolled.touchpoint_id IS NULL""")
    touch = lab.sql(database, f"""
        WITH met AS (
            SELECT contact_id, max(date) AS last,
                   count(DISTINCT date) FILTER (WHERE date > '{size.as_of}'::date - 90) AS days
              FROM kam_stakeholder_contact WHERE active AND date <= '{size.as_of}' GROUP BY 1)
        SELECT count(*), count(*) FILTER (
                   WHERE rolled.id IS NULL OR rolled.contact_days != COALESCE(met.days, 0)
                      OR rolled.last_contact IS DISTINCT FROM met.last
                      OR rolled.is_in_touch != COALESCE(
                             '{size.as_of}'::date - met.last <= COALESCE(person.cadence_days, {CADENCE}), FALSE))
          FROM kam_stakeholder person JOIN kam_score USING (partner_id)
          LEFT JOIN met ON met.contact_id = person.contact_id
          LEFT JOIN kam_stakeholder_score rolled ON rolled.stakeholder_id = person.id""")
    for what, found in (("accounts with an NPS", nps), ("people", touch)):
        number, wrong = map(int, found[0])
        if wrong or not number:
            raise LabError(f"Of {number} {what} {wrong} are missing or wrong.")
