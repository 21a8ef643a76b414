"""Key accounts of before had no nomination, no company that counts them and no team: give them what is known."""
from odoo import SUPERUSER_ID, api
from odoo.addons.kam_management.models.res_partner import DECISION

# Rules that an administrator may have changed are left alone; these are the ones that were shipped.
OWN = ("['|', ('partner_id.kam_manager_id', '=', user.id), '&', ('partner_id.is_key_account', '=', False), "
       "('partner_id.user_id', '=', user.id)]")
OWN_OPINIONS = (
    "['|', ('user_id', '=', user.id), '|', ('partner_id.kam_account_id.kam_manager_id', '=', user.id), '&', "
    "('partner_id.kam_account_id.is_key_account', '=', False), ('partner_id.kam_account_id.user_id', '=', user.id)]")
RULES = {
    'rule_kam_score_own': (OWN, "[('is_own_account', '=', True)]"),
    'rule_kam_score_history_own': (OWN, "[('is_own_account', '=', True)]"),
    'rule_kam_assessment_own': (
        OWN_OPINIONS, "['|', ('user_id', '=', user.id), ('is_own_account', '=', True)]"),
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, (before, after) in RULES.items():
        rule = env.ref(f'kam_management.{name}', raise_if_not_found=False)
        if rule and rule.domain_force == before:
            rule.domain_force = after
    partners = env['res.partner'].with_context(active_test=False).search([('is_key_account', '=', True)])
    undecided = partners - env['kam.nomination'].search([('state', '=', 'accepted')]).partner_id
    nothing = env['res.partner']._kam_state()  # of no account: nothing
    env['kam.nomination']._record(undecided, dict.fromkeys(undecided, nothing))
    # Since when they have been key accounts is not known.
    undecided.with_context(kam_decision=DECISION).kam_key_since = False
    managed = env['res.partner'].with_context(active_test=False).search([('kam_manager_id', '!=', False)])
    managed._kam_follow_manager()
