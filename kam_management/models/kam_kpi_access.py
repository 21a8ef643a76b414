"""The right that an active source gives the worker's user: to read its model, and nothing else.

Each right has an external id, so that uninstalling takes it along; granting and withdrawing is told in the KPI's
chatter.
"""
from odoo import api, models


class KamKpi(models.Model):
    _inherit = 'kam.kpi'

    @api.model
    def _source_right_name(self, model_name):
        return 'access_source_' + model_name.replace('.', '_')

    def _grant_source_rights(self):
        """Let the service group read the models of these KPIs; running twice changes nothing."""
        # Writing rights is for system administrators. Whoever comes here was checked to be one, or activates a KPI
        # that the addon ships.
        access = self.env['ir.model.access'].sudo()
        data = self.env['ir.model.data'].sudo()
        for kpi in self:
            if kpi.model_name not in self.env:
                continue
            name = self._source_right_name(kpi.model_name)
            known = data.search([('module', '=', 'kam_management'), ('name', '=', name)])
            if known and access.browse(known.res_id).exists():
                continue
            known.unlink()
            right = access.create({
                'name': f"Key Accounts source: {kpi.model_name}",
                'model_id': self.env['ir.model'].sudo()._get_id(kpi.model_name),
                'group_id': self.env.ref('kam_management.group_kam_service').id,
                'perm_read': True, 'perm_write': False, 'perm_create': False, 'perm_unlink': False,
            })
            # noupdate: an upgrade removes what its files don't mention
            data.create({
                'module': 'kam_management', 'name': name, 'model': right._name, 'res_id': right.id, 'noupdate': True})
            kpi._message_log(body=self.env._(
                "The worker's user may read %(model)s from now on.", model=kpi.model_name))
        self.env['kam.kpi'].invalidate_model(['state', 'state_reason'])

    def _revoke_source_rights(self, model_names):
        """Withdraw the right on models that no active KPI reads any longer."""
        active = self.env['kam.kpi'].sudo().search([('model_name', 'in', list(model_names))])
        still_read = set(active.mapped('model_name'))
        for model_name in model_names - still_read:
            # As above: the caller was checked.
            right = self.env.ref(f'kam_management.{self._source_right_name(model_name)}', raise_if_not_found=False)
            if not right:
                continue
            right.sudo().unlink()
            for kpi in self.exists().filtered(lambda kpi, name=model_name: kpi.model_name == name):
                kpi._message_log(body=self.env._(
                    "The worker's user may no longer read %(model)s.", model=model_name))
        self.env['kam.kpi'].invalidate_model(['state', 'state_reason'])

    def _register_hook(self):
        """After an install or an update: sources whose app has just arrived get their right."""
        super()._register_hook()
        if self.env.registry.updated_modules:
            self.search([])._grant_source_rights()

    @api.model
    def _source_rights(self):
        """The rights that active sources gave, for whoever audits them."""
        data = self.env['ir.model.data'].sudo().search([
            ('module', '=', 'kam_management'), ('model', '=', 'ir.model.access'), ('name', '=like', 'access_source_%')])
        return self.env['ir.model.access'].sudo().browse(data.mapped('res_id')).exists()
