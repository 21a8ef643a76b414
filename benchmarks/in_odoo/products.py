# ruff: noqa: F821
"""Runs in Odoo's shell: product categories of two levels and products in the lower one. Result: ids that the SQL and
the plans refer to."""

tops = env["product.category"].create([{"name": f"Range {top}"} for top in range(1, params["tops"] + 1)])
subs = env["product.category"].create([
    {"name": f"Line {number} of {top.name}", "parent_id": top.id}
    for top in tops for number in range(1, params["subs"] + 1)
])
products = env["product.product"].create([
    {"name": f"Product {number} of {sub.complete_name}", "categ_id": sub.id, "type": "consu", "list_price": 10}
    for sub in subs for number in range(1, params["products"] + 1)
])
result = {"tops": tops.ids, "subs": subs.ids, "products": products.ids, "uom": products[0].uom_id.id}
