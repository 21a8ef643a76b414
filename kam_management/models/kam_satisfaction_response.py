"""An answer of the customer on how satisfied it is: one person, one question, one day, on the scale it was asked on.

Nothing is summed up here: what the answers say together is computed by the worker.

| kind | scale | good is |
| --- | --- | --- |
| NPS | 0 to 10, whole numbers | high |
| CSAT | 1 to 5, whole numbers | high |
| CES | its own, 1 to 7 unless said otherwise | as declared |
| moment of truth | 1 favourable, 0 unfavourable | favourable |
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import float_is_zero

from ..tools.fields import UnknownFloat, is_unknown

USERS = 'kam_management.group_kam_user'
KINDS = [
    ('nps', "NPS"),
    ('csat', "CSAT"),
    ('ces', "CES"),
    ('moment', "Moment of truth"),
]
# Lowest and highest answer of each kind; those of CES are where it starts from.
SCALES = {'nps': (0, 10), 'csat': (1, 5), 'ces': (1, 7), 'moment': (0, 1)}
OWN_SCALE = 'ces'
BOUNDS = ('scale_min', 'scale_max')
# What a source has told is not told otherwise by hand.
OF_ORIGIN = ('contact_id', 'partner_id', 'organisation_id', 'kind', 'value', 'verdict', 'date', 'scale_min',
             'scale_max', 'good_end', 'company_id')


class KamSatisfactionResponse(models.Model):
    _name = 'kam.satisfaction.response'
    _description = "Satisfaction response"
    _inherit = ['kam.person.mixin', 'kam.unknown.mixin']
    _order = 'date desc, id desc'
    _rec_names_search = ['contact_id', 'partner_id']
    _kam_words = ('comment',)

    contact_id = fields.Many2one(help="Who answered. Empty: the answer is anonymous, and only its account is known.")
    kind = fields.Selection(
        KINDS, required=True, index=True,
        help="NPS: would you recommend us, 0 to 10. CSAT: how satisfied are you, 1 to 5. CES: how easy was it. Moment "
             "of truth: did it go well or not.")
    # The mean of answers on several scales is none of theirs.
    value = UnknownFloat("Number", aggregator=None, digits=(16, 2), help="On the scale on which it was asked.")
    verdict = fields.Selection(
        [('favourable', "Favourable"), ('unfavourable', "Unfavourable")], compute='_compute_verdict',
        inverse='_inverse_verdict', help="The answer to a moment of truth.")
    scale_min = UnknownFloat(
        "Lowest answer", compute='_compute_scale', store=True, readonly=False, precompute=True, aggregator=None)
    scale_max = UnknownFloat(
        "Highest answer", compute='_compute_scale', store=True, readonly=False, precompute=True, aggregator=None)
    good_end = fields.Selection(
        [('high', "A high answer is good"), ('low', "A low answer is good")], "Reads as", required=True,
        default='high', help="Which end of the scale is good. A CES may ask for ease (high is good) or for effort "
                             "(low is good).")
    answer = fields.Char(compute='_compute_answer', help="In words, or as a number.")
    scale = fields.Char("On", compute='_compute_answer', help="From the lowest to the highest answer.")
    touchpoint_id = fields.Many2one(
        'kam.touchpoint', "Touchpoint", ondelete='restrict', index='btree_not_null',
        help="The moment of the customer's journey that it is about.")
    comment = fields.Text(groups=USERS, help="In the customer's words.")
    origin_model = fields.Char("Origin: model", readonly=True, copy=False, export_string_translation=False)
    origin_id = fields.Many2oneReference(
        "Origin: record", model_field='origin_model', readonly=True, copy=False, export_string_translation=False)
    origin_ref = fields.Char(
        "Reference", copy=False, help="What the system that the answer comes from calls it. No answer is taken twice.")

    _origin_unique = models.Constraint(
        'UNIQUE(origin_model, origin_id)', "This answer has been taken over already.")
    _reference_unique = models.Constraint(
        'UNIQUE(company_id, origin_ref)',
        "An answer with this reference is there already: change that one, or leave the reference empty.")

    # ------------------------------------------------------------------ computes
    @api.depends('kind')
    def _compute_scale(self):
        for row in self:
            row.scale_min, row.scale_max = SCALES.get(row.kind, (False, False))

    @api.depends('scale_min', 'scale_max', 'kind', 'value', 'verdict')
    @api.depends_context('lang')
    def _compute_answer(self):
        verdicts = dict(self._fields['verdict']._description_selection(self.env))
        for row in self:
            row.answer = verdicts.get(row.verdict) or row.value is not False and f"{row.value:g}"
            known = row.kind != 'moment' and row.scale_min is not False and row.scale_max is not False
            row.scale = known and self.env._("%(lowest)s to %(highest)s", lowest=f"{row.scale_min:g}",
                                             highest=f"{row.scale_max:g}")

    @api.depends('kind', 'value')
    def _compute_verdict(self):
        for row in self:
            known = row.kind == 'moment' and row.value is not False
            row.verdict = known and ('favourable' if row.value else 'unfavourable')

    def _inverse_verdict(self):
        for row in self:
            if row.kind == 'moment' and row.verdict:
                row.value = 1 if row.verdict == 'favourable' else 0

    @api.onchange('kind')
    def _onchange_kind(self):
        self.value = False
        if self.kind != OWN_SCALE:
            self.good_end = 'high'

    @api.onchange('verdict')
    def _onchange_verdict(self):
        self._inverse_verdict()

    @api.depends('kind', 'contact_id', 'partner_id')
    @api.depends_context('lang')
    def _compute_display_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for row in self:
            who = row.contact_id.name or row.partner_id.name
            row.display_name = who and row.kind and self.env._("%(kind)s of %(who)s", kind=kinds[row.kind], who=who)

    # ------------------------------------------------------------------ checks
    @api.constrains('kind', 'value', 'scale_min', 'scale_max', 'good_end')
    def _check_value(self):
        for row in self:
            problem = row._find_problem()
            if problem:
                raise ValidationError(problem)

    def _find_problem(self):
        """A sentence on what is wrong with the answer and its scale, or None."""
        kind = dict(self._fields['kind']._description_selection(self.env))[self.kind]
        lowest, highest, value = self.scale_min, self.scale_max, self.value
        if self.kind != OWN_SCALE:
            if (lowest, highest) != SCALES[self.kind]:
                return self.env._(
                    "%(kind)s is answered on a scale from %(lowest)s to %(highest)s. Choose CES for an answer on a "
                    "scale of its own.", kind=kind, lowest=SCALES[self.kind][0], highest=SCALES[self.kind][1])
            if self.good_end != 'high':
                return self.env._("In %(kind)s a high answer is the good one. Only a CES may be asked the other way "
                                  "round.", kind=kind)
        if lowest is False or highest is False or lowest >= highest:
            return self.env._("A scale goes from a lowest answer to a higher one. Fill in both.")
        if value is False:
            return self.env._("Fill in the answer: a %(kind)s without one says nothing.", kind=kind)
        if not lowest <= value <= highest:
            return self.env._(
                "%(value)s is out of scale: %(kind)s goes from %(lowest)s to %(highest)s.", value=f"{value:g}",
                kind=kind, lowest=f"{lowest:g}", highest=f"{highest:g}")
        if self.kind != OWN_SCALE and not float_is_zero(value - round(value), precision_digits=6):
            return self.env._("%(kind)s is answered with a whole number; %(value)s is none.", kind=kind,
                              value=f"{value:g}")
        return None

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._settle(vals) for vals in vals_list])

    @api.model
    def _settle(self, vals):
        """`vals` without bounds that are unknown, so that the kind fills them in, and with the number of a verdict.

        A form takes a zero that follows from a choice for the unknown that stood there before, and does not send it.
        """
        vals = {name: value for name, value in vals.items() if name not in BOUNDS or not is_unknown(value)}
        if vals.get('verdict') and vals.get('kind', 'moment') == 'moment':
            vals['value'] = 1 if vals['verdict'] == 'favourable' else 0
        return vals

    def write(self, vals):
        if vals.get('kind') or vals.get('verdict') and set(self.mapped('kind')) == {'moment'}:
            vals = self._settle(vals)
        if not self.env.su and any(row.origin_model for row in self) and any(name in OF_ORIGIN for name in vals):
            raise AccessError(self.env._(
                "This answer comes from a survey or a rating. Correct it there; archive it here if it shall not "
                "count."))
        return super().write(vals)
