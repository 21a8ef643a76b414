# ruff: noqa: F821
"""Runs in Odoo's shell of a database without the addon: ids that the SQL refers to."""

stages = env["crm.stage"].search([], order="sequence, id")
won = stages.filtered("is_won")[:1]
result = {
    "company": env.company.id,
    "users": [env.ref("base.user_admin").id],
    "team": env["crm.team"].search([], limit=1).id,
    "stages": stages.ids,
    "open_stage": (stages - won)[1:2].id,
    "won_stage": won.id,
    "lost_reason": env["crm.lost.reason"].search([], limit=1).id,
}
