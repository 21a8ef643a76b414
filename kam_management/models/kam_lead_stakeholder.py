"""The part that a stakeholder of the account plays in one deal: roles and support may be others than usually."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .kam_stakeholder import SUPPORTS

USERS = 'kam_management.group_kam_user'
# Only an object of this module brings people of another customer onto a deal: those of a deal that was merged into it.
MERGED = object()


class KamLeadStakeholder(models.Model):
    _name = 'kam.lead.stakeholder'
    _description = "Stakeholder of an opportunity"
    _inherit = ['kam.account.mixin']
    _order = 'lead_id, id'
    _rec_name = 'stakeholder_id'
    _kam_account = 'stakeholder_id.partner_id'

    lead_id = fields.Many2one('crm.lead', "Opportunity", required=True, index=True, ondelete='cascade')
    stakeholder_id = fields.Many2one(
        'kam.stakeholder', "Person", required=True, index=True, ondelete='cascade',
        domain="[('partner_id', '=', parent.kam_account_id), ('state', '=', 'present')]")
    company_id = fields.Many2one(related='stakeholder_id.company_id', store=True, index=True, precompute=True)
    job_title = fields.Char(related='stakeholder_id.job_title', related_sudo=False)
    power = fields.Selection(related='stakeholder_id.power', related_sudo=False)
    role_ids = fields.Many2many(
        'kam.stakeholder.role', 'kam_lead_stakeholder_role_rel', 'row_id', 'role_id', "Roles in this deal",
        compute='_compute_prefilled', store=True, readonly=False, precompute=True,
        help="Their usual roles to start with.")
    support = fields.Selection(
        SUPPORTS, "Support in this deal", compute='_compute_prefilled', store=True, readonly=False, precompute=True,
        help="Where they stand towards this deal. Their usual support to start with; empty: we don't know.")
    note = fields.Char("What counts for them here")
    is_elsewhere = fields.Boolean(
        compute='_compute_is_elsewhere', compute_sudo=True, export_string_translation=False)

    # No partner is involved; the merge of opportunities joins doubled ones before it moves them.
    _person_unique = models.Constraint(
        'UNIQUE(lead_id, stakeholder_id)', "This person is on this opportunity already: change that line.")

    # ------------------------------------------------------------------ computes
    @api.depends('stakeholder_id')
    def _compute_prefilled(self):
        for row in self:
            row.role_ids = row.stakeholder_id.role_ids
            row.support = row.stakeholder_id.support

    @api.depends('lead_id.partner_id.kam_account_id', 'stakeholder_id.partner_id')
    def _compute_is_elsewhere(self):
        """The customer of the deal is another one now; who took part stays readable until somebody takes them off."""
        for row in self:
            row.is_elsewhere = bool(row.lead_id) and (
                row.lead_id.partner_id.kam_account_id != row.stakeholder_id.partner_id)

    # ------------------------------------------------------------------ checks
    @api.constrains('lead_id', 'stakeholder_id')
    def _check_stakeholder_id(self):
        if self.env.context.get('kam_merged') is MERGED:
            return
        for row in self.filtered('is_elsewhere'):
            # Names of accounts are no secret.
            account = row.lead_id.sudo().partner_id.kam_account_id
            raise ValidationError(self.env._(
                "%(person)s is a stakeholder of %(other)s, and the customer of this opportunity is %(account)s. Choose "
                "one of its people.", person=row.stakeholder_id.display_name,
                other=row.stakeholder_id.partner_id.display_name,
                account=account.display_name or self.env._("not set")))

    # ------------------------------------------------------------------ access: that of the stakeholder
    @api.model
    def _kam_access_dependencies(self):
        return [f'stakeholder_id.{path}' for path in self.env['kam.stakeholder']._kam_access_dependencies()]

    @api.model
    def _kam_disclosure_dependencies(self):
        return [f'stakeholder_id.{path}' for path in self.env['kam.stakeholder']._kam_disclosure_dependencies()]

    @api.model
    def _kam_own_domain(self):
        return Domain('stakeholder_id', 'any', self.env['kam.stakeholder']._kam_own_domain())

    @api.model
    def _kam_disclosed_domain(self):
        # Of opportunities that the reader may not see, nobody learns by their people: the rules of both hold.
        leads = self.env['crm.lead'].sudo(False).with_context(active_test=False)
        if not leads.has_access('read'):
            return Domain.FALSE
        return (
            Domain('stakeholder_id', 'any', self.env['kam.stakeholder']._kam_disclosed_domain())
            & Domain('lead_id', 'in', leads._search([])))

    @api.model
    def _refuse_hidden(self, partner_ids):
        # What is passed here are stakeholders: the rules on them are enough.
        return


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    kam_stakeholder_ids = fields.One2many(
        'kam.lead.stakeholder', 'lead_id', "People of the deal", copy=False, groups=USERS)

    def _merge_dependences(self, opportunities):
        super()._merge_dependences(opportunities)
        self._kam_merge_stakeholders(opportunities)

    def _kam_merge_stakeholders(self, opportunities):
        """The people of the others join; who is on several has the roles of all, and what was said of them first."""
        # In sudo: whoever merges opportunities need not see stakeholders; none may be lost for it.
        rows = self.env['kam.lead.stakeholder'].sudo().search([('lead_id', 'in', (self | opportunities).ids)])
        kept = {row.stakeholder_id: row for row in rows if row.lead_id == self}
        for row in rows.filtered(lambda row: row.lead_id != self):
            there = kept.get(row.stakeholder_id)
            if there:
                notes = dict.fromkeys(note for note in (there.note, row.note) if note)
                there.write({
                    'role_ids': [(4, role.id) for role in row.role_ids],
                    'support': there.support or row.support, 'note': "; ".join(notes) or False})
                row.unlink()
            else:
                kept[row.stakeholder_id] = row
                row.with_context(kam_merged=MERGED).lead_id = self

    def action_kam_people(self):
        self.ensure_one()
        return self.kam_account_id.action_kam_people()


class KamStakeholder(models.Model):
    _inherit = 'kam.stakeholder'

    lead_row_ids = fields.One2many('kam.lead.stakeholder', 'stakeholder_id', "In opportunities")
    lead_count = fields.Integer("Opportunities", compute='_compute_lead_count')

    @api.depends('lead_row_ids')
    @api.depends_context('uid')
    def _compute_lead_count(self):
        counts = dict(self.env['kam.lead.stakeholder']._read_group(
            [('stakeholder_id', 'in', self._origin.ids)], ['stakeholder_id'], ['__count']))
        for stakeholder in self:
            stakeholder.lead_count = counts.get(stakeholder._origin, 0)

    def action_open_leads(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('crm.crm_lead_opportunities'),
            'domain': [('kam_stakeholder_ids.stakeholder_id', '=', self.id)], 'context': {'active_test': False},
        }
