"""The opportunity of an account: its flag and tier, what kind it is, and since when it is identified and qualified."""
from odoo import api, fields, models

READERS = 'kam_management.group_kam_contributor'
QUALIFIED = ('qualified', 'won')
# Read in sudo through the partner, as Odoo asks of a related field that lists sort and group by. None is confidential:
# whoever has the group reads them on the customer as well.
OF_THE_ACCOUNT = ('kam_account_id', 'is_key_account', 'kam_tier_id', 'kam_tier_color')


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    # Not stored: a stored one would be written on a million leads whenever an account is flagged.
    kam_account_id = fields.Many2one(
        related='partner_id.kam_account_id', string="Account", groups=READERS,
        help="The key account that the customer belongs to; without one, the top of its group of companies.")
    is_key_account = fields.Boolean(
        related='partner_id.kam_account_id.is_key_account', string="Key account", groups=READERS,
        help="The customer is a key account or belongs to one.")
    kam_tier_id = fields.Many2one(
        related='partner_id.kam_account_id.kam_tier_id', string="Tier", groups=READERS)
    kam_tier_color = fields.Integer(
        related='partner_id.kam_account_id.kam_tier_id.color', groups=READERS, export_string_translation=False)

    # the account is another company than the customer's own, so views name it
    kam_account_apart = fields.Boolean(
        compute='_compute_kam_account_apart', compute_sudo=True, groups=READERS, export_string_translation=False)

    kam_opportunity_type_id = fields.Many2one(
        'kam.opportunity.type', "Opportunity type", index='btree_not_null',
        help="What the opportunity is to the customer: more of the same, something new, a service, an event…")
    # A copy is another deal: whether the customer asked for that one too is for people to say.
    kam_asked_by_customer = fields.Boolean(
        "Asked for by the customer", copy=False, help="The customer came to us with it: it counts as a new demand.")
    kam_date_identified = fields.Datetime(
        "Identified on", compute='_compute_kam_date_identified', store=True, copy=False,
        help="When it became an opportunity.")
    kam_date_qualified = fields.Datetime(
        "Qualified since", compute='_compute_kam_date_qualified', store=True, copy=False,
        help="Since when it has been in stages of the phases Qualified or Won. Back in a stage of the phase Identified "
             "it has to qualify again.")

    @api.depends('partner_id.kam_account_id', 'partner_id.commercial_partner_id')
    def _compute_kam_account_apart(self):
        for lead in self:
            customer = lead.partner_id
            lead.kam_account_apart = customer.kam_account_id not in (customer, customer.commercial_partner_id)

    # Both keep the value that is there. Neither depends on the phase of the stage: an administrator who changes that
    # must not rewrite history.
    @api.depends('stage_id', 'type')
    def _compute_kam_date_identified(self):
        for lead in self:
            if lead.type != 'opportunity' or not lead.stage_id:
                lead.kam_date_identified = False
            elif not lead.kam_date_identified:
                lead.kam_date_identified = self.env.cr.now()

    @api.depends('stage_id', 'type')
    def _compute_kam_date_qualified(self):
        for lead in self:
            if lead.type != 'opportunity' or lead.stage_id.kam_phase not in QUALIFIED:
                lead.kam_date_qualified = False
            elif not lead.kam_date_qualified:
                lead.kam_date_qualified = self.env.cr.now()

    def _field_to_sql(self, alias, field_expr, query=None):
        # Of a related field Odoo checks only the last step, and that in sudo: without this, salespeople without
        # Key Accounts could group and sort by what they may not read.
        if field_expr in OF_THE_ACCOUNT:
            self._check_field_access(self._fields[field_expr], 'read')
        return super()._field_to_sql(alias, field_expr, query)

    # ------------------------------------------------------------------ merging
    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), 'kam_opportunity_type_id']

    def _merge_get_fields_specific(self):
        # Odoo writes them together with the stage that the merged one ends in, and the computes above then take away
        # what does not go with that stage.
        def earliest(fname, leads):
            return min((lead[fname] for lead in leads if lead[fname]), default=False)

        return {
            **super()._merge_get_fields_specific(),
            'kam_asked_by_customer': lambda fname, leads: any(lead[fname] for lead in leads),
            'kam_date_identified': earliest,
            'kam_date_qualified': earliest,
        }
