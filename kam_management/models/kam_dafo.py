"""SWOT analyses (DAFO): of a key account, of its value chain, of us, and of a competitor, each dated.

An account has as many as are worth having: each subject its own, and a new one when the picture has changed. The cards
are `kam.dafo.item`; crossing them makes `kam.dafo.strategy`.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .kam_naming_mixin import ERASING

# What an analysis says.
CONTENT = ('subject', 'partner_id', 'competitor_id', 'competitor_name', 'date', 'advantage', 'item_ids', 'plan_id',
           'active')
# Only an object of this module archives what a closed plan rests on: a later version takes its place.
REPLACED = object()
SUBJECTS = [
    ('customer', "The customer"),
    ('chain', "Its value chain"),
    ('us', "Us"),
    ('competitor', "A competitor"),
]


class KamDafo(models.Model):
    _name = 'kam.dafo'
    _description = "SWOT analysis"
    _inherit = ['kam.work.mixin', 'kam.naming.mixin']
    _order = 'date desc, id desc'
    _rec_names_search = ['partner_id', 'competitor_name']
    _kam_owners = ('user_id',)

    plan_id = fields.Many2one(help="The plan that rests on this analysis, if there is one.")
    subject = fields.Selection(
        SUBJECTS, "Analysis of", required=True, default='customer', tracking=True,
        help="Whose strengths and weaknesses these are. Opportunities and threats are what comes to it from outside.")
    competitor_id = fields.Many2one(
        'res.partner', "Competitor", index='btree_not_null', ondelete='set null', check_company=True,
        help="The competitor, if it is among your contacts; else its name is enough.")
    # Stored: the name stays when the contact goes.
    competitor_name = fields.Char(
        "Name of the competitor", compute='_compute_competitor_name', store=True, readonly=False, precompute=True)
    date = fields.Date(
        "As of", required=True, default=lambda self: self.env.company._kam_today(), tracking=True,
        help="When things looked like this. When they change, copy the analysis and go on in the copy.")
    user_id = fields.Many2one(
        'res.users', "Written by", required=True, default=lambda self: self.env.user, ondelete='restrict',
        domain=[('share', '=', False)])
    advantage = fields.Text(
        "Competitive advantage", help="What it has that others can't easily copy, and what that means for us.")
    item_ids = fields.One2many('kam.dafo.item', 'dafo_id', "Cards", copy=True)
    item_count = fields.Integer("Number of cards", compute='_compute_item_count')
    strategy_count = fields.Integer("Strategies", compute='_compute_strategy_count')
    active = fields.Boolean(help="Archived ones stay on record and leave the cross analysis.")

    # ------------------------------------------------------------------ computes
    @api.depends('competitor_id', 'subject')
    def _compute_competitor_name(self):
        for dafo in self:
            if dafo.subject != 'competitor':
                dafo.competitor_name = False
            elif dafo.competitor_id:
                dafo.competitor_name = dafo.competitor_id.name

    @api.depends('item_ids')
    def _compute_item_count(self):
        counts = dict(self.env['kam.dafo.item']._read_group([('dafo_id', 'in', self.ids)], ['dafo_id'], ['__count']))
        for dafo in self:
            dafo.item_count = counts.get(dafo._origin, 0)

    @api.depends('item_ids.strategy_ids')
    def _compute_strategy_count(self):
        # Read from the cards on: a search through them and their rules may take PostgreSQL minutes.
        for dafo in self:
            dafo.strategy_count = len(dafo.item_ids.strategy_ids)

    @api.depends('partner_id', 'subject', 'competitor_name', 'date')
    @api.depends_context('lang', 'uid')
    def _compute_display_name(self):
        # Odoo tells the name of whatever a record points at, in sudo; this one may be confidential.
        readable = set(self.sudo(False)._filtered_access('read')._ids)
        for dafo in self:
            if dafo._origin and dafo.id not in readable:
                dafo.display_name = self.env._("Confidential")
                continue
            parts = [dafo.partner_id.display_name, dafo._subject_name(), dafo.date and format_date(self.env, dafo.date)]
            dafo.display_name = ", ".join(part for part in parts if part) or False

    def _subject_name(self):
        """Whom it is about, in the reader's language: the competitor by its name."""
        self.ensure_one()
        if self.subject == 'competitor' and self.competitor_name:
            return self.competitor_name
        return dict(self._fields['subject']._description_selection(self.env)).get(self.subject)

    # ------------------------------------------------------------------ checks
    @api.constrains('subject', 'competitor_id', 'competitor_name', 'partner_id')
    def _check_competitor(self):
        for dafo in self:
            if dafo.subject != 'competitor':
                continue
            name = (dafo.competitor_name or '').strip()
            if not name:
                raise ValidationError(self.env._(
                    "Say which competitor this is: choose a contact, or write its name."))
            account = dafo.partner_id
            rival = dafo.competitor_id
            same_group = rival and account in rival | rival.commercial_partner_id | rival.kam_account_id
            if same_group or name.casefold() == (account.name or '').strip().casefold():
                raise ValidationError(self.env._(
                    "%(account)s is the customer and can't be its own competitor. Choose somebody else, or analyse "
                    "“%(subject)s”.", account=account.display_name,
                    subject=dict(self._fields['subject']._description_selection(self.env))['customer']))

    @api.constrains('partner_id', 'company_id')
    def _check_strategies(self):
        # Odoo checks in sudo: a strategy that the writer may not see rests on the cards too. Its name is not told.
        for dafo in self.with_context(active_test=False):
            crossed = dafo.item_ids.strategy_ids.filtered(
                lambda row, dafo=dafo: row.partner_id != dafo.partner_id or row.company_id != dafo.company_id)
            if not crossed:
                continue
            shown = crossed.sudo(False)._filtered_access('read')
            if shown:
                raise ValidationError(self.env._(
                    "The strategy “%(strategy)s” of %(account)s rests on these cards. Copy the analysis for another "
                    "account instead.", strategy=shown[0].name, account=shown[0].partner_id.display_name))
            raise ValidationError(self.env._(
                "A strategy of %(account)s rests on these cards. Copy the analysis for another account instead.",
                account=crossed[0].partner_id.display_name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_crossed(self):
        # The cards go with it in the database, which asks nobody.
        self.item_ids._unlink_except_crossed()

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        analyses = super().create(vals_list)
        analyses.plan_id._refuse_closed()
        return analyses

    def write(self, vals):
        context = self.env.context
        kept = context.get('kam_replaced') is REPLACED or context.get('kam_erasing') is ERASING
        if any(name in CONTENT for name in vals) and not kept:
            # What a closed plan rests on stays as it was, like the plan.
            self.plan_id._refuse_closed()
        if not self.env.su and 'user_id' in vals and any(row.user_id.id != vals['user_id'] for row in self):
            # Owners pass confidentiality: nobody becomes one by saying so.
            self._check_may_set_level()
        result = super().write(vals)
        if 'plan_id' in vals:
            self.plan_id._refuse_closed()
        return result

    def copy_data(self, default=None):
        default = {'date': self.env.company._kam_today(), 'user_id': self.env.uid, **(default or {})}
        return [
            # a closed plan takes no further analysis
            {**vals, 'plan_id': False} if dafo.plan_id.state == 'closed' else vals
            for dafo, vals in zip(self, super().copy_data(default), strict=True)]

    # ------------------------------------------------------------------ forgetting
    @api.model
    def _kam_people_fields(self):
        return ['competitor_id']

    def _kam_unname(self, people):
        """What is said of a competitor who is a person stays, and is of some competitor: the name goes."""
        # In sudo: also what is hidden from whoever erases, or rests in a closed plan.
        analyses = self.sudo().with_context(tracking_disable=True, kam_erasing=ERASING)
        analyses.filtered(lambda dafo: dafo.competitor_id in people).write({
            'competitor_id': False, 'competitor_name': self.env._("A competitor")})

    # ------------------------------------------------------------------ actions
    def action_cross(self):
        """The cross analysis of the account."""
        self.ensure_one()
        return self.partner_id.action_kam_cross(self.company_id)

    def action_open_strategies(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_dafo_strategy_action'),
            'domain': [('id', 'in', self.item_ids.strategy_ids.ids)],
            'context': {'default_partner_id': self.partner_id.id},
        }

    def action_copy(self):
        """A new version as of today; the one before leaves the cross analysis."""
        self.ensure_one()
        if not self.active:
            raise UserError(self.env._("This analysis is archived. Restore it, or go on from the latest one."))
        after = self.copy()
        self.with_context(kam_replaced=REPLACED).action_archive()
        return {'type': 'ir.actions.act_window', 'res_model': 'kam.dafo', 'res_id': after.id,
                'views': [(False, 'form')]}
