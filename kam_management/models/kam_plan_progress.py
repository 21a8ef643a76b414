"""How complete a plan is and how old each part: what the tier requires, what is there, and since when it stands.

One definition of "there" per part (`_part_rows`), by the codes of the catalogue `kam.plan.part`. Models that hang on a
plan add theirs there. A part that nothing is defined for, such as one that an administrator added, is not shown and
does not count.

A part is as old as the oldest thing in it that still holds (`_part_ages`), since when somebody said it: one new row
hides nothing, and a write that says nothing new makes nothing young. What is noted down as it happens, such as signals,
is as old as the last note.
"""
from datetime import datetime

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.fields import UnknownFloat
from .kam_plan import OLD_MONTHS

# The stages of the process, in the order in which a plan grows, and the parts that each one asks for.
STAGES = {
    'know': ('people', 'profile', 'customer_goals', 'needs', 'history', 'buying_process', 'wallet', 'competitors'),
    'analyse': ('dafo', 'scenarios', 'signals'),
    'decide': ('priorities', 'objectives', 'targets'),
    'act': ('next_steps', 'commitments', 'forecast'),
    'show': ('value',),
}
# A tier that asks for no more than these is light: the rest of the form stays folded.
LIGHT = {'priorities', 'objectives', 'people', 'next_steps', 'commitments'}
# What makes up the profile before it counts as done.
SECTIONS_NEEDED = 4


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    progress = UnknownFloat(
        "Complete", compute='_compute_progress', help="Which part of what the tier requires is there. From 0 to 1.")
    missing = fields.Char("Missing parts", compute='_compute_progress')
    old = fields.Char(
        "Old parts", compute='_compute_progress', help="Something in them was said half a year ago or longer.")
    # Apart from the figures, so that lists don't draw it.
    progress_html = fields.Html("Progress", compute='_compute_progress_html', sanitize=False)
    # What of the form is open: a light tier shows little, until somebody asks for more. Stored, or every save would
    # fold it again.
    show_more = fields.Boolean(
        "Show everything", compute='_compute_show_more', store=True, readonly=False, precompute=True)

    @api.depends('partner_id.kam_tier_id')
    def _compute_show_more(self):
        for plan in self:
            plan.show_more = bool(set(plan.kam_tier_id.part_ids.mapped('code')) - LIGHT)

    @api.depends(lambda self: self._progress_dependencies())
    @api.depends_context('lang', 'tz', 'uid')
    def _compute_progress(self):
        for plan, lines in self._progress_lines().items():
            required = [line for line in lines if line['required']]
            plan.progress = bool(required) and sum(line['done'] for line in required) / len(required)
            plan.missing = ", ".join(line['part'].name for line in required if not line['done'])
            plan.old = ", ".join(line['part'].name for line in lines if line['old'])

    @api.depends(lambda self: self._progress_dependencies())
    @api.depends_context('lang', 'tz', 'uid')
    def _compute_progress_html(self):
        labels = self._stage_labels()
        coded = {code for codes in STAGES.values() for code in codes}
        for plan, lines in self._progress_lines().items():
            stages = [
                (labels[stage], [line for line in lines if line['part'].code in codes])
                for stage, codes in STAGES.items()]
            stages.append((self.env._("Other"), [line for line in lines if line['part'].code not in coded]))
            required = [line for line in lines if line['required']]
            done = sum(line['done'] for line in required)
            plan.progress_html = self.env['ir.qweb']._render('kam_management.plan_progress', {
                'stages': [(label, found) for label, found in stages if found], 'done': done,
                'number': len(required), 'percent': round(100 * done / len(required)) if required else 0,
                'missing': ", ".join(line['part'].name for line in required if not line['done'])})

    def _progress_lines(self):
        """For each plan the parts that its tier requires or that are there, in the order of the catalogue."""
        today = self.env.company._kam_today()
        known = self._find_parts()
        catalogue = self.env['kam.plan.part'].search([('code', 'in', list(known))])
        found = {}
        for plan in self:
            required = plan.kam_tier_id.part_ids
            found[plan] = []
            for part in catalogue:
                done, date, *latest = known[part.code].get(plan._origin.id, (False, False))
                if part in required or done:
                    found[plan].append({
                        'part': part, 'required': part in required, 'done': done,
                        'old': bool(done and date and date < today - relativedelta(months=OLD_MONTHS)),
                        **self._age_texts(done and date, *latest)})
        return found

    @api.model
    def _age_texts(self, date, latest=None):
        """How old a part is, and a sentence on that where its oldest and its latest row are not of the same age."""
        age_text = self.env['kam.assessment']._age_text
        age = date and age_text(date)
        differ = bool(date and latest and age_text(latest) != age)
        return {'age': age, 'ages': differ and self.env._(
            "The oldest is of %(oldest)s, the latest of %(latest)s.",
            oldest=format_date(self.env, date), latest=format_date(self.env, latest))}

    @api.model
    def _stage_labels(self):
        return {
            'know': self.env._("Know the customer"),
            'analyse': self.env._("Analyse"),
            'decide': self.env._("Decide"),
            'act': self.env._("Act"),
            'show': self.env._("Show the value"),
        }

    @api.model
    def _progress_dependencies(self):
        return [
            'partner_id.kam_tier_id', 'priority_ids', 'goal_ids', 'lesson_ids', 'buying_step_ids', 'scenario_ids',
            'signal_ids', 'commitment_ids', 'target_ids', 'forecast_ids', 'competitor_ids', 'category_ids',
            'activity_ids',
        ]

    @api.model
    def _part_rows(self):
        """``{code of a part: (model, field that names the plan, domain)}``: a part is done when it has such a row."""
        return {
            'priorities': ('kam.plan.priority', 'plan_id', []),
            'customer_goals': ('kam.plan.goal', 'plan_id', [('whose', '!=', 'us'), ('kind', '!=', 'need')]),
            'needs': ('kam.plan.goal', 'plan_id', [('kind', '=', 'need')]),
            'history': ('kam.plan.lesson', 'plan_id', []),
            'buying_process': ('kam.plan.buying.step', 'plan_id', []),
            'scenarios': ('kam.plan.scenario', 'plan_id', []),
            'signals': ('kam.plan.signal', 'plan_id', []),
            'commitments': ('kam.plan.commitment', 'plan_id', []),
            'targets': ('kam.plan.target', 'plan_id', []),
            'forecast': ('kam.plan.forecast', 'plan_id', []),
            'competitors': ('kam.plan.competitor', 'plan_id', []),
            'wallet': ('kam.plan.category', 'plan_id', [('potential', '!=', False)]),
        }

    @api.model
    def _part_ages(self):
        """``{code of a part: (field with the day of a row, rows that hold today)}``.

        The rows that hold are a domain; the oldest of them counts. None: the latest of all rows counts.
        """
        today = self.env.company._kam_today()
        year = str(today.year)
        return {
            'priorities': ('date_said', []),
            'customer_goals': ('date_said', ['|', ('year', '=', False), ('year', '>=', year)]),
            'needs': ('date_said', ['|', ('year', '=', False), ('year', '>=', year)]),
            'history': ('date_said', None),
            'buying_process': ('date_said', []),
            'scenarios': ('date_said', [('state', '!=', 'over')]),
            'signals': ('date', None),
            'commitments': ('date_said', [('date_done', '=', False)]),
            'targets': ('date_said', [('year', '>=', year)]),
            'forecast': ('date_said', [('month', '>=', today.replace(day=1))]),
            'competitors': ('date_said', []),
            'wallet': ('potential_date', []),
        }

    def _find_parts(self):
        """``{code: {plan id: (done, its day[, the latest day in it])}}`` for the parts that can be there at all."""
        parts = {'profile': {}, 'next_steps': {}}
        ages = self._part_ages()
        for code, (model, name, domain) in self._part_rows().items():
            parts[code] = self._find_part(model, name, domain, *ages.get(code, ('write_date', None)))
        for plan in self:
            filled = [date for text, date in plan._profile_sections().values() if text]
            parts['profile'][plan._origin.id] = (len(filled) >= SECTIONS_NEEDED, *self._from_to(filled))
            if plan.activity_ids:
                parts['next_steps'][plan._origin.id] = (
                    True, *self._from_to([self._day(activity.create_date) for activity in plan.activity_ids]))
        return parts

    @api.model
    def _from_to(self, days):
        """The oldest and the latest of these days, as far as they are known."""
        known = [day for day in days if day]
        return min(known, default=False), max(known, default=False)

    def _find_part(self, model, name, domain, date, holding):
        # New rows in an open form have no date yet; they count once saved.
        mine = Domain(domain) & Domain(name, 'in', self._origin.ids)
        found = {plan.id: (True, self._day(latest))
                 for plan, latest in self.env[model]._read_group(mine, [name], [f'{date}:max'])}
        if holding is not None:
            for plan, oldest, latest in self.env[model]._read_group(
                    mine & Domain(holding), [name], [f'{date}:min', f'{date}:max']):
                found[plan.id] = (True, self._day(oldest), self._day(latest))
        return found

    @api.model
    def _day(self, moment):
        if not isinstance(moment, datetime):
            return moment
        return fields.Datetime.context_timestamp(self, moment).date()
