"""What people do for an account: analyses, objectives, actions and investments. They may belong to a plan of it."""
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

PLAN_DOMAIN = (
    "[('company_id', '=', company_id), '|', ('partner_id', '=', partner_id), ('partner_ids', '=', partner_id)]")


class KamWorkMixin(models.AbstractModel):
    """On one account of one company, discussed and followed up, as confidential as its writer says."""

    _name = 'kam.work.mixin'
    _description = "Work for an account"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'kam.confidential.mixin', 'kam.unknown.mixin']
    _check_company_auto = True
    _mail_post_access = 'read'

    partner_id = fields.Many2one(
        'res.partner', "Account", required=True, index=True, ondelete='restrict', check_company=True, tracking=True)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='restrict', default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    plan_id = fields.Many2one(
        'kam.plan', "Account plan", index='btree_not_null', ondelete='set null', check_company=True, tracking=True,
        domain=PLAN_DOMAIN)
    active = fields.Boolean(default=True)

    # What a record may be linked to, if whoever links it may read it.
    _kam_links = ('plan_id', 'objective_id', 'goal_id', 'strategy_id')

    @api.depends_context('uid')
    def _compute_display_name(self):
        # Odoo tells the name of whatever a record points at, in sudo; this one may be confidential.
        super()._compute_display_name()
        readable = set(self.sudo(False)._filtered_access('read')._ids)
        for record in self:
            if record._origin and record.id not in readable:
                record.display_name = self.env._("Confidential")

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id')
    def _check_partner_id(self):
        self.partner_id._kam_require_account()

    @api.constrains('plan_id', 'partner_id')
    def _check_plan_id(self):
        # In sudo: a plan may be more confidential than what is done for it. Only accounts are named.
        for record in self.sudo():
            plan, account = record.plan_id, record.partner_id
            if plan and account not in plan.partner_id | plan.partner_ids:
                raise ValidationError(self.env._(
                    "The plan is one of %(other)s. Choose a plan of %(account)s, or none.",
                    other=plan.partner_id.display_name, account=account.display_name))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_links(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_links(vals)
        self.check_access('write')
        for names, records in self._kam_changing(vals).items():
            super(KamWorkMixin, records).write({name: vals[name] for name in names})
        return True

    def _load_records_write(self, values):
        # A file that says what stands there already is refused by nobody, whatever may no longer be changed.
        changing = self._kam_changing(values)
        self.check_access('write')
        for names in changing:
            super()._load_records_write({name: values[name] for name in names})

    def _kam_changing(self, vals):
        """``{names of the fields that these values change: the records in which they do}``

        What is written again, as by an import of the same file, is no change, and nothing that follows from it is
        computed anew. Where something does change, what else is said of computed fields stands as it is said.
        """
        computed = {name for name in vals if name in self._fields and self._fields[name].compute}
        changing = defaultdict(self.browse)
        # In sudo: what stands there is only compared.
        for record, mine in zip(self, self.sudo(), strict=True):
            other = {name for name, value in vals.items() if mine._is_other(name, value)}
            if other:
                changing[tuple(name for name in vals if name in other | computed)] |= record
        return changing

    def _is_other(self, name, value):
        """Whether `value`, as it is written, is another one than that of the field."""
        field = self._fields.get(name)
        if not field or not field.store or field.type == 'one2many':
            return True
        if field.type == 'many2many':
            return len(value or ()) != 1 or value[0][0] != Command.SET or set(value[0][2]) != set(self[name].ids)
        value = field.convert_to_record(field.convert_to_cache(value, self, validate=False), self)
        # A known zero is another figure than an unknown one.
        return (value is False) != (self[name] is False) or value != self[name]

    @api.model
    def _check_links(self, vals):
        """Nobody puts anything into a plan, or beside an objective, that they may not read."""
        for name in self._kam_links if not self.env.su else ():
            if vals.get(name) and name in self._fields:
                self.env[self._fields[name].comodel_name].browse(vals[name]).check_access('read')

    # ------------------------------------------------------------------ ways
    def action_open_account(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'res.partner', 'res_id': self.partner_id.id,
                'views': [(False, 'form')]}

    def action_open_plan(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'kam.plan', 'res_id': self.plan_id.id,
                'views': [(False, 'form')]}
