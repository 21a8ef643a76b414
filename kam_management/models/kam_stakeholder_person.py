"""What is known of a stakeholder as an individual: for the account team alone, and erased on request.

A model of its own, because record rules hold back records and not fields. It has no history: what is erased is gone.
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

INDIVIDUAL = ('interests', 'note')


class KamStakeholderPerson(models.Model):
    _name = 'kam.stakeholder.person'
    _description = "Stakeholder as an individual"
    _inherit = ['kam.account.mixin']
    _rec_name = 'contact_id'
    _kam_account = 'stakeholder_id.partner_id'

    stakeholder_id = fields.Many2one('kam.stakeholder', "Stakeholder", required=True, index=True, ondelete='cascade')
    # Stored, and no cascade: by such a field Odoo's privacy lookup finds what there is on a person.
    contact_id = fields.Many2one(
        related='stakeholder_id.contact_id', store=True, index=True, precompute=True, ondelete='restrict')
    company_id = fields.Many2one(related='stakeholder_id.company_id', store=True, index=True, precompute=True)
    interests = fields.Text("What matters to them as an individual", exportable=False)
    note = fields.Text("Worth knowing", exportable=False)

    _stakeholder_unique = models.Constraint(
        'UNIQUE(stakeholder_id)', "What is known of this person as an individual is written down once.")

    # ------------------------------------------------------------------ access: the account team, whatever the account
    @api.model
    def _kam_access_dependencies(self):
        return [f'stakeholder_id.{path}' for path in self.env['kam.stakeholder']._kam_access_dependencies()]

    @api.model
    def _kam_disclosure_dependencies(self):
        return [f'stakeholder_id.{path}' for path in self.env['kam.stakeholder']._kam_disclosure_dependencies()]

    @api.model
    def _kam_own_domain(self):
        return Domain('stakeholder_id.partner_id', 'any', self.env['res.partner']._kam_team_domain())

    @api.model
    def _kam_disclosed_domain(self):
        # Managers of all accounts and the worker too are strangers here, unless they are in the team.
        stakeholders = self.env['kam.stakeholder']
        return self._kam_own_domain() & Domain('stakeholder_id', 'any', stakeholders._kam_disclosed_domain())

    @api.model
    def _refuse_hidden(self, partner_ids):
        # What is passed here are stakeholders.
        return

    @api.model_create_multi
    def create(self, vals_list):
        # Before Odoo refuses it in words of its own.
        if not self.env.su:
            stakeholders = self.env['kam.stakeholder'].browse([vals['stakeholder_id'] for vals in vals_list])
            if not all(stakeholders.mapped('is_in_team')):
                raise AccessError(self.env._(
                    "What is known of somebody as an individual is for the account team alone. Ask its manager to take "
                    "you into the team."))
        return super().create(vals_list)


class KamStakeholder(models.Model):
    _inherit = 'kam.stakeholder'

    person_ids = fields.One2many(
        'kam.stakeholder.person', 'stakeholder_id', "As an individual", exportable=False, copy=False)
    is_in_team = fields.Boolean(compute='_compute_is_in_team', export_string_translation=False)
    # As the reader, and no search: what the team alone may read is found by nobody else.
    individual_interests = fields.Text(
        "What matters to them as an individual", compute='_compute_individual', inverse='_inverse_individual',
        compute_sudo=False, exportable=False, help="For the account team alone; erased on request.")
    individual_note = fields.Text(
        "Worth knowing", compute='_compute_individual', inverse='_inverse_individual', compute_sudo=False,
        exportable=False, help="For the account team alone; erased on request. Write only what you would show them.")

    @api.depends('partner_id.kam_member_ids.user_id', 'partner_id.kam_manager_id')
    @api.depends_context('uid')
    def _compute_is_in_team(self):
        # In sudo: whoever is in the team need not read its rows.
        accounts = self.partner_id._origin.sudo().with_context(active_test=False)
        own = accounts.search(Domain('id', 'in', accounts.ids) & accounts._kam_team_domain())
        for stakeholder in self:
            stakeholder.is_in_team = stakeholder.partner_id._origin.id in own.ids

    @api.depends('person_ids.interests', 'person_ids.note')
    @api.depends_context('uid')
    def _compute_individual(self):
        found = {
            row.stakeholder_id.id: row
            for row in self.env['kam.stakeholder.person'].search([('stakeholder_id', 'in', self._origin.ids)])}
        for stakeholder in self:
            row = found.get(stakeholder._origin.id)
            for name in INDIVIDUAL:
                stakeholder[f'individual_{name}'] = row and row[name]

    def _inverse_individual(self):
        people = self.env['kam.stakeholder.person']
        for stakeholder in self:
            values = {name: stakeholder[f'individual_{name}'] for name in INDIVIDUAL}
            row = people.search([('stakeholder_id', '=', stakeholder.id)])
            if row:
                row.write(values)
            elif any(values.values()):
                people.create({'stakeholder_id': stakeholder.id, **values})

    def action_erase_individual(self):
        """What is known of these people as individuals, gone for good."""
        self.person_ids.unlink()
