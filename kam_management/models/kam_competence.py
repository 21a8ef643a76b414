"""What a key account manager must be able to do."""
from odoo import api, fields, models
from odoo.exceptions import UserError

LEVELS = [('1', "Basics"), ('2', "Sound"), ('3', "Advanced"), ('4', "Master")]


class KamCompetence(models.Model):
    _name = 'kam.competence'
    _description = "Competence of key account managers"
    _inherit = ['kam.catalogue.mixin']

    description = fields.Char(translate=True)
    needed = fields.Selection(LEVELS, "Level needed", required=True, default='2',
                              help="What a manager needs unless something else is set for this person.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # What was assessed of managers that the reader may not see counts too.
        used = self.env['kam.manager.competence'].sudo().search(
            [('competence_id', 'in', self.ids), ('present', '!=', False)], limit=1)
        if used:
            raise UserError(self.env._(
                "“%(competence)s” has been assessed: archive it instead.", competence=used.competence_id.name))
