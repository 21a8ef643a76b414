from odoo import fields, models


class KamSyncRefusal(models.Model):
    """A row that the worker sent and the addon refused, with its reason, so that nothing is lost in silence."""
    _name = 'kam.sync.refusal'
    _description = "Refused row"
    _order = 'run_id desc, table_name, batch, line'
    _log_access = False

    run_id = fields.Many2one('kam.sync.run', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='run_id.company_id')
    table_name = fields.Char("Table", required=True, readonly=True)
    batch = fields.Integer(required=True, readonly=True)
    line = fields.Integer(required=True, readonly=True)
    reference = fields.Char(readonly=True, help="What the row is about: the number of the account.")
    reason = fields.Char(required=True, readonly=True)
