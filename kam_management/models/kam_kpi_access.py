"""The right that an active source gives the worker's user: to read its model whole, and what it leads through.

Each right has an external id, so that uninstalling takes it along; granting and withdrawing is told in the KPI's
chatter.
"""
from odoo import api, models

# What else is read of the documents that revenue comes from: their lines, and the categories of the products on them.
PRODUCTS = ('product.product', 'product.template', 'product.category')
LINE_MODELS = {
    ('revenue_invoices', 'account.move'): ('account.move.line', *PRODUCTS),
    ('revenue_orders', 'sale.order'): ('sale.order.line', *PRODUCTS),
}

# What the ways of shipped sources lead through, beside the model that they read.
WAYS = {'account.partial.reconcile': ('account.move.line',)}


class KamKpi(models.Model):
    _inherit = 'kam.kpi'

    @api.model
    def _source_right_name(self, model_name):
        return 'access_source_' + model_name.replace('.', '_')

    # ------------------------------------------------------------------ what is read
    def _is_ours(self):
        """Whether it reads what people write down here (actions, people, alerts): that is counted for the worker, and
        no word of it is opened to it."""
        self.ensure_one()
        return (self.model_name or '').startswith('kam.')

    def _source_models(self):
        """Names of all models that the worker reads for these KPIs, in the order of the KPIs."""
        names = []
        for kpi in self.filtered(lambda kpi: kpi.kind == 'source' and not kpi._is_ours()):
            names += [kpi.model_name, *LINE_MODELS.get((kpi.role, kpi.model_name), ())]
            if kpi.shipped:
                names += WAYS.get(kpi.model_name, ())
        return list(dict.fromkeys(names))

    def _grant_source_rights(self):
        """Let the service group read the models of these KPIs; running twice changes nothing."""
        # Writing rights is for system administrators. Whoever comes here was checked to be one, or activates a KPI
        # that the addon ships.
        access = self.env['ir.model.access'].sudo()
        data = self.env['ir.model.data'].sudo()
        for kpi in self:
            for model_name in kpi._source_models():
                if model_name not in self.env:
                    continue
                name = self._source_right_name(model_name)
                known = data.search([('module', '=', 'kam_management'), ('name', '=', name)])
                if known and access.browse(known.res_id).exists():
                    continue
                known.unlink()
                kpi._grant_source_right(name, model_name)
        self.env['kam.kpi'].invalidate_model(['state', 'state_reason'])

    def _grant_source_right(self, name, model_name):
        """Let the service group read one model, under this external id, and tell it. The caller was checked."""
        right = self.env['ir.model.access'].sudo().create({
            'name': f"Key Accounts source: {model_name}",
            'model_id': self.env['ir.model'].sudo()._get_id(model_name),
            'group_id': self.env.ref('kam_management.group_kam_service').id,
            'perm_read': True, 'perm_write': False, 'perm_create': False, 'perm_unlink': False,
        })
        # noupdate: an upgrade removes what its files don't mention
        self.env['ir.model.data'].sudo().create({
            'module': 'kam_management', 'name': name, 'model': right._name, 'res_id': right.id, 'noupdate': True})
        self._message_log(body=self.env._("The worker's user may read %(model)s from now on.", model=model_name))

    def _revoke_source_rights(self, model_names):
        """Withdraw the right on models that no active KPI reads any longer."""
        still_read = set(self.env['kam.kpi'].sudo().search([])._source_models())
        for model_name in sorted(set(model_names) - still_read):
            # As above: the caller was checked.
            right = self.env.ref(f'kam_management.{self._source_right_name(model_name)}', raise_if_not_found=False)
            if not right:
                continue
            right.sudo().unlink()
            for kpi in self.exists():
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
