"""Who competes for the customer (ours), and who the customer competes with (theirs)."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.fields import UnknownFloat, UnknownInteger
from .kam_naming_mixin import ERASING


class KamPlanCompetitor(models.Model):
    _name = 'kam.plan.competitor'
    _description = "Competitor"
    _inherit = ['kam.plan.row.mixin', 'kam.said.mixin', 'kam.unknown.mixin']
    _order = 'whose, rank, share desc, id'

    whose = fields.Selection(
        [('ours', "Ours"), ('theirs', "The customer's")], required=True, default='ours')
    partner_id = fields.Many2one(
        'res.partner', "Contact", index='btree_not_null', ondelete='set null', help="Where it is a contact of ours.")
    name = fields.Char(
        required=True, compute='_compute_name', store=True, readonly=False, precompute=True)
    share = UnknownFloat(
        "Share %", help="Ours: of what the customer buys. The customer's: of its market. From 0 to 100.")
    rank = UnknownInteger(help="1 is the strongest.")
    strengths = fields.Text(help="What it is better at.")
    weaknesses = fields.Text(help="What it is worse at.")

    @api.depends('partner_id')
    def _compute_name(self):
        for competitor in self:
            # The name of a company is no secret to whoever chose it; kept when the contact is deleted.
            competitor.name = competitor.partner_id.sudo().name or competitor.name

    # ------------------------------------------------------------------ forgetting
    @api.model
    def _kam_people_fields(self):
        return [*super()._kam_people_fields(), 'partner_id']

    def _kam_unname(self, people):
        """A competitor who is a person: share and rank stay, and are of some competitor."""
        # In sudo: also rows of closed plans, and what is hidden from whoever erases.
        rows = self.sudo().with_context(tracking_disable=True, kam_erasing=ERASING)
        for row in rows.filtered(lambda row: row.partner_id in people):
            row.write({**row._kam_unchanged(['name']), 'partner_id': False, 'name': self.env._("A competitor")})

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id', 'name', 'plan_id')
    def _check_not_the_customer(self):
        for competitor in self:
            accounts = competitor.plan_id.partner_id | competitor.plan_id.partner_ids
            same = competitor.partner_id and (
                competitor.partner_id in accounts or competitor.partner_id.kam_account_id in accounts)
            name = (competitor.name or '').strip().casefold()
            if same or name in {(account.name or '').strip().casefold() for account in accounts}:
                raise ValidationError(self.env._(
                    "%(competitor)s is the customer itself: name another company as its competitor, or as ours.",
                    competitor=competitor.name))

    @api.constrains('share', 'rank')
    def _check_numbers(self):
        for competitor in self:
            if competitor.share is not False and not 0 <= competitor.share <= 100:
                raise ValidationError(self.env._(
                    "%(competitor)s: a share is between 0 and 100%%. Leave it empty while nobody knows.",
                    competitor=competitor.name))
            if competitor.rank is not False and competitor.rank < 1:
                raise ValidationError(self.env._(
                    "%(competitor)s: ranks begin at 1, the strongest.", competitor=competitor.name))
