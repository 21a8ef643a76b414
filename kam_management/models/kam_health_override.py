"""A person's word against a computed health: with a reason, and until a day.

The computed one stays and is shown beside it. One that has expired counts no longer, without anybody's help.
"""
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.fields import UnknownFloat
from .kam_score import BANDS

# Who has to say it again after this many days.
LONGEST = 365
USERS = 'kam_management.group_kam_user'
# As the worker bands a computed health: under 50 red, under 75 amber.
CUTS = ((50, 'red'), (75, 'amber'))


class KamHealthOverride(models.Model):
    _name = 'kam.health.override'
    _description = "Health, overridden"
    _inherit = ['mail.thread', 'kam.account.mixin', 'kam.unknown.mixin']
    _order = 'date_from desc, id desc'
    _rec_names_search = ['partner_id']
    _check_company_auto = True

    partner_id = fields.Many2one(
        'res.partner', "Account", required=True, index=True, ondelete='restrict', check_company=True)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='restrict', default=lambda self: self.env.company)
    health = UnknownFloat(required=True, tracking=True, aggregator=None, help="From 0 to 100, as you see it.")
    band = fields.Selection(BANDS, "Health band", compute='_compute_band')
    reason = fields.Text(required=True, tracking=True, help="What the figures don't know.")
    date_from = fields.Date(
        "Since", required=True, readonly=True, default=lambda self: self.env.company._kam_today())
    date_to = fields.Date(
        "Until", required=True, tracking=True, default=lambda self: self.env.company._kam_today() + timedelta(days=30),
        help="The last day on which it counts. After it, the computed health stands alone again.")
    user_id = fields.Many2one(
        'res.users', "By", required=True, readonly=True, default=lambda self: self.env.user, ondelete='restrict')
    active = fields.Boolean("In force", default=True, tracking=True, help="Untick it to end it before its day.")
    is_current = fields.Boolean("Counts today", compute='_compute_is_current', search='_search_is_current')
    computed_health = UnknownFloat(
        "Computed health", compute='_compute_computed', help="As it was refreshed last.")
    computed_band = fields.Selection(BANDS, "Computed band", compute='_compute_computed')

    _range_check = models.Constraint('CHECK(health BETWEEN 0 AND 100)', "A health lies between 0 and 100.")

    # ------------------------------------------------------------------ computes
    @api.depends('health')
    def _compute_band(self):
        for override in self:
            override.band = False if override.health is False else next(
                (band for cut, band in CUTS if override.health < cut), 'green')

    @api.depends('active', 'date_from', 'date_to')
    def _compute_is_current(self):
        for override in self:
            today = (override.company_id or self.env.company)._kam_today()
            override.is_current = bool(
                override.active and override.date_from and override.date_to
                and override.date_from <= today <= override.date_to)

    @api.model
    def _search_is_current(self, operator, value):
        return self._kam_flag(operator, value, self._current_domain(self.env.company._kam_today()))

    @api.model
    def _current_domain(self, day):
        return Domain([('active', '=', True), ('date_from', '<=', day), ('date_to', '>=', day)])

    @api.depends('partner_id', 'company_id')
    @api.depends_context('uid')
    def _compute_computed(self):
        """As far as the reader may see the score."""
        scores = self.env['kam.score'].search(
            [('partner_id', 'in', self.partner_id.ids), ('company_id', 'in', self.company_id.ids)])
        found = {(score.partner_id, score.company_id): score for score in scores}
        for override in self:
            score = found.get((override.partner_id._origin, override.company_id._origin))
            override.computed_health = score.health if score else False
            override.computed_band = score.health_band if score else False

    @api.depends('partner_id.display_name', 'health')
    def _compute_display_name(self):
        for override in self:
            number = "" if override.health is False else f"{override.health:g}"
            override.display_name = " · ".join(filter(None, [override.partner_id.display_name, number]))

    # ------------------------------------------------------------------ checks
    @api.constrains('reason')
    def _check_reason(self):
        for override in self:
            if not override.reason.strip():
                raise ValidationError(self.env._("Say why: what do the figures not know?"))

    @api.constrains('date_from', 'date_to')
    def _check_dates(self):
        for override in self:
            if not override.date_from <= override.date_to <= override.date_from + timedelta(days=LONGEST):
                raise ValidationError(self.env._(
                    "Your word on the health of %(account)s counts for a year at most, from %(start)s on. Choose a day "
                    "in that year.", account=override.partner_id.display_name,
                    start=format_date(self.env, override.date_from)))

    @api.constrains('partner_id')
    def _check_partner_id(self):
        self.partner_id._kam_require_account()

    @api.constrains('partner_id', 'company_id', 'date_from', 'date_to', 'active')
    def _check_single(self):
        # Also those that whoever writes may not see; only the account and its dates are told.
        rows = self.sudo().search([('partner_id', 'in', self.partner_id.ids)])
        for override in self.filtered('active'):
            for other in rows:
                if (other != override and other.partner_id == override.partner_id
                        and other.company_id == override.company_id
                        and other.date_from <= override.date_to and override.date_from <= other.date_to):
                    raise ValidationError(self.env._(
                        "The health of %(account)s is overridden already, until %(date)s. End that one first, or "
                        "change it.", account=override.partner_id.display_name,
                        date=format_date(self.env, other.date_to)))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get('user_id', self.env.uid) != self.env.uid for vals in vals_list):
            raise UserError(self.env._("Nobody overrides a health in somebody else's name."))
        if not self.env.su and any(
                vals.get('date_from') and fields.Date.to_date(vals['date_from']) < self.env.company._kam_today()
                for vals in vals_list):
            raise UserError(self.env._("A health is overridden from today on, not for days that are past."))
        return super().create(vals_list)

    def write(self, vals):
        # Read-only in the form is not enough: it is the record of who said so, and when.
        if not self.env.su and any(name in vals for name in ('user_id', 'date_from')):
            raise UserError(self.env._(
                "Who overrode a health, and since when, stays as it is. End this one, and override it anew."))
        return super().write(vals)

    def _words(self):
        """Both values, who says otherwise, why and until when."""
        self.ensure_one()
        computed = self.env._("unknown") if self.computed_health is False else f"{self.computed_health:.0f}"
        return self.env._(
            "Computed: %(computed)s. %(user)s says %(health)s until %(date)s: %(reason)s", computed=computed,
            user=self.user_id.name, health=f"{self.health:.0f}", date=format_date(self.env, self.date_to),
            reason=self.reason)

    def action_end(self):
        """It counts no longer; it stays on record."""
        self.write({'active': False})


class KamScore(models.Model):
    _inherit = 'kam.score'

    health_by_hand = UnknownFloat(
        "Health by hand", compute='_compute_health_by_hand', aggregator=None,
        help="What a person says instead of the computed health, and counts today.")
    health_by_hand_words = fields.Char("Health in words", compute='_compute_health_by_hand')

    @api.depends('partner_id', 'company_id', 'health')
    @api.depends_context('uid', 'lang')
    def _compute_health_by_hand(self):
        """The one that counts today, as far as the reader may see it: one question for a whole list."""
        overrides = self.env['kam.health.override']
        found = {}
        # The worker reads scores, and not what people say instead.
        for company in self.company_id if overrides.has_access('read') else ():
            rows = overrides.search(
                Domain('partner_id', 'in', self.partner_id.ids) & Domain('company_id', '=', company.id)
                & overrides._current_domain(company._kam_today()))
            found.update({(row.partner_id, company): row for row in rows})
        for score in self:
            override = found.get((score.partner_id, score.company_id), overrides)
            score.health_by_hand = override.health if override else False
            score.health_by_hand_words = override._words() if override else False


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_health_override_id = fields.Many2one(
        'kam.health.override', "Health, overridden", compute='_compute_kam_health_override', groups=USERS)
    kam_health_override_words = fields.Char(
        "Health in words", compute='_compute_kam_health_override', groups=USERS)

    @api.depends_context('company', 'uid', 'lang')
    def _compute_kam_health_override(self):
        """The one that counts today, as far as the reader may see it."""
        overrides = self.env['kam.health.override']
        found = overrides.search(
            Domain('partner_id', 'in', self._origin.ids) & Domain('company_id', '=', self.env.company.id)
            & overrides._current_domain(self.env.company._kam_today()))
        by_account = {override.partner_id.id: override for override in found}
        for partner in self:
            override = by_account.get(partner._origin.id, overrides)
            partner.kam_health_override_id = override
            partner.kam_health_override_words = override._words() if override else False

    def action_kam_health_override(self):
        """The one that counts today, or a new one."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.health.override', 'views': [(False, 'form')],
            'res_id': self.kam_health_override_id.id, 'name': self.env._("Override the health"),
            'context': {'default_partner_id': self.id}, 'target': 'new',
        }

    @api.model
    def _kam_kept_for(self):
        return [*super()._kam_kept_for(), (
            'kam.health.override', ['partner_id'], [], self.env._(
                "The health of %(account)s was overridden, which would be lost. Archive the contact, or merge it into "
                "the one that goes on."))]
