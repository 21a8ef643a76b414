"""Turns what the demo company has won into confirmed orders, so that its customers have margins too.

Needs `sale_margin` and the addon's demo data. Each won opportunity becomes one to four orders, as its volume is called
off, worth exactly what was won. `load(env)` makes what is missing, so a second call adds nothing. `make demo` runs it
in Odoo's shell: this file, then `result = load(env)`.
"""

import csv
import datetime
import re

from odoo import fields
from odoo.tools import file_open

# Not the addon's own name: uninstalling it must not try to delete confirmed orders.
MODULE = "__kam_demo__"

# Words of an opportunity's English name that tell what was bought, and: code, name, Spanish name, price of a thousand.
PRODUCTS = [
    (("film", "foil", "casings", "paper"), ("film", "Printed film, 1,000 m", "Film impreso, 1.000 m", 310.0)),
    (("labels", "sleeves", "lids"), ("label", "Labels and sleeves, 1,000", "Etiquetas y fajas, 1.000 uds.", 38.0)),
    (("cups", "tubs"), ("cup", "Cups and tubs, 1,000", "Tarrinas, 1.000 uds.", 64.0)),
    (("bags", "pouches", "sachets", "sacks", "nets", "envelopes"),
     ("bag", "Bags and pouches, 1,000", "Bolsas, 1.000 uds.", 92.0)),
    (("cartons", "boxes", "tins", "carriers"),
     ("carton", "Cartons and boxes, 1,000", "Estuches y cajas, 1.000 uds.", 185.0)),
    ((), ("tray", "Trays and punnets, 1,000", "Bandejas y barquetas, 1.000 uds.", 118.0)),
]
# Product categories: code, parent, name, Spanish name; products are in the category of their code.
CATEGORIES = [
    ("packaging", None, "Packaging", "Envases y embalajes"),
    ("flexible", "packaging", "Film and bags", "Film y bolsas"),
    ("film", "flexible", "Film", "Film"), ("bag", "flexible", "Bags and pouches", "Bolsas"),
    ("label", "packaging", "Labels and sleeves", "Etiquetas y fajas"),
    ("cup", "packaging", "Cups and tubs", "Tarrinas"),
    ("carton", "packaging", "Cartons and boxes", "Estuches y cajas"),
    ("tray", "packaging", "Trays and punnets", "Bandejas y barquetas"),
]
# Lines of the demo's wallets that name one of them; the others keep the figure that was typed.
WALLETS = {
    "lindero_category_1": "tray", "lindero_category_2": "carton", "lindero_category_4": "flexible",
    "valdeolmo_category_1": "cup", "valdeolmo_category_3": "carton", "rochebrune_category_1": "film",
    "rochebrune_category_2": "carton", "nordhavn_category_1": "tray", "belforte_category_2": "bag",
    "vandermolen_category_1": "film", "fresh_harbour_category_1": "tray",
}
SETUP = ("setup", "Printing plates and set-up", "Clichés y puesta a punto", 0.0)

# Gross margin in percent. A large retailer presses prices; a special format pays.
MARGINS = {
    "lindero": 16.5, "valdeolmo": 33.0, "rochebrune": 28.5, "nordhavn": 30.0, "nordhavn_polska": 26.0, "kessel": 22.5,
    "belforte": 20.0, "vandermolen": 36.5, "fresh_harbour": 13.0, "sierra_mayor": 27.0, "quinta_do_vale": 29.5,
    "duvernoy": 34.0, "mercatto": 11.5, "winkler": 38.0, "huerta_turia": 31.0, "gronlund": 25.5, "corrib": 24.0,
    "bellerive": 41.0, "groene_vork": 43.0, "eismeister": 19.0, "alcazar": 32.0, "ronda_norte": 9.0,
}
OTHER_MARGIN = 27.5
# Sold on from a factory that has not told us its prices: the cost of these orders is unknown.
WITHOUT_COST = {"monteverde"}
COST_OF_AN_ORDER = 180.0
DAYS_BETWEEN_ORDERS = 17
REASON = "Demo data: every sale stands in an order, not every one in an invoice."
REASON_ES = "Datos de demostración: todas las ventas están en pedidos, no todas en facturas."


def load(env) -> int:
    """Makes the orders that are missing and returns how many it made."""
    if "margin" not in env["sale.order"]._fields or not env.ref("kam_management.demo_team", raise_if_not_found=False):
        return 0
    env = env(context={**env.context, "tracking_disable": True, "mail_create_nolog": True,
                       "mail_create_nosubscribe": True, "mail_auto_subscribe_no_notify": True})
    is_new = not env.ref(f"{MODULE}.category_packaging", raise_if_not_found=False)
    categories = _categories(env)
    products = _products(env, categories)
    orders = []
    for won in _won():
        lead = env.ref(f"kam_management.demo_opportunity_{won['id']}", raise_if_not_found=False)
        done = env.ref(f"{MODULE}.order_{won['id']}_1", raise_if_not_found=False)
        if lead and not done and lead.won_status == "won":
            orders += _orders(won, lead, products)
    made = env["sale.order"]._load_records(orders)
    _set_up(env)
    if is_new:  # later on, it is people who say what a line names
        _name_categories(env, categories)
    return len(made)


def _won():
    with file_open("kam_management/demo/tables/won.csv", "r") as source:
        return list(csv.DictReader(source))


def _categories(env):
    categories = {}
    spanish = [code for code, _name in env["res.lang"].get_installed() if code.startswith("es")]
    for code, parent, name, name_es in CATEGORIES:
        category = env.ref(f"{MODULE}.category_{code}", raise_if_not_found=False)
        if not category:
            # the name of a category is the same in all languages
            only_spanish = (env.ref("base.user_admin").lang or "").startswith("es") and spanish
            category = env["product.category"]._load_records([{
                "xml_id": f"{MODULE}.category_{code}", "noupdate": True, "values": {
                    "name": name_es if only_spanish else name, "parent_id": parent and categories[parent].id}}])
        categories[code] = category
    return categories


def _name_categories(env, categories):
    """Lines of active plans whose products are among those of the demo name their category."""
    for name, code in WALLETS.items():
        line = env.ref(f"kam_management.demo_plan_row_{name}", raise_if_not_found=False)
        if line and not line.product_category and line.plan_id.state == "active":
            line.product_category = f"product.category,{categories[code].id}"


def _products(env, categories):
    products = {}
    spanish = [code for code, _name in env["res.lang"].get_installed() if code.startswith("es")]
    for code, name, name_es, price in [values for _words, values in PRODUCTS] + [SETUP]:
        xml_id = f"{MODULE}.product_{code}"
        product = env.ref(xml_id, raise_if_not_found=False)
        if not product:
            product = env["product.product"]._load_records([{"xml_id": xml_id, "noupdate": True, "values": {
                "name": name, "default_code": f"PACK-{code.upper()}", "list_price": price, "taxes_id": False,
                "type": "consu" if price else "service",
                **({"categ_id": categories[code].id} if code in categories else {})}}])
            for lang in spanish:
                product.with_context(lang=lang).name = name_es
        products[code] = product
    return products


def _orders(won, lead, products):
    """Orders of one opportunity as records to load: they share its amount and begin after its day."""
    account = won["id"].rpartition("_")[0]
    days = _days(lead.date_closed, int(won["amount"]))
    # Whole words: neither do punnets come in nets, nor are private-label trays labels.
    bought = set(re.findall(r"\w+", won["name"].lower()))
    code, price = next((values[0], values[3]) for words, values in PRODUCTS
                       if not words or bought.intersection(words))
    amount = int(won["amount"])
    parts = [amount // len(days) // 50 * 50] * (len(days) - 1)
    parts.append(amount - sum(parts))
    return [{
        "xml_id": f"{MODULE}.order_{won['id']}_{number}",
        "noupdate": True,
        "values": {
            "partner_id": lead.partner_id.id,
            "user_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "origin": lead.name,
            "state": "sale",
            "date_order": day,
            "order_line": [fields.Command.create(line) for line in _lines(account, part, price, products, code)],
            **({"opportunity_id": lead.id} if "opportunity_id" in lead.env["sale.order"]._fields else {}),
        },
    } for number, (day, part) in enumerate(zip(days, parts, strict=True), start=1)]


def _days(closed, amount):
    wanted = 4 if amount >= 100_000 else 3 if amount >= 40_000 else 2 if amount >= 12_000 else 1
    now = datetime.datetime.now()
    days = [closed + datetime.timedelta(days=1 + DAYS_BETWEEN_ORDERS * number) for number in range(wanted)]
    return [day for day in days if day < now] or [closed]


def _lines(account, amount, price, products, code):
    """Whole thousands of the product, and the rest of the amount as set-up."""
    quantity = int(amount // price)
    rest = round(amount - quantity * price, 2)
    cost = 0.0 if account in WITHOUT_COST else 1 - MARGINS.get(account, OTHER_MARGIN) / 100
    lines = [(products[code], quantity, price), (products["setup"], 1, rest)]
    return [{"product_id": product.id, "product_uom_qty": number, "price_unit": each, "tax_ids": False,
             "purchase_price": round(each * cost, 2)} for product, number, each in lines if number and each]


def _set_up(env):
    """Orders are where this company's revenue stands, and each of them costs something to handle."""
    company = env.ref("base.main_company")
    settings = company.kam_settings_id.with_context(tracking_disable=False)
    if settings.revenue_source == "best":
        spanish = (env.ref("base.user_admin").lang or "").startswith("es")
        settings.write({"revenue_source": "orders", "change_reason": REASON_ES if spanish else REASON})
    # Its targets were set before there were orders, or in an upgrade, which loads Sales later: on invoices.
    env["kam.demo"]._move_sales_targets()
    kpi = env.ref("kam_management.kpi_orders_count")
    drivers = env["kam.cost.driver"]
    if not drivers.search_count([("company_id", "=", company.id), ("kpi_id", "=", kpi.id)]):
        begins = fields.Date.today().replace(month=1, day=1) - datetime.timedelta(days=3 * 365)
        drivers.create({"company_id": company.id, "kpi_id": kpi.id, "unit_cost": COST_OF_AN_ORDER, "date_from": begins})
