"""What an opportunity is to the relation with a customer: more than the next order, it may be a service or an event."""
from odoo import api, fields, models
from odoo.exceptions import UserError


class KamOpportunityType(models.Model):
    _name = 'kam.opportunity.type'
    _description = "Opportunity type"
    _inherit = ['kam.catalogue.mixin']

    description = fields.Text(translate=True, help="What opportunities of this type are, in a sentence or two.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Opportunities that the reader may not see, and lost ones, count too.
        leads = self.env['crm.lead'].sudo().with_context(active_test=False)
        used = leads.search([('kam_opportunity_type_id', 'in', self.ids)], limit=1).kam_opportunity_type_id
        if used:
            raise UserError(self.env._(
                "Opportunities are of the type “%(type)s”: archive it instead. It can't be chosen any longer then, and "
                "the opportunities keep it.", type=used.name))
