"""The plan's actions: a timeline of what is planned and done, and how the time between the phases is spent."""
from odoo import api, fields, models
from odoo.tools import formatLang

from .kam_action_kind import PHASES


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    action_ids = fields.One2many('kam.action', 'plan_id', "Actions")
    action_count = fields.Integer("Open actions", compute='_compute_action_count')
    timeline = fields.Json(compute='_compute_timeline', export_string_translation=False)
    time_html = fields.Html("Time by phase", compute='_compute_time_html', sanitize=False)

    @api.depends('action_ids.state')
    def _compute_action_count(self):
        counts = dict(self.env['kam.action']._read_group(
            [('plan_id', 'in', self.ids), ('state', '=', 'planned')], ['plan_id'], ['__count']))
        for plan in self:
            plan.action_count = counts.get(plan._origin, 0)

    # ------------------------------------------------------------------ timeline
    @api.depends('action_ids.name', 'action_ids.date', 'action_ids.state', 'action_ids.owner_id', 'date_start',
                 'date_end', 'buying_step_ids.date')
    @api.depends_context('uid', 'lang')
    def _compute_timeline(self):
        """`{start, end, today, lanes}`; a lane is `{name, items}`; an item `{model, id, name, who, start, end, state}`.

        `start` of an item is empty where only its end is known; `state` is one of open, late, done, cancelled.
        """
        today = self.env.company._kam_today()
        actions = self.env['kam.action'].search([('plan_id', 'in', self._origin.ids)])
        objectives = self.env['kam.objective'].search(
            [('plan_id', 'in', self._origin.ids), ('date_deadline', '!=', False)])
        for plan in self:
            if not plan.date_start or not plan.date_end:
                plan.timeline = False
                continue
            lanes = [
                (self.env._("Objectives"), [
                    self._timeline_item(
                        row, row.date_start, row.date_deadline, row.owner_id, self._state_of(row, today))
                    for row in objectives if row.plan_id == plan._origin]),
                (self.env._("Buying process"), [
                    self._timeline_item(row, False, row.date, row.owner_id, 'open' if row.date >= today else 'done')
                    for row in plan._origin.buying_step_ids if row.date]),
                (self.env._("Actions"), [
                    self._timeline_item(row, False, row.date_done or row.date, row.owner_id, self._state_of(row, today))
                    for row in actions if row.plan_id == plan._origin]),
            ]
            plan.timeline = {
                'start': str(plan.date_start), 'end': str(plan.date_end), 'today': str(today),
                'lanes': [{'name': name, 'items': items} for name, items in lanes if items]}

    @api.model
    def _timeline_item(self, record, start, end, owner, state):
        return {'model': record._name, 'id': record.id, 'name': record.name, 'who': owner.name or '',
                'start': str(start or ''), 'end': str(end), 'state': state}

    @api.model
    def _state_of(self, record, today):
        """How an action or an objective stands, in the words of the timeline."""
        ended = {'done': 'done', 'achieved': 'done', 'cancelled': 'cancelled', 'missed': 'late'}
        due = record.date if record._name == 'kam.action' else record.date_deadline
        return ended.get(record.state) or ('late' if due < today else 'open')

    # ------------------------------------------------------------------ time
    @api.depends('action_ids.state', 'action_ids.effort', 'action_ids.phase', 'company_id')
    @api.depends_context('uid', 'lang')
    def _compute_time_html(self):
        spent = {}
        for plan, phase, hours in self.env['kam.action']._read_group(
                [('plan_id', 'in', self._origin.ids), ('state', '=', 'done'), ('phase', '!=', False),
                 ('effort', '!=', False)], ['plan_id', 'phase'], ['effort:sum']):
            spent.setdefault(plan.id, {})[phase] = hours
        labels = dict(self.env['kam.action']._fields['phase']._description_selection(self.env))
        for plan in self:
            hours = spent.get(plan._origin.id, {})
            total = sum(hours.values())
            # The settings of one's own company are readable; of another one, only what is spent is shown.
            settings = plan.company_id.kam_settings_id if plan.company_id in self.env.companies else None
            plan.time_html = total and self.env['ir.qweb']._render('kam_management.plan_time', {'phases': [
                {'name': labels[phase], 'hours': formatLang(self.env, hours.get(phase, 0.0), digits=1),
                 'share': round(100 * hours.get(phase, 0.0) / total),
                 'target': settings and round(settings[f'time_{phase}'])}
                for phase, _label in PHASES]})

    # ------------------------------------------------------------------ progress
    @api.model
    def _progress_dependencies(self):
        return [*super()._progress_dependencies(), 'action_ids']

    @api.model
    def _part_rows(self):
        worth = ['|', '|', ('value_customer_expected', '!=', False), ('value_customer_obtained', '!=', False),
                 ('value_note', '!=', False)]
        return {
            **super()._part_rows(),
            'value': ('kam.action', 'plan_id', [('state', '!=', 'cancelled'), *worth]),
        }

    @api.model
    def _part_ages(self):
        return {**super()._part_ages(), 'value': ('date_said', None)}

    def _find_parts(self):
        """A planned action is a next step, as an activity is."""
        parts = super()._find_parts()
        planned = self._find_part('kam.action', 'plan_id', [('state', '=', 'planned')], 'date_said', [])
        for plan, (_done, *days) in planned.items():
            parts['next_steps'][plan] = (True, *self._from_to([*days, *parts['next_steps'].get(plan, ())[1:]]))
        return parts

    # ------------------------------------------------------------------ ways
    def action_activate(self):
        """What is still planned in closed plans of the account goes on in this one."""
        result = super().action_activate()
        for plan in self:
            self.env['kam.action'].search([
                ('state', '=', 'planned'), ('plan_id.state', '=', 'closed'), ('company_id', '=', plan.company_id.id),
                ('partner_id', 'in', (plan.partner_id | plan.partner_ids).ids)]).plan_id = plan
        return result

    def action_open_actions(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_action_action'),
            'domain': [('plan_id', '=', self.id)],
            'context': {'default_plan_id': self.id, 'default_partner_id': self.partner_id.id},
        }
