"""Cross analysis (TOWS): what is inside against what comes from outside gives strategies.

A strategy links at least one internal card (a strength or a weakness) with at least one external one (an opportunity or
a threat), of whichever analyses of the account; its kind follows from them:

                 opportunities        threats
    strengths    fo offensive         fa defensive
    weaknesses   do reorientation     da survival
"""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .kam_account_mixin import LEVELS
from .kam_dafo_item import INTERNAL

KINDS = [
    ('fo', "Offensive (SO)"),
    ('fa', "Defensive (ST)"),
    ('do', "Reorientation (WO)"),
    ('da', "Survival (WT)"),
]
KIND_OF = {
    ('strength', 'opportunity'): 'fo',
    ('strength', 'threat'): 'fa',
    ('weakness', 'opportunity'): 'do',
    ('weakness', 'threat'): 'da',
}


def kind_of(quadrants):
    """The kind of strategy that cards of these quadrants make; None when they make none, or more than one.

    >>> kind_of({'strength', 'opportunity'}), kind_of({'weakness', 'threat'})
    ('fo', 'da')
    >>> kind_of({'strength'}) is kind_of({'strength', 'weakness', 'threat'}) is None
    True
    """
    inside = {quadrant for quadrant in quadrants if quadrant in INTERNAL}
    outside = set(quadrants) - inside
    return KIND_OF[inside.pop(), outside.pop()] if len(inside) == len(outside) == 1 else None


class KamDafoStrategy(models.Model):
    _name = 'kam.dafo.strategy'
    _description = "Strategy from a cross analysis"
    _inherit = ['mail.thread', 'kam.confidential.mixin']
    _order = 'sequence, id'
    _check_company_auto = True
    _kam_owners = ('user_id',)
    _mail_post_access = 'read'

    name = fields.Char(required=True, tracking=True, help="What we do about it, in one sentence.")
    partner_id = fields.Many2one(
        'res.partner', "Account", required=True, index=True, ondelete='restrict', check_company=True, tracking=True)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='restrict', default=lambda self: self.env.company)
    item_ids = fields.Many2many(
        'kam.dafo.item', 'kam_dafo_item_strategy_rel', 'strategy_id', 'item_id', "Cards", copy=True,
        domain="[('dafo_id.partner_id', '=', partner_id), ('dafo_id.company_id', '=', company_id)]",
        help="At least one strength or weakness, and at least one opportunity or threat, of any analysis of the "
             "account.")
    kind = fields.Selection(
        KINDS, compute='_compute_kind', store=True, index=True, precompute=True, tracking=True, group_expand=True,
        # Follows from all its cards, whoever asks.
        compute_sudo=True, help="Follows from the cards.")
    note = fields.Html("How")
    user_id = fields.Many2one(
        'res.users', "Written by", required=True, default=lambda self: self.env.user, ondelete='restrict',
        domain=[('share', '=', False)])
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    objective_ids = fields.One2many('kam.objective', 'strategy_id', "Objectives")
    objective_count = fields.Integer("Number of objectives", compute='_compute_objective_count')
    lead_ids = fields.One2many('crm.lead', 'kam_strategy_id', "Opportunities")
    lead_count = fields.Integer("Number of opportunities", compute='_compute_lead_count')

    # ------------------------------------------------------------------ computes
    @api.depends('item_ids.quadrant')
    def _compute_kind(self):
        for strategy in self:
            strategy.kind = kind_of(set(strategy.item_ids.mapped('quadrant'))) or False

    @api.depends('objective_ids')
    def _compute_objective_count(self):
        counts = dict(self.env['kam.objective']._read_group(
            [('strategy_id', 'in', self.ids)], ['strategy_id'], ['__count']))
        for strategy in self:
            strategy.objective_count = counts.get(strategy._origin, 0)

    @api.depends('lead_ids')
    def _compute_lead_count(self):
        counts = dict(self.env['crm.lead'].with_context(active_test=False)._read_group(
            [('kam_strategy_id', 'in', self.ids)], ['kam_strategy_id'], ['__count']))
        for strategy in self:
            strategy.lead_count = counts.get(strategy._origin, 0)

    @api.depends('name')
    @api.depends_context('uid')
    def _compute_display_name(self):
        # Odoo tells the name of whatever an opportunity points at, in sudo; this one may be confidential.
        readable = set(self.sudo(False)._filtered_access('read')._ids)
        for strategy in self:
            shown = not strategy._origin or strategy.id in readable
            strategy.display_name = strategy.name if shown else self.env._("A strategy")

    # ------------------------------------------------------------------ access
    @api.model
    def _kam_disclosure_dependencies(self):
        return [*super()._kam_disclosure_dependencies(), 'item_ids.dafo_id.confidentiality', 'item_ids.dafo_id.user_id']

    @api.model
    def _kam_disclosed_domain(self):
        """A strategy says what its cards say: whoever may not read one of their analyses doesn't read it."""
        if self.env['res.partner']._kam_sees_all():
            return super()._kam_disclosed_domain()
        # Past the rules: a card that they hide is one that counts.
        hidden = Domain('dafo_id', 'any!', ~self.env['kam.dafo']._kam_disclosed_domain())
        return super()._kam_disclosed_domain() & (Domain('item_ids', 'not any!', hidden) | self._kam_owned_domain())

    def _kam_level(self):
        # In sudo: the level may be that of an analysis that the reader doesn't see; nothing else of it is used.
        return self._strictest(super()._kam_level(), *self.sudo().item_ids.dafo_id.mapped('confidentiality'))

    @api.model
    def _strictest(self, *levels):
        return max(levels, key=[level for level, _label in LEVELS].index)

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id')
    def _check_partner_id(self):
        self.partner_id._kam_require_account()

    @api.constrains('item_ids', 'partner_id', 'company_id')
    def _check_items(self):
        for strategy in self:
            problem = strategy._find_problem()
            if problem:
                raise ValidationError(problem)

    def _find_problem(self):
        """A sentence on what is wrong with its cards, or None."""
        self.ensure_one()
        quadrants = set(self.item_ids.mapped('quadrant'))
        inside = quadrants & set(INTERNAL)
        outside = quadrants - inside
        if not inside or not outside:
            return self.env._(
                "A strategy crosses what is inside with what is outside. Link at least one strength or weakness, and "
                "at least one opportunity or threat.")
        if len(inside) > 1:
            return self.env._(
                "Strengths and weaknesses make strategies of different kinds. Keep one of the two here, and write "
                "another strategy for the other.")
        if len(outside) > 1:
            return self.env._(
                "Opportunities and threats make strategies of different kinds. Keep one of the two here, and write "
                "another strategy for the other.")
        other = self.item_ids.dafo_id.filtered(
            lambda dafo: dafo.partner_id != self.partner_id or dafo.company_id != self.company_id)
        if other:
            card = (other[0].item_ids & self.item_ids)[0]
            # Odoo checks in sudo: who may not read the card isn't told its name, but that they may not link it.
            card.sudo(False).check_access('read')
            return self.env._(
                "“%(card)s” belongs to the analysis of another account or company. Link cards of %(account)s.",
                card=card.name, account=self.partner_id.display_name)
        return None

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        strategies = super().create(vals_list)
        strategies._check_may_link()
        for strategy, vals in zip(strategies, vals_list, strict=True):
            if 'confidentiality' not in vals and strategy._kam_level() != strategy.confidentiality:
                # It starts as confidential as the strictest of its analyses. In sudo: who reads it is not chosen here.
                strategy.sudo().confidentiality = strategy._kam_level()
        return strategies

    def write(self, vals):
        if not self.env.su and 'user_id' in vals and any(row.user_id.id != vals['user_id'] for row in self):
            # Owners pass confidentiality: nobody becomes one by saying so.
            self._check_may_set_level()
        before = self.sudo().item_ids if 'item_ids' in vals else None
        result = super().write(vals)
        if before is not None:
            self._check_may_link(before)
        return result

    def _check_may_link(self, before=()):
        """Nobody crosses cards that they may not read."""
        if not self.env.su:
            # In sudo, to find those; the check asks as whoever writes.
            linked = self.sudo().item_ids.filtered(lambda item: item not in before)
            linked.with_env(self.env).check_access('read')

    @api.ondelete(at_uninstall=False)
    def _unlink_except_followed(self):
        # In sudo: what came of it may be somebody else's; only that there is something is told.
        for strategy in self.sudo().with_context(active_test=False):
            if strategy.objective_ids or strategy.lead_ids:
                raise UserError(self.env._(
                    "Objectives or opportunities came from “%(strategy)s” and point back to it. Archive it instead.",
                    strategy=strategy.name))

    # ------------------------------------------------------------------ what comes of it
    def action_create_objective(self):
        """A draft of an objective that carries it out, in the plan that runs."""
        self.ensure_one()
        plan = self.env['kam.plan'].search([
            ('company_id', '=', self.company_id.id), ('state', '=', 'active'),
            '|', ('partner_id', '=', self.partner_id.id), ('partner_ids', '=', self.partner_id.id)], limit=1)
        objective = self.env['kam.objective'].create({
            'name': self.name, 'partner_id': self.partner_id.id, 'company_id': self.company_id.id,
            'strategy_id': self.id, 'plan_id': plan.id, 'confidentiality': self._kam_level()})
        return {'type': 'ir.actions.act_window', 'res_model': 'kam.objective', 'res_id': objective.id,
                'views': [(False, 'form')]}

    def action_open_objectives(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_objective_action'),
            'domain': [('strategy_id', '=', self.id)],
            'context': {'default_partner_id': self.partner_id.id, 'default_strategy_id': self.id},
        }

    def action_create_opportunity(self):
        """An opportunity of the account that points back here."""
        self.ensure_one()
        return self.env['crm.lead']._kam_open_from(self, kam_strategy_id=self.id)

    def action_open_opportunities(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Opportunities"), 'res_model': 'crm.lead',
            'views': [(False, 'list'), (False, 'kanban'), (self.env.ref('crm.crm_lead_view_form').id, 'form')],
            'domain': [('kam_strategy_id', '=', self.id)],
            'context': {'default_type': 'opportunity', 'default_partner_id': self.partner_id.id,
                        'default_kam_strategy_id': self.id, 'active_test': False},
        }

    def action_cross(self):
        """Back to the cross analysis of the account."""
        self.ensure_one()
        return self.partner_id.action_kam_cross(self.company_id)

    # ------------------------------------------------------------------ the grid
    @api.model
    def get_grid(self, partner_id, company_id=None):
        """What the cross analysis of an account shows, as far as the reader may see it.

        :param company_id: whose analyses; without it, those of the current company: companies don't cross theirs
        :return: ``{rows: [card], columns: [card], strategies: [{id, name, kind, items}]}``; a card is
                 ``{id, name, quadrant, impact, subject, dafo}``, those that matter most first
        """
        shown = [('partner_id', '=', partner_id), ('company_id', '=', company_id or self.env.company.id)]
        dafos = self.env['kam.dafo'].search(shown)
        items = self.env['kam.dafo.item'].search([('dafo_id', 'in', dafos.ids)])
        order = ['strength', 'weakness', 'opportunity', 'threat']
        items = items.sorted(lambda item: (order.index(item.quadrant), -item.impact, item.dafo_id.subject, item.id))
        cards = [{
            'id': item.id, 'name': item.name, 'quadrant': item.quadrant, 'impact': item.impact,
            'subject': item.dafo_id._subject_name(), 'dafo': item.dafo_id.id,
        } for item in items]
        return {
            'rows': [card for card in cards if card['quadrant'] in INTERNAL],
            'columns': [card for card in cards if card['quadrant'] not in INTERNAL],
            'strategies': [
                {'id': strategy.id, 'name': strategy.name, 'kind': strategy.kind, 'items': strategy.item_ids.ids}
                for strategy in self.search(shown)],
        }
