"""What hangs on an account plan: read by whoever may read the plan, and kept as it was once the plan is closed."""
from odoo import api, fields, models
from odoo.fields import Domain

from .kam_naming_mixin import ERASING

# Only an object of this module takes a row out of a closed plan: what is still owed goes on in the next one.
GOING_ON = object()


class KamPlanRowMixin(models.AbstractModel):
    """A row of an account plan.

    The confidentiality of a plan may be narrower than that of its account, so both questions that record rules ask go
    to the plan, not past it to the account.
    """

    _name = 'kam.plan.row.mixin'
    _description = "Row of an account plan"
    _inherit = ['kam.account.mixin', 'kam.naming.mixin']
    _kam_account = 'plan_id.partner_id'
    # Fields that name a contact or an opportunity: it is one of the plan's accounts. Asked when one of them changes, or
    # what says whose it must be; people who leave stay named where they were.
    _kam_named = ()
    _kam_named_by = ('plan_id',)

    plan_id = fields.Many2one('kam.plan', "Plan", required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', related='plan_id.company_id', store=True, index=True, precompute=True, related_sudo=True)
    account_ids = fields.Many2many(
        'res.partner', string="Accounts of the plan", compute='_compute_account_ids', exportable=False,
        export_string_translation=False)

    @api.depends('plan_id.partner_id', 'plan_id.partner_ids')
    def _compute_account_ids(self):
        for row in self:
            row.account_ids = row.plan_id._accounts()

    # ------------------------------------------------------------------ access
    @api.model
    def _kam_access_dependencies(self):
        return [f'plan_id.{path}' for path in self.env['kam.plan']._kam_access_dependencies()]

    @api.model
    def _kam_disclosure_dependencies(self):
        return [f'plan_id.{path}' for path in self.env['kam.plan']._kam_disclosure_dependencies()]

    @api.model
    def _kam_own_domain(self):
        return Domain('plan_id', 'any', self.env['kam.plan']._kam_own_domain())

    @api.model
    def _kam_disclosed_domain(self):
        return Domain('plan_id', 'any', self.env['kam.plan']._kam_disclosed_domain()) | self._kam_owned_domain()

    @api.model
    def _refuse_hidden(self, partner_ids):
        # What is passed here are plans: a row lets nobody in, so the rules on the plan are enough.
        return

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.plan_id._refuse_closed()
        rows._refuse_outsiders(self._kam_named)
        rows._refuse_strangers()
        return rows

    def write(self, vals):
        if self.env.context.get('kam_going_on') is GOING_ON or self.env.context.get('kam_erasing') is ERASING:
            return super().write(vals)
        self.plan_id._refuse_closed()
        naming = [name for name in (*self._kam_named, *self._kam_named_by) if name in vals] if self._kam_named else []
        before = {row: {name: row[name] for name in naming} for row in self} if naming else {}
        result = super().write(vals)
        if 'plan_id' in vals:
            self.plan_id._refuse_closed()
        for row, values in before.items():
            changed = {name for name, value in values.items() if row[name] != value}
            row._refuse_outsiders(
                self._kam_named if changed.intersection(self._kam_named_by) else changed.intersection(self._kam_named))
        if 'owner_id' in vals:
            self._refuse_strangers()
        return result

    def _refuse_strangers(self):
        """On our side, colleagues take care of things."""
        if 'owner_id' in self._fields:
            self.owner_id._kam_refuse_strangers()

    def _copy_into(self, plan):
        """The values of these rows in another plan of the account, which is not saved yet: without who has left."""
        accounts = plan._accounts()._origin
        rows = []
        for row, vals in zip(self, self.copy_data(), strict=True):
            del vals['plan_id']
            person = row.contact_id if 'contact_id' in vals else None
            if person and not (person.active and (person.kam_account_id in accounts or row._is_ours('contact_id'))):
                vals['contact_id'] = False
            if 'owner_id' in vals and not row.owner_id.active:
                vals['owner_id'] = False
            rows.append(vals)
        return rows

    def _refuse_outsiders(self, names):
        """Raise if one of these fields names somebody, or an opportunity, of another customer than the plan's."""
        for row in self:
            # In sudo: of the plan only its accounts are asked, which whoever works on its rows knows.
            accounts = row.plan_id.sudo()._accounts()
            for name in names:
                if row[name] and not row._is_ours(name):
                    row[name]._kam_refuse_outsiders(accounts)

    @api.model
    def _naming_fields(self):
        """``[(model, field that names a contact or an opportunity, way from it to its account)]`` of all rows."""
        return [
            (model, name, self.env[self.env[model]._fields[name].comodel_name]._kam_way_to_account)
            for model in sorted(self.pool.descendants(['kam.plan.row.mixin'], '_inherit'))
            for name in self.env[model]._kam_named]

    @api.model
    def _kam_people_fields(self):
        return [name for name in self._kam_named if self._fields[name].comodel_name == 'res.partner']

    def _is_ours(self, name):
        """Whether a colleague of ours is named where the row is about us."""
        self.ensure_one()
        return False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.plan_id._refuse_closed()
