"""Every company has its settings and its weights, and a day of its own."""
from datetime import UTC, datetime

import pytz
from odoo import api, fields, models


class ResCompany(models.Model):
    _name = 'res.company'
    _inherit = ['res.company', 'kam.kept.mixin']

    kam_settings_ids = fields.One2many('kam.settings', 'company_id', "Key Accounts settings rows")
    kam_settings_id = fields.Many2one(
        'kam.settings', "Key Accounts settings", compute='_compute_kam_settings_id')
    kam_weight_ids = fields.One2many('kam.score.weight', 'company_id', "Key Accounts weights")

    @api.depends('kam_settings_ids')
    def _compute_kam_settings_id(self):
        for company in self:
            company.kam_settings_id = company.kam_settings_ids[:1]

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._kam_ensure_configuration()
        return companies

    def _kam_timezone(self):
        """The time zone that the days of a company are counted in."""
        return self.partner_id.tz or 'UTC'

    def _kam_today(self):
        """Today in the company: rights that begin and end with a day do so for all its people at once."""
        # Whoever works in a company need not read its contact.
        zone = self.sudo()._kam_timezone()
        return datetime.now(UTC).astimezone(pytz.timezone(zone)).date()

    def _kam_ensure_configuration(self):
        """Give each company (all of them when called on none) the settings and weights that it lacks."""
        # Whoever creates a company need not be a Key Accounts administrator.
        companies = (self or self.with_context(active_test=False).search([])).sudo()
        settings = self.env['kam.settings'].sudo()
        missing = companies - settings.search([('company_id', 'in', companies.ids)]).company_id
        settings.create([{'company_id': company.id} for company in missing])
        self.env['kam.score.factor'].sudo().with_context(active_test=False).search([])._ensure_weights(companies)
