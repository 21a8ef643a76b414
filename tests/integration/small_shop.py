"""A small company's Odoo, filled by its own people over XML-RPC, with everything in it that goes wrong in real ones.

Amounts are in US dollars, the company's currency; one euro is two dollars here, and the yen has no rate at all. Every
order is of one line of the same product, which costs 60.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lab import Lab
from live import APPS, LANGUAGES, Live, Person, start

QUOTED = "O'Brien & \"Sons\" <Ltd>; DROP TABLE res_partner; --"
ACCENTED = "Peña, Açúcar & Überführung S.Á."
EMOJI = "🚀 Rocket 数据"
RIGHT_TO_LEFT = "شركة الاختبار \u202e العربية"
HUGE = 12_345_678_901.25  # far beyond 2**31

# What each customer ordered, in dollars unless said otherwise.
ORDERS: dict[str, list[float]] = {
    "Alpha": [1000.0, 500.0],
    "Beta": [100.0, -400.0],
    "Continental": [100.0],  # euros
    "Nippon": [90_000.0, 10.0],  # yen
    QUOTED: [11.0], ACCENTED: [12.0], EMOJI: [13.0], RIGHT_TO_LEFT: [14.0], "Bell": [15.0],
    "Whale": [HUGE],
    "Ouroboros": [70.0], "Uroborus": [75.0],
}


@dataclass(frozen=True)
class Shop:
    """The shop and its people. `customers`: ids by name."""

    live: Live
    seller: Person
    other_seller: Person
    manager: Person
    customers: dict[str, int]
    product: int


def furnish(lab: Lab) -> Shop:
    """Make all of it. No run of the worker has happened yet."""
    live = start(lab, lab.database(APPS, languages=LANGUAGES))
    seller = live.hire("ana", "sales_team.group_sale_salesman", "kam_management.group_kam_user",
                       "product.group_product_pricelist")
    other = live.hire("bob", "sales_team.group_sale_salesman", "kam_management.group_kam_user")
    manager = live.hire("manager", "sales_team.group_sale_manager", "kam_management.group_kam_manager")
    product = live.admin.create("product.product", name="Widget", type="consu", list_price=1.0, standard_price=60.0,
                                taxes_id=[(5, 0, 0)])
    pricelists = {"Continental": _pricelist(live.admin, "EUR", rate=0.5), "Nippon": _pricelist(live.admin, "JPY")}
    customers = {name: seller.create("res.partner", name=name, is_company=True, user_id=seller.uid) for name in ORDERS}
    shop = Shop(live, seller, other, manager, customers, product)
    buyer = seller.create("res.partner", name="Buyer", parent_id=customers["Alpha"])
    for name, amounts in ORDERS.items():
        for number, amount in enumerate(amounts):
            # the first order of Alpha was placed by a person there: it rolls up
            partner = buyer if name == "Alpha" and number == 0 else customers[name]
            order(shop, partner, amount, pricelists.get(name))
    _opportunities(shop)
    customers["Promising"] = seller.create("res.partner", name="Promising", is_company=True, user_id=seller.uid)
    _judge(shop)
    _spoil(shop)
    return shop


def order(shop: Shop, partner: int, amount: float, pricelist: int | None = None) -> int:
    """The seller takes an order and confirms it."""
    line = {"product_id": shop.product, "product_uom_qty": 1, "price_unit": amount}
    values = {"partner_id": partner, "order_line": [(0, 0, line)], **({"pricelist_id": pricelist} if pricelist else {})}
    placed = shop.seller.create("sale.order", **values)
    assert shop.seller.call("sale.order", "action_confirm", [placed]) is True
    return placed


def _pricelist(admin: Person, currency: str, rate: float | None = None) -> int:
    known = admin.call("res.currency", "search", [("name", "=", currency)], context={"active_test": False})
    admin.call("res.currency", "write", known, {"active": True})
    if rate:
        admin.create("res.currency.rate", currency_id=known[0], rate=rate, name="2020-01-01")
    return admin.create("product.pricelist", name=currency, currency_id=known[0])


def _opportunities(shop: Shop) -> None:
    """One won, one open."""
    won, _open = (
        shop.seller.create("crm.lead", name=f"{name} of Alpha", type="opportunity", partner_id=shop.customers["Alpha"],
                           expected_revenue=amount, user_id=shop.seller.uid)
        for name, amount in (("Renewal", 300.0), ("Extension", 800.0)))
    shop.seller.call("crm.lead", "action_set_won", [won])


def decide(shop: Shop, customer: int, **values: object) -> None:
    """A nomination, proposed and accepted: the only way to the flag, and from it."""
    if values.get("kind") != "exit":
        [tier] = shop.manager.read("kam.tier", [("code", "=", "key")], "code")
        values["tier_id"] = tier["id"]
    nomination = shop.manager.create("kam.nomination", partner_id=customer, reason="As agreed.", **values)
    shop.manager.call("kam.nomination", "action_propose", [nomination])
    shop.manager.call("kam.nomination", "action_accept", [nomination])


def _judge(shop: Shop) -> None:
    """The manager flags a customer that has bought nothing yet, and thinks highly of it."""
    promising = shop.customers["Promising"]
    decide(shop, promising, manager_id=shop.seller.uid)
    [factor] = shop.manager.read("kam.score.factor", [("code", "=", "strategic_value")], "code")
    shop.manager.create("kam.assessment", partner_id=promising, factor_id=factor["id"], value=10,
                        date=str(dt.date.today()))
    admin = shop.live.admin
    kpi = admin.create("kam.kpi", code="moon_phase", name="Phase of the moon", model_name="lunar.phase",
                       measure="light", aggregate="avg")
    admin.create("kam.score.factor", code="moon", name="Moon", dimension="attractiveness", source="kpi", kpi_id=kpi,
                 method="bounds", low=0.0, high=10.0, default_weight=20.0)


def _spoil(shop: Shop) -> None:
    """What Odoo itself would refuse, but old databases and imports have: a loop of companies, and a bell in a name."""
    one, two = shop.customers["Ouroboros"], shop.customers["Uroborus"]
    shop.seller.call("res.partner", "write", [two], {"parent_id": one})
    # The server keeps what it has read, so the loop is closed while it is away.
    shop.live.server.stop()
    shop.live.lab.sql(shop.live.database, f"UPDATE res_partner SET parent_id = {two} WHERE id = {one}")
    shop.live.lab.sql(shop.live.database, "UPDATE res_partner SET name = name || E'\\x07\\x01' WHERE name = 'Bell'")
    shop.live.server.start()
