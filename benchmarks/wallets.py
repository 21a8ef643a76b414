"""What the wallets are made of: products in categories, the lines of the orders, and plans of the largest accounts.

Beside it a statement of its own that says what the sales of each category come to: a benchmark of wrong results is
none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import generate
from lab import Lab, LabError

IN_ODOO = Path(__file__).parent / "in_odoo"
# Ranges, lines below each range, products in each of those.
CATEGORIES = {"tops": 8, "subs": 5, "products": 4}
PLANS = 40
LINES_OF_A_PLAN = 8
CENT = 0.011


def fill(lab: Lab, database: str, size: generate.Size, ids: dict[str, Any]) -> None:
    """Products, the lines of the orders that are there, and the plans. Nothing without lines of orders."""
    if not size.lines or not size.orders:
        return
    made = cast(dict[str, Any], lab.script(IN_ODOO / "products.py", database, **CATEGORIES))
    lab.sql(database, generate.bare("sale_order_line", order_lines(size, made)))
    lab.sql(database, "SELECT setval('sale_order_line_id_seq', max(id)) FROM sale_order_line")
    largest = generate.largest(size, ids["first"], PLANS + 1)
    plans = largest[:PLANS]
    lab.script(IN_ODOO / "plans.py", database, accounts=plans, covered=(largest[PLANS:] or [None])[0],
               company=ids["company"], lines=LINES_OF_A_PLAN, tops=made["tops"], subs=made["subs"])
    # What autovacuum would do of lines, products and plans within a minute.
    lab.sql(database, "VACUUM ANALYZE")


def order_lines(size: generate.Size, made: dict[str, Any]) -> str:
    """SQL that shares the amount of each order among its lines, the rest on the last one."""
    number = f"(sale_order.id::bigint * {size.lines} + n)"
    product = f"(ARRAY{made['products']})[1 + floor({len(made['products'])} * {size.random(81, number)})::int]"
    return f"""
        INSERT INTO sale_order_line (
            id, order_id, sequence, company_id, currency_id, order_partner_id, salesman_id, state, product_id,
            product_uom_id, name, product_uom_qty, price_unit, discount, price_subtotal, price_total, price_tax,
            qty_delivered_method, invoice_status, customer_lead, purchase_price, margin, margin_percent, create_uid,
            write_uid, create_date, write_date)
        SELECT (id - 1) * {size.lines} + n, id, 10 * n, company_id, currency_id, partner_id, user_id, state, product,
               {made['uom']}, 'Product', 1, amount, 0, amount, amount, 0, 'manual', 'no', 0,
               amount - round(amount * margin_percent::numeric, 2), round(amount * margin_percent::numeric, 2),
               margin_percent, 2, 2, date_order, date_order
          FROM (SELECT sale_order.*, n, {product} AS product,
                       CASE WHEN n < {size.lines} THEN round(amount_untaxed / {size.lines}, 2)
                            ELSE amount_untaxed - {size.lines - 1} * round(amount_untaxed / {size.lines}, 2)
                        END AS amount
                  FROM sale_order CROSS JOIN generate_series(1, {size.lines}) AS n) AS shared
    """


def check(lab: Lab, database: str, size: generate.Size) -> int:
    """How many categories there are.

    :raises LabError: when the sales of one are not what its orders come to
    """
    found = lab.sql(database, f"""
        WITH account AS (
            SELECT id AS plan, partner_id AS account FROM kam_plan
            UNION SELECT plan_id, partner_id FROM kam_plan_res_partner_rel),
        ordered AS (
            SELECT line.id, sum(sold.price_subtotal / sale.currency_rate) AS amount
              FROM kam_plan_category line
              JOIN account ON account.plan = line.plan_id
              JOIN product_category named ON 'product.category,' || named.id = line.product_category
              JOIN product_category category ON category.parent_path LIKE named.parent_path || '%'
              JOIN product_template template ON template.categ_id = category.id
              JOIN product_product product ON product.product_tmpl_id = template.id
              JOIN sale_order_line sold ON sold.product_id = product.id
              JOIN sale_order sale ON sale.id = sold.order_id
              JOIN res_partner partner ON partner.id = sale.partner_id AND partner.kam_account_id = account.account
             WHERE sale.state = 'sale' AND sale.date_order < '{size.as_of}'::date + 1
               AND sale.date_order >= '{size.as_of}'::date - interval '12 months' + interval '1 day'
             GROUP BY 1)
        SELECT count(*), count(wallet.id), count(ordered.id),
               count(*) FILTER (WHERE abs(wallet.sales - COALESCE(ordered.amount, line.our_sales, 0)) > {CENT})
          FROM kam_plan_category line
          LEFT JOIN kam_wallet wallet ON wallet.category_id = line.id
          LEFT JOIN ordered ON ordered.id = line.id
    """)
    lines, computed, sold, wrong = map(int, found[0])
    if computed < lines or wrong or lines and not sold:
        raise LabError(f"Of {lines} categories {computed} were computed, {sold} have sales, {wrong} have wrong ones.")
    return lines
