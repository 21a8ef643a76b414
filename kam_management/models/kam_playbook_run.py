"""A playbook that was used: its actions, and what it brought. So one sees which playbooks work."""
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.fields import UnknownFloat

OUTCOMES = [
    ('worked', "It worked"),
    ('partly', "Partly"),
    ('failed', "It did not"),
]
OUTCOME = 'kam_management.activity_type_outcome'
# What people say of a use; all else is what was done.
SAID = {'outcome', 'note'}


class KamPlaybookRun(models.Model):
    _name = 'kam.playbook.run'
    _description = "Use of a playbook"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'kam.account.mixin']
    _order = 'date desc, id desc'
    _rec_names_search = ['playbook_id', 'partner_id']
    _kam_owners = ('user_id',)

    playbook_id = fields.Many2one('kam.playbook', required=True, readonly=True, index=True, ondelete='restrict')
    alert_id = fields.Many2one('kam.alert', "Alert", readonly=True, index='btree_not_null', ondelete='set null')
    partner_id = fields.Many2one(
        'res.partner', "Account", required=True, readonly=True, index=True, ondelete='restrict')
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True, ondelete='restrict')
    user_id = fields.Many2one(
        'res.users', "Used by", required=True, readonly=True, index=True, ondelete='restrict',
        default=lambda self: self.env.user)
    date = fields.Date(
        "Used on", required=True, readonly=True, default=lambda self: self.env.company._kam_today())
    action_ids = fields.One2many('kam.action', 'playbook_run_id', "Actions", readonly=True)
    outcome = fields.Selection(
        OUTCOMES, tracking=True, index='btree_not_null', help="What it brought. Empty: nobody can say yet.")
    note = fields.Text("What we learned", help="What helped, what did not, and what you would do differently.")
    was_asked = fields.Boolean(readonly=True, copy=False, export_string_translation=False)
    alert_state = fields.Selection(related='alert_id.state', string="State of the alert")

    # Two clicks at once: the second one fails with this sentence, and makes no actions.
    _alert_playbook_unique = models.Constraint(
        'UNIQUE(alert_id, playbook_id)',
        "This playbook was used for this alert already. Reload the page to see its actions.")

    @api.depends('playbook_id.name', 'partner_id.display_name')
    def _compute_display_name(self):
        for run in self:
            run.display_name = " · ".join(filter(None, [run.playbook_id.name, run.partner_id.display_name]))

    def write(self, vals):
        if not self.env.su and not SAID.issuperset(vals):
            raise UserError(self.env._(
                "What was done stays as it is: only what it brought, and what we learned, can be changed."))
        result = super().write(vals)
        if vals.get('outcome'):
            # In sudo: whoever says it need not be the one who was asked.
            self.sudo()._find_asked().unlink()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_machine(self):
        if not self.env.su:
            raise UserError(self.env._("What was done stays on record, so that one sees which playbooks work."))

    # ------------------------------------------------------------------ asking for the outcome
    def _find_asked(self):
        return self.env['mail.activity'].search([
            ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('automated', '=', True),
            ('activity_type_id', '=', self.env.ref(OUTCOME).id)])

    @api.model
    def _ask_outcomes(self):
        """The alert is over and nobody has said whether the playbook did it: whoever used it is asked, once."""
        runs = self.search([
            ('alert_id.state', '=', 'closed'), ('outcome', '=', False), ('was_asked', '=', False)])
        kind = self.env.ref(OUTCOME).id
        model = self.env['ir.model']._get_id(self._name)
        rows = []
        for run in runs:
            user = run.user_id if run.user_id.active else run.partner_id.kam_manager_id
            if not user.active:
                continue
            rows.append({
                'activity_type_id': kind, 'automated': True, 'res_model_id': model, 'res_id': run.id,
                'user_id': user.id, 'date_deadline': run.company_id._kam_today() + timedelta(days=7),
                'summary': run.with_context(lang=user.lang).env._("Did the playbook work?")})
        self.env['mail.activity'].with_context(mail_activity_quick_update=True).create(rows)
        runs.was_asked = True


class KamPlaybook(models.Model):
    _inherit = 'kam.playbook'

    used_count = fields.Integer("Times used", compute='_compute_uses')
    outcome_count = fields.Integer("Outcomes known", compute='_compute_uses')
    worked_share = UnknownFloat(
        "Worked", compute='_compute_uses', aggregator=None,
        help="Of the uses whose outcome is known: those that worked, partly counting half. From 0 to 1.")

    @api.depends('run_ids.outcome')
    def _compute_uses(self):
        # In sudo, to count over all accounts: whether a playbook works is told of none of them.
        groups = self.env['kam.playbook.run'].sudo()._read_group(
            [('playbook_id', 'in', self.ids)], ['playbook_id', 'outcome'], ['__count'])
        counts = {(playbook.id, outcome): number for playbook, outcome, number in groups}
        for playbook in self:
            number = {outcome: counts.get((playbook.id, outcome), 0) for outcome in (False, *dict(OUTCOMES))}
            known = sum(number.values()) - number[False]
            playbook.used_count = known + number[False]
            playbook.outcome_count = known
            playbook.worked_share = (number['worked'] + number['partly'] / 2) / known if known else False


class ResPartner(models.Model):
    _inherit = 'res.partner'

    @api.model
    def _kam_kept_for(self):
        return [*super()._kam_kept_for(), (
            'kam.playbook.run', ['partner_id'], [], self.env._(
                "A playbook was used for %(account)s, which would be lost. Archive the contact, or merge it into the "
                "one that goes on."))]
