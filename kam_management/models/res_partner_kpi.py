"""The key figures that are followed for an account: its tier's set, plus or minus the account's own."""
from odoo import api, fields, models
from odoo.exceptions import UserError

KPI_READERS = 'kam_management.group_kam_user,kam_management.group_kam_service'
CHOSEN = ('kam_kpi_added_ids', 'kam_kpi_removed_ids')


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_kpi_added_ids = fields.Many2many(
        'kam.kpi', 'kam_kpi_added_partner_rel', 'partner_id', 'kpi_id', "KPIs of its own", copy=False,
        groups=KPI_READERS, help="Followed for this account besides those of its tier.")
    kam_kpi_removed_ids = fields.Many2many(
        'kam.kpi', 'kam_kpi_removed_partner_rel', 'partner_id', 'kpi_id', "KPIs left out", copy=False,
        groups=KPI_READERS, help="Followed for its tier, and not for this account.")
    kam_kpi_ids = fields.Many2many(
        'kam.kpi', string="KPIs followed", compute='_compute_kam_kpi_ids', groups=KPI_READERS,
        help="Those of its tier, plus its own, without those left out.")

    @api.depends('kam_tier_id.kpi_ids', 'kam_kpi_added_ids', 'kam_kpi_removed_ids')
    def _compute_kam_kpi_ids(self):
        for partner in self:
            chosen = partner.kam_tier_id.kpi_ids | partner.kam_kpi_added_ids
            partner.kam_kpi_ids = (chosen - partner.kam_kpi_removed_ids).filtered('active').sorted()

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        for partner, vals in zip(partners, vals_list, strict=True):
            if any(vals.get(name) for name in CHOSEN):
                partner._kam_check_kpi_right()
        return partners

    def write(self, vals):
        if any(name in vals for name in CHOSEN):
            self._kam_check_kpi_right()
        return super().write(vals)

    def _kam_check_kpi_right(self):
        """Who runs the account chooses what is followed of it."""
        # Whoever lacks the group is refused by the fields themselves, with Odoo's own message.
        if self.env.su or not self.env.user.has_groups(KPI_READERS):
            return
        if not self.env.user.has_group('kam_management.group_kam_manager') and self.filtered_domain(
                ~self._kam_managed_domain()):
            raise UserError(self.env._(
                "Only the manager of an account and Key Accounts managers choose its KPIs."))
