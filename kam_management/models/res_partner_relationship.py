"""The account and where we stand with it: its stage, its target, and how much trust there is."""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.relationship import mean_of
from .kam_relationship import STAGES

USERS = 'kam_management.group_kam_user'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_relationship_ids = fields.One2many('kam.relationship', 'partner_id', "Relations", groups=USERS)
    # Of the current company, where the reader may see it: a stored field of the contact would tell everybody.
    kam_relationship_id = fields.Many2one('kam.relationship', "Relation", compute='_compute_kam_stage', groups=USERS)
    kam_stage = fields.Selection(
        STAGES, "Stage of the relation", compute='_compute_kam_stage', inverse='_inverse_kam_stage',
        search='_search_kam_stage', groups=USERS)
    kam_target_stage = fields.Selection(
        STAGES, "Target stage of the relation", compute='_compute_kam_stage', inverse='_inverse_kam_target_stage',
        search='_search_kam_target_stage', groups=USERS)

    @api.depends('kam_relationship_ids.stage', 'kam_relationship_ids.target_stage')
    @api.depends_context('company', 'uid')
    def _compute_kam_stage(self):
        found = {relation.partner_id.id: relation for relation in self.env['kam.relationship'].search([
            ('partner_id', 'in', self._origin.ids), ('company_id', '=', self.env.company.id)])}
        for partner in self:
            relation = found.get(partner._origin.id, self.env['kam.relationship'])
            partner.kam_relationship_id = relation
            partner.kam_stage = relation.stage
            partner.kam_target_stage = relation.target_stage

    def _inverse_kam_stage(self):
        self._kam_write_relationship('stage', {partner: partner.kam_stage for partner in self})

    def _inverse_kam_target_stage(self):
        self._kam_write_relationship('target_stage', {partner: partner.kam_target_stage for partner in self})

    def _kam_write_relationship(self, name, values):
        for partner, value in values.items():
            relation = partner._kam_relationship() if not value else partner._kam_ensure_relationship()
            if relation and relation[name] != value:
                relation[name] = value

    @api.model
    def _search_kam_stage(self, operator, value):
        return self._kam_search_relationship('stage', operator, value)

    @api.model
    def _search_kam_target_stage(self, operator, value):
        return self._kam_search_relationship('target_stage', operator, value)

    @api.model
    def _kam_search_relationship(self, name, operator, value):
        if operator != 'in':
            return NotImplemented
        mine = Domain('company_id', '=', self.env.company.id)
        relations = self.env['kam.relationship']
        found = relations._search(mine & Domain(name, 'in', [item for item in value if item]))
        domain = Domain('id', 'in', found.subselect('partner_id'))
        if any(not item for item in value):
            known = relations._search(mine & Domain(name, '!=', False))
            domain |= Domain('id', 'not in', known.subselect('partner_id'))
        return domain

    # ------------------------------------------------------------------ what is known
    def _kam_relationship(self):
        """The row of the current company that the reader may see, or none."""
        self.ensure_one()
        return self.env['kam.relationship'].search(
            [('partner_id', '=', self.id), ('company_id', '=', self.env.company.id)], limit=1)

    def _kam_ensure_relationship(self):
        return self._kam_relationship() or self.env['kam.relationship'].create({
            'partner_id': self.id, 'company_id': self.env.company.id})

    def _kam_trust(self):
        """How much trust there is in the relation with this account: the plain mean of what its raters said last.

        From 1 to 10; False while it is unknown: nobody has rated it, nobody but the account's own manager has, every
        rating is too old to count, or the reader may not see them. For a warning, not for a score: the worker weighs.
        """
        self.ensure_one()
        account = self.kam_account_id or self
        said = self.env['kam.relationship.assessment']._find_counting(account, self.env.company)
        latest = said[account]._ratings_of('trust') if account in said else {}
        return mean_of({rater: rating for rater, (rating, _before) in latest.items()}, account.kam_manager_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_related(self):
        # In sudo: also what whoever deletes contacts may not see; only the contact is named.
        for model in ('kam.relationship', 'kam.relationship.assessment'):
            used = self.env[model].sudo().with_context(active_test=False).search(
                [('partner_id', 'in', self.ids)], limit=1)
            if used:
                raise UserError(self.env._(
                    "The relation with %(account)s was assessed, which would be lost. Archive the contact, or merge it "
                    "into the one that goes on.", account=used.partner_id.display_name))

    # ------------------------------------------------------------------ actions
    def action_kam_relationship(self):
        """Where we stand with the account: its row, made when it is first asked for."""
        self.ensure_one()
        account = self.kam_account_id or self
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.relationship', 'views': [(False, 'form')],
            'res_id': account._kam_ensure_relationship().id, 'name': self.env._("Relation"),
        }

    def action_rate_relationship(self):
        self.ensure_one()
        return self.env['kam.relationship.sheet']._open(self.kam_account_id or self)
