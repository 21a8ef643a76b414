# ruff: noqa: F821
"""Runs in Odoo's shell: what generated data need and the ORM makes best. Result: ids that the SQL refers to.

Three salespeople who manage key accounts, and a second currency with a rate."""

import datetime

company = env.company
users = env["res.users"].with_context(no_reset_password=True).create([
    {
        "name": f"Account manager {number}", "login": f"bench_manager_{number}", "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
        "group_ids": [(6, 0, env.ref("kam_management.group_kam_user").ids)],
    }
    for number in (1, 2, 3)
])
foreign = env.ref("base.EUR") if company.currency_id != env.ref("base.EUR") else env.ref("base.USD")
foreign.active = True
env["res.currency.rate"].create({
    "currency_id": foreign.id, "company_id": company.id, "rate": params["rate"],
    "name": datetime.date.fromisoformat(params["as_of"]) - datetime.timedelta(days=3 * 366),
})
stages = env["crm.stage"].search([], order="sequence")
result = {
    "company": company.id,
    "currency": company.currency_id.id,
    "foreign": foreign.id,
    "users": users.ids,
    "team": env["crm.team"].search([], limit=1).id,
    "journal": env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", company.id)], limit=1).id,
    "open_stage": stages.filtered(lambda stage: not stage.is_won)[:1].id,
    "won_stage": stages.filtered("is_won")[:1].id,
    "lost_reason": env["crm.lost.reason"].search([], limit=1).id,
    "factors": env["kam.score.factor"].search([("source", "=", "opinion")]).ids,
}
