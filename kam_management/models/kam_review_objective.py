"""What a review decides on an objective: it is kept, changed or dropped, with one tap each."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.fields import UnknownFloat

DECISIONS = [
    ('keep', "Keep"),
    ('change', "Change"),
    ('drop', "Drop"),
]


class KamReviewObjective(models.Model):
    _name = 'kam.review.objective'
    _description = "Objective in a review"
    _inherit = ['kam.unknown.mixin']
    _order = 'review_id, id'
    _rec_name = 'objective_id'

    review_id = fields.Many2one('kam.review', "Review", required=True, index=True, ondelete='cascade')
    objective_id = fields.Many2one('kam.objective', "Objective", required=True, index=True, ondelete='restrict')
    decision = fields.Selection(DECISIONS)
    new_deadline = fields.Date("New deadline")
    new_target = UnknownFloat("New target", aggregator=None)
    reason = fields.Text("Why it is dropped")
    facts = fields.Json(compute='_compute_facts', export_string_translation=False)

    _objective_unique = models.Constraint(
        'UNIQUE(review_id, objective_id)', "This objective stands in the review already.")

    @api.depends('objective_id')
    @api.depends_context('uid', 'lang')
    def _compute_facts(self):
        """What stands beside the decision, as far as the reader may see the objective; else nothing but that."""
        readable = self.objective_id._filtered_access('read')
        labels = dict(readable._fields['health']._description_selection(self.env))
        number = self.env['kam.score']._number
        for row in self:
            objective = row.objective_id
            if objective not in readable:
                row.facts = {'hidden': True, 'name': self.env._("An objective")}
                continue
            unit = objective.kpi_id.sudo().name or objective.unit or ''
            row.facts = {
                'hidden': False, 'name': objective.name, 'owner': objective.owner_id.name or '',
                'health': objective.health,
                'health_label': labels.get(objective.health, self.env._("No check-in yet")),
                'progress': False if objective.progress is False else number(objective.progress),
                'deadline': objective.date_deadline and format_date(self.env, objective.date_deadline),
                'overdue': objective.is_overdue,
                'target': False if objective.target is False else f"{number(objective.target)} {unit}".strip(),
                'value': False if objective.value is False else number(objective.value),
            }

    # ------------------------------------------------------------------ checks
    @api.constrains('objective_id', 'review_id')
    def _check_objective_id(self):
        # In sudo: the objective may be hidden from whoever writes; only accounts are named.
        for row in self.sudo():
            if row.objective_id.partner_id != row.review_id.partner_id:
                raise ValidationError(self.env._(
                    "The objective is one of %(other)s. Choose an objective of %(account)s.",
                    other=row.objective_id.partner_id.display_name, account=row.review_id.partner_id.display_name))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.env['kam.objective'].browse([vals['objective_id'] for vals in vals_list]).check_access('read')
        rows = super().create(vals_list)
        rows.review_id._refuse_closed()
        return rows

    def write(self, vals):
        self.review_id._refuse_closed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.review_id._refuse_closed()

    # ------------------------------------------------------------------ steps
    def _require_decided(self):
        """Raise, with what is missing, unless each line says what becomes of its objective.

        What the reader may not see, and what has ended meanwhile, asks for nothing.
        """
        for row in self._filter_open():
            name = row.objective_id.name
            if not row.decision:
                raise UserError(self.env._(
                    "Say what becomes of “%(objective)s”: keep it, change it or drop it.", objective=name))
            if row.decision == 'change' and not row.new_deadline and row.new_target is False:
                raise UserError(self.env._(
                    "“%(objective)s” is to change: give its new deadline, its new target or both.", objective=name))
            if row.decision == 'drop' and not (row.reason or '').strip():
                raise UserError(self.env._("Say why “%(objective)s” is dropped.", objective=name))

    def _filter_open(self):
        readable = self.objective_id._filtered_access('read')
        return self.filtered(lambda row: row.objective_id in readable and row.objective_id.state == 'running')

    def _apply(self):
        """Carry out what was decided, with the rights and the checks of whoever closes the review."""
        for row in self._filter_open():
            objective = row.objective_id
            if row.decision == 'drop':
                objective.action_cancel()
                objective._message_log(body=self.env._("Dropped in a review: %(reason)s", reason=row.reason))
            elif row.decision == 'change':
                values = {}
                if row.new_deadline:
                    values['date_deadline'] = row.new_deadline
                if row.new_target is not False:
                    values['target'] = row.new_target
                objective.write(values)
