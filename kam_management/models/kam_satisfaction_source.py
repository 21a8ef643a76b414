"""Where answers on satisfaction come from: a model, which of its records are answers, and how each is read.

A source reads like a KPI (see `kam.record.source.mixin`), but one record at a time: who answered, what, when, on which
scale. What it reads becomes `kam.satisfaction.response`, and everything after that reads responses, whatever they come
from. How it is collected stands in `kam_satisfaction_source_collect.py`, and why so in
docs/decisions/2026-11-22-answers-are-collected-by-odoo.md.

An answer keeps the kind and the scale on which it was collected. Changing a source changes what is collected from then
on, and nothing that is there.
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.fields import UnknownFloat
from .kam_satisfaction_response import BOUNDS, KINDS, OWN_SCALE, SCALES

NUMBERS = ('integer', 'float', 'monetary')
MOMENTS = ('date', 'datetime')
WORDS = ('char', 'text')
# What a source reads, and how: changing one of these is for system administrators.
DEFINITION = ('kind', 'model_name', 'domain', 'partner_path', 'value_path', 'scale_min', 'scale_max', 'good_end',
              'favourable_from', 'date_field', 'company_field', 'company_id', 'comment_path', 'request_domain',
              'request_date_field')


class KamSatisfactionSource(models.Model):
    _name = 'kam.satisfaction.source'
    _description = "Source of answers"
    _inherit = ['kam.record.source.mixin', 'kam.unknown.mixin']
    _order = 'sequence, id'
    _kam_definition = DEFINITION

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(
        help="Only system administrators may activate a source that is not shipped, because Odoo then reads its model "
             "whoever may see it. What was collected stays when a source is archived.")
    company_id = fields.Many2one(
        'res.company', ondelete='restrict', tracking=True, string="Counts for",
        help="The company for which records count that name none. Empty: the company of the customer, or else the "
             "first one.")
    company_field = fields.Char(help="Without one, an answer counts for the company of its customer.")
    kind = fields.Selection(
        KINDS, required=True, default='csat', tracking=True,
        help="NPS: would you recommend us, 0 to 10. CSAT: how satisfied are you, 1 to 5. CES: how easy was it. Moment "
             "of truth: did it go well or not.")
    partner_path = fields.Char(
        "Path to who answered",
        help="Field, or fields with dots between, that lead to a contact. A person answers; what a company answers "
             "is anonymous.")
    value_path = fields.Char(
        "Path to the number", required=True, tracking=True,
        help="Field, or fields with dots between, that lead to the number that was given.")
    scale_min = UnknownFloat(
        "Lowest answer", compute='_compute_scale', store=True, readonly=False, precompute=True, aggregator=None,
        tracking=True)
    scale_max = UnknownFloat(
        "Highest answer", compute='_compute_scale', store=True, readonly=False, precompute=True, aggregator=None,
        tracking=True)
    good_end = fields.Selection(
        [('high', "A high answer is good"), ('low', "A low answer is good")], "Reads as", required=True,
        default='high', tracking=True,
        help="Which end of the scale is good. A CES may ask for ease (high is good) or for effort (low is good).")
    favourable_from = UnknownFloat(
        "Favourable from", aggregator=None, tracking=True, help="From this number on it went well; below, it did not.")
    date_field = fields.Char(
        "Date of the answer", required=True, default='create_date', tracking=True,
        help="Field, or fields with dots between, with the day or the moment.")
    touchpoint_id = fields.Many2one(
        'kam.touchpoint', "Touchpoint", ondelete='restrict', tracking=True,
        help="The moment of the customer's journey that it asks about.")
    comment_path = fields.Char(
        "Path to the comment", tracking=True, help="Field, or fields with dots between, with the customer's words.")
    request_domain = fields.Char(
        "Who was asked", tracking=True,
        help="Which records of this model were sent to somebody to be answered, as a domain of constants. Those among "
             "them that count as answers are answered. Empty: it is not known who was asked.")
    request_date_field = fields.Char(
        "Asked on", default='create_date', tracking=True, help="Field with the day or the moment of the question.")
    defined_on = fields.Datetime(
        "Definition changed on", readonly=True, copy=False, default=lambda self: self.env.cr.now())
    failure = fields.Char("What went wrong", readonly=True, copy=False)
    response_count = fields.Integer("Answers", compute='_compute_collected')
    refusal_count = fields.Integer("Not counted", compute='_compute_collected')
    request_count = fields.Integer("Asked", compute='_compute_collected')
    collected_on = fields.Datetime("Last collected", compute='_compute_collected')

    # ------------------------------------------------------------------ computes
    @api.depends('kind')
    def _compute_scale(self):
        for source in self:
            source.scale_min, source.scale_max = SCALES.get(source.kind, (False, False))

    @api.depends_context('allowed_company_ids')
    def _compute_collected(self):
        """Numbers only, of the companies that the reader is in: whose answers they are stays with the answers."""
        companies = self.env.companies.ids
        counts = {}
        for model in ('kam.satisfaction.response', 'kam.satisfaction.refusal', 'kam.satisfaction.request'):
            # In sudo: who sets sources up need not read the answers to see how many there are.
            counts[model] = dict(self.env[model].sudo().with_context(active_test=True)._read_group(
                [('source_id', 'in', self.ids), ('company_id', 'in', companies)], ['source_id'], ['__count']))
        # In sudo: how far it was read is bookkeeping that nobody has a right to.
        dates = dict(self.env['kam.satisfaction.mark'].sudo()._read_group(
            [('source_id', 'in', self.ids), ('company_id', 'in', companies)], ['source_id'], ['date:max']))
        for source in self:
            key = source._origin
            source.response_count = counts['kam.satisfaction.response'].get(key, 0)
            source.refusal_count = counts['kam.satisfaction.refusal'].get(key, 0)
            source.request_count = counts['kam.satisfaction.request'].get(key, 0)
            source.collected_on = dates.get(key, False)

    @api.onchange('kind')
    def _onchange_kind(self):
        if self.kind != OWN_SCALE:
            self.good_end = 'high'

    # ------------------------------------------------------------------ is it there?
    def _find_definition_obstacle(self, model):
        return (self._find_path_obstacle(model) or self._find_columns_obstacle(model)
                or self._find_domain_obstacle(model, self.domain)
                or self._find_domain_obstacle(model, self.request_domain))

    def _find_columns_obstacle(self, model):
        if not self.value_path or not self.date_field:
            return self.env._("Name the field of the number and the field of the date.")
        for path, types, comodel in (
                (self.value_path, NUMBERS, None), (self.date_field, MOMENTS, None), (self.comment_path, WORDS, None),
                (self.company_field, ('many2one',), 'res.company'),
                (self._asks() and self.request_date_field, MOMENTS, None)):
            if path:
                *names, last = path.split('.')
                end, obstacle = self._follow(model, names)
                obstacle = obstacle or self._find_column_obstacle(end, last, types, comodel)
                if obstacle:
                    return obstacle
        return False

    def _asks(self):
        """Whether it is known who was asked."""
        return bool(self._parse_domain(self.request_domain))

    # ------------------------------------------------------------------ checks
    @api.constrains('kind', 'good_end', 'favourable_from', *BOUNDS)
    def _check_scale(self):
        for source in self:
            problem = source._find_scale_problem()
            if problem:
                raise ValidationError(problem)

    def _find_scale_problem(self):
        """A sentence on what is wrong with the scale, or None."""
        kind = dict(self._fields['kind']._description_selection(self.env))[self.kind]
        lowest, highest, favourable = self.scale_min, self.scale_max, self.favourable_from
        if self.kind in ('nps', 'csat') and (lowest, highest) != SCALES[self.kind]:
            return self.env._(
                "%(kind)s is answered on a scale from %(lowest)s to %(highest)s. Choose CES for an answer on a scale "
                "of its own.", kind=kind, lowest=SCALES[self.kind][0], highest=SCALES[self.kind][1])
        if self.kind != OWN_SCALE and self.good_end != 'high':
            return self.env._("In %(kind)s a high answer is the good one. Only a CES may be asked the other way round.",
                              kind=kind)
        if lowest is False or highest is False or lowest >= highest:
            return self.env._("A scale goes from a lowest answer to a higher one. Fill in both.")
        if self.kind == 'moment' and (favourable is False or not lowest < favourable <= highest):
            return self.env._(
                "Say from which number on a moment of truth went well: above %(lowest)s, and at most %(highest)s.",
                lowest=f"{lowest:g}", highest=f"{highest:g}")
        return None

    @api.constrains('request_domain', 'request_date_field')
    def _check_request_domain(self):
        for source in self:
            source._refuse_bad_domain(source.request_domain)
            if source._asks() and not source.request_date_field:
                raise ValidationError(self.env._(
                    "Name the field that says on which day “%(name)s” was asked, or leave empty who was asked.",
                    name=source.name))

    # ------------------------------------------------------------------ writing
    def write(self, vals):
        redefined = self.filtered(lambda source: source._redefines(vals))
        result = super().write(vals)
        if redefined and 'defined_on' not in vals:
            # Noted by Odoo: what changed before this moment was read, or left, by the definition of before.
            super(KamSatisfactionSource, redefined.sudo()).write({'defined_on': self.env.cr.now(), 'failure': False})
        return result

    def _refuse_definition(self):
        raise AccessError(self.env._(
            "Only system administrators may activate a source of your own or change what an active or shipped one "
            "reads, because Odoo reads its records whoever may see them. Save it archived and ask one of them to "
            "activate it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_collected(self):
        # In sudo: also answers that whoever deletes sources may not see.
        used = self.env['kam.satisfaction.response'].sudo().with_context(active_test=False).search(
            [('source_id', 'in', self.ids)], limit=1).source_id
        if used:
            raise UserError(self.env._(
                "There are answers from “%(name)s”: archive it instead. Nothing more is collected then, and the "
                "answers stay.", name=used.name))

    # ------------------------------------------------------------------ ways
    def _action_of(self, action, **values):
        self.ensure_one()
        return {**self.env['ir.actions.act_window']._for_xml_id(f'kam_management.{action}'),
                'domain': [('source_id', '=', self.id)], 'context': {'create': False}, **values}

    def action_responses(self):
        return self._action_of('kam_satisfaction_response_action')

    def action_refusals(self):
        return self._action_of('kam_satisfaction_refusal_action')

    def action_requests(self):
        return self._action_of('kam_satisfaction_request_action')
