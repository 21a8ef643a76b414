# ruff: noqa: F821
"""Runs in Odoo's shell: active plans whose categories name product categories; the last plan covers an account more.

Of each plan's categories the first are ranges, then one is a line below the next range, the last one is typed. Each has
a potential. Result: how many categories there are."""

accounts, tops, subs = params["accounts"], params["tops"], params["subs"]
plans = env["kam.plan"].create([
    {"partner_id": account, "company_id": params["company"], "owner_id": env.user.id} for account in accounts
])
if params["covered"]:
    plans[-1].partner_ids = [(4, params["covered"])]
below = len(subs) // len(tops)
lines = []
for number, plan in enumerate(plans):
    named = [tops[(number + place) % len(tops)] for place in range(params["lines"] - 2)]
    named.append(subs[((number + params["lines"] - 2) % len(tops)) * below])
    lines += [
        {"plan_id": plan.id, "name": f"Category {place}", "product_category": f"product.category,{category}",
         "potential": 100_000 * (place + 1)}
        for place, category in enumerate(named)
    ]
    lines.append({"plan_id": plan.id, "name": "Typed", "our_sales": 5_000 + number, "potential": 20_000})
env["kam.plan.category"].create(lines)
plans.action_activate()
result = len(lines)
