"""Dated changes of a stakeholder, one a day at most per question: the worker reads what went a level up in a period."""
from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.fields import UnknownInteger
from ..tools.scales import POWER, RELATIONSHIP, SUPPORT, step_of

SCALES = {'relationship': RELATIONSHIP, 'support': SUPPORT, 'power': POWER, 'state': ()}
ASPECTS = [
    ('relationship', "Relationship"),
    ('support', "Support"),
    ('power', "Power"),
    ('state', "Present or left"),
]


class KamStakeholderChange(models.Model):
    _name = 'kam.stakeholder.change'
    _description = "Change of a stakeholder"
    _inherit = ['kam.account.mixin', 'kam.unknown.mixin']
    _order = 'date desc, id desc'
    _kam_account = 'stakeholder_id.partner_id'

    stakeholder_id = fields.Many2one('kam.stakeholder', "Stakeholder", required=True, index=True, ondelete='cascade')
    partner_id = fields.Many2one(related='stakeholder_id.partner_id', store=True, index=True, precompute=True)
    company_id = fields.Many2one(related='stakeholder_id.company_id', store=True, index=True, precompute=True)
    date = fields.Date(required=True, index=True)
    aspect = fields.Selection(ASPECTS, "What changed", required=True)
    value_before = fields.Char("Before", help="Empty: it was unknown.")
    value_after = fields.Char("After", help="Empty: it is unknown now.")
    step = UnknownInteger(
        compute='_compute_step', store=True, aggregator='sum',
        help="How many levels it went up, or down below zero. Empty where one of the two was unknown.")
    before_label = fields.Char("From", compute='_compute_labels')
    after_label = fields.Char("To", compute='_compute_labels')
    user_id = fields.Many2one('res.users', "By", ondelete='set null')

    _day_unique = models.Constraint(
        'UNIQUE(stakeholder_id, aspect, date)', "What changed on a day is told once.")

    @api.depends('aspect', 'value_before', 'value_after')
    def _compute_step(self):
        for change in self:
            step = step_of(SCALES[change.aspect], change.value_before, change.value_after) if change.aspect else None
            change.step = False if step is None else step

    @api.depends('aspect', 'value_before', 'value_after')
    @api.depends_context('lang')
    def _compute_labels(self):
        stakeholders = self.env['kam.stakeholder']
        labels = {
            aspect: dict(stakeholders._fields[aspect]._description_selection(self.env)) for aspect in SCALES}
        for change in self:
            known = labels.get(change.aspect, {})
            change.before_label = known.get(change.value_before) or self.env._("unknown")
            change.after_label = known.get(change.value_after) or self.env._("unknown")

    # ------------------------------------------------------------------ access: that of the stakeholder
    @api.model
    def _kam_access_dependencies(self):
        return [f'stakeholder_id.{path}' for path in self.env['kam.stakeholder']._kam_access_dependencies()]

    @api.model
    def _kam_disclosure_dependencies(self):
        return [f'stakeholder_id.{path}' for path in self.env['kam.stakeholder']._kam_disclosure_dependencies()]

    @api.model
    def _kam_own_domain(self):
        return Domain('stakeholder_id', 'any', self.env['kam.stakeholder']._kam_own_domain())

    @api.model
    def _kam_disclosed_domain(self):
        return Domain('stakeholder_id', 'any', self.env['kam.stakeholder']._kam_disclosed_domain())

    @api.model
    def _refuse_hidden(self, partner_ids):
        # What is passed here are stakeholders, and only they write these rows.
        return

    # ------------------------------------------------------------------ recording
    @api.model
    def _record(self, before):
        """Write down what differs from `before`: ``{stakeholder: {aspect: value}}``.

        Several changes on one day are one, from what stood there in the morning; back to it is none.
        """
        found = self.search([('stakeholder_id', 'in', [stakeholder.id for stakeholder in before])])
        today = {(row.stakeholder_id, row.aspect, row.date): row for row in found}
        added, undone = [], self.browse()
        for stakeholder, values in before.items():
            date = stakeholder.company_id._kam_today()
            for aspect, value in values.items():
                now = stakeholder[aspect]
                row = today.get((stakeholder, aspect, date))
                if now == value:
                    continue
                if not row:
                    added.append({
                        'stakeholder_id': stakeholder.id, 'aspect': aspect, 'date': date, 'value_before': value,
                        'value_after': now, 'user_id': self.env.uid})
                elif row.value_before == now:
                    undone |= row
                else:
                    row.write({'value_after': now, 'user_id': self.env.uid})
        undone.unlink()
        self.create(added)
