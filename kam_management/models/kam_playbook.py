"""Plan B: what is done when a rule alerts, prepared before it happens.

A playbook is general, for tiers, or for one account. Using it makes its steps actions with owners and days, in a run of
its own (`kam.playbook.run`) that is told later what it brought.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .kam_action_kind import REQUEST
from .kam_alert_rule import OWNERS

MANAGERS = 'kam_management.group_kam_manager'
STEP_OWNERS = [*OWNERS[:3], ('user', "Whoever uses the playbook")]


class KamPlaybook(models.Model):
    _name = 'kam.playbook'
    _description = "Playbook"
    _inherit = ['mail.thread', 'kam.account.mixin', 'kam.unknown.mixin']
    _order = 'sequence, name, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True, tracking=True)
    goal = fields.Text("What it is for", translate=True, help="When to use it, and what it is to bring about.")
    rule_ids = fields.Many2many(
        'kam.alert.rule', 'kam_alert_rule_playbook_rel', 'playbook_id', 'rule_id', "For the rules",
        help="Empty: for any alert.")
    tier_ids = fields.Many2many(
        'kam.tier', 'kam_playbook_tier_rel', 'playbook_id', 'tier_id', "For the tiers",
        help="Empty: for accounts of any tier.")
    partner_id = fields.Many2one(
        'res.partner', "For the account", index='btree_not_null', ondelete='cascade', check_company=True,
        help="Empty: for all of the tiers.")
    company_id = fields.Many2one(
        'res.company', index='btree_not_null', ondelete='cascade',
        compute='_compute_company_id', store=True, readonly=False, precompute=True,
        help="Empty: for all companies. A playbook for one account is one company's.")
    step_ids = fields.One2many('kam.playbook.step', 'playbook_id', "Steps", copy=True)
    run_ids = fields.One2many('kam.playbook.run', 'playbook_id', "Uses")

    prepared_on = fields.Date("Prepared on", readonly=True, copy=False, tracking=True)
    prepared_by_id = fields.Many2one(
        'res.users', "Prepared by", readonly=True, copy=False, ondelete='set null', tracking=True)
    is_prepared = fields.Boolean(
        "Prepared", compute='_compute_is_prepared', store=True,
        help="Somebody has said that it could be used today. Only a prepared playbook for the account or for its tier "
             "counts as its plan B.")

    # ------------------------------------------------------------------ computes
    @api.depends('partner_id')
    def _compute_company_id(self):
        for playbook in self:
            if playbook.partner_id and not playbook.company_id:
                # Whose key account it is is no secret.
                playbook.company_id = playbook.partner_id.sudo().kam_company_id or self.env.company
            else:
                playbook.company_id = playbook.company_id

    @api.depends('prepared_on', 'step_ids')
    def _compute_is_prepared(self):
        for playbook in self:
            playbook.is_prepared = bool(playbook.prepared_on and playbook.step_ids)

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id', 'company_id')
    def _check_partner_id(self):
        for playbook in self.filtered('partner_id'):
            playbook.partner_id._kam_require_account()
            if not playbook.company_id:
                raise ValidationError(self.env._(
                    "“%(playbook)s” is for one account: say of which company.", playbook=playbook.name))

    # ------------------------------------------------------------------ writing
    def write(self, vals):
        if any(name in vals for name in ('prepared_on', 'prepared_by_id')) and not self.env.su:
            raise UserError(self.env._("That a playbook is prepared is said with its button."))
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get('prepared_on') or vals.get('prepared_by_id') for vals in vals_list):
            raise UserError(self.env._("That a playbook is prepared is said with its button."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # In sudo: also uses for accounts that whoever deletes may not see; only the playbook is named.
        used = self.env['kam.playbook.run'].sudo().search([('playbook_id', 'in', self.ids)], limit=1)
        if used:
            raise UserError(self.env._(
                "“%(playbook)s” was used, which would be lost. Archive it instead.",
                playbook=used.playbook_id.name))

    # ------------------------------------------------------------------ steps of its life
    def action_prepared(self):
        """Whoever may change it says that it could be used today."""
        self.check_access('write')
        for playbook in self:
            if not playbook.step_ids:
                raise UserError(self.env._(
                    "“%(playbook)s” has no steps yet: add what is done, and by whom.", playbook=playbook.name))
        # In sudo, having checked: nobody writes these by hand.
        self.sudo().write({'prepared_on': self.env.company._kam_today(), 'prepared_by_id': self.env.uid})

    def action_not_prepared(self):
        self.check_access('write')
        # In sudo, having checked, as above.
        self.sudo().write({'prepared_on': False, 'prepared_by_id': False})

    def action_open_runs(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_playbook_run_action'),
            'domain': [('playbook_id', '=', self.id)], 'context': {},
        }


class KamPlaybookStep(models.Model):
    _name = 'kam.playbook.step'
    _description = "Step of a playbook"
    _inherit = ['kam.account.mixin']
    _order = 'playbook_id, days_after, sequence, id'
    _kam_account = 'playbook_id.partner_id'

    playbook_id = fields.Many2one('kam.playbook', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    name = fields.Char("What", required=True, translate=True)
    kind_id = fields.Many2one(
        'kam.action.kind', "Kind", required=True, ondelete='restrict', index=True,
        default=lambda self: self.env.ref('kam_management.action_kind_other', False))
    kind_code = fields.Char(related='kind_id.code')
    owner_role = fields.Selection(
        STEP_OWNERS, "Who", required=True, default='manager',
        help="Where nobody has this role, whoever uses the playbook.")
    days_after = fields.Integer("Days after", default=0, help="Counted from the day on which the playbook is used.")
    function_id = fields.Many2one(
        'kam.function', "Asked of", ondelete='restrict', index='btree_not_null',
        help="The function of our company that something is asked of.")
    offer = fields.Text(translate=True, help="What is offered to the customer, where it is an offer.")

    _days_check = models.Constraint(
        'CHECK(days_after BETWEEN 0 AND 365)', "A step is taken within a year of using the playbook: 0 to 365 days.")

    @property
    def _kam_place(self):
        return ('playbook_id',)

    @api.model
    def _refuse_hidden(self, partner_ids):
        # What is passed here are playbooks: the rules on them are enough.
        return

    @api.constrains('kind_id', 'function_id')
    def _check_function_id(self):
        for step in self:
            if step.kind_code == REQUEST and not step.function_id:
                raise ValidationError(self.env._(
                    "“%(step)s” asks something of a function: say of which one.", step=step.name))
