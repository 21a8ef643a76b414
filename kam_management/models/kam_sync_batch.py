from odoo import fields, models


class KamSyncBatch(models.Model):
    """A batch of rows already staged: a repeated call gets the stored answer, another content is refused."""
    _name = 'kam.sync.batch'
    _description = "Staged batch"
    _log_access = False

    run_id = fields.Many2one('kam.sync.run', required=True, ondelete='cascade')
    table_name = fields.Char(required=True)
    batch = fields.Integer(required=True)
    rows = fields.Integer()
    sha256 = fields.Char(required=True)
    answer = fields.Json()

    _run_table_batch_unique = models.Constraint(
        'UNIQUE(run_id, table_name, batch)', "A batch is staged once.")
