# ruff: noqa: F821
"""Runs in Odoo's shell: company, product and team for the orders of a British wholesaler. Result: their ids."""

company = env.company
pound = env.ref("base.GBP")
pound.active = True
company.write({"currency_id": pound.id})
company.partner_id.tz = "Europe/London"
product = env["product.product"].create({
    "name": "Gift-ware", "type": "consu", "list_price": 1.0, "taxes_id": False, "sale_ok": True,
})
result = {
    "company": company.id, "currency": pound.id, "product": product.id, "uom": product.uom_id.id,
    "team": env["crm.team"].search([], limit=1).id, "user": env.ref("base.user_admin").id,
    "partner": env["res.partner"].with_context(active_test=False).search([], order="id desc", limit=1).id,
    "order": env["sale.order"].search([], order="id desc", limit=1).id or 0,
    "line": env["sale.order.line"].search([], order="id desc", limit=1).id or 0,
}
