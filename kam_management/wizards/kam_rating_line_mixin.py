"""One thing that is rated from 1 to 10 on a sheet, with what was said of it before: what the widget shows."""
from odoo import fields, models

from ..tools.fields import UnknownFloat, UnknownInteger


class KamRatingLineMixin(models.AbstractModel):
    """A line of a sheet that the widget `kam_rating_sheet` draws. It names its subject, group and anchors itself."""

    _name = 'kam.rating.line.mixin'
    _description = "Line of a sheet of ratings"
    _order = 'sequence, id'

    sequence = fields.Integer(readonly=True, export_string_translation=False)
    value = fields.Integer("Rating", help="From 1 (lowest) to 10 (highest); none is chosen to begin with.")
    comment = fields.Text(help="Kept with the opinion. Left empty, what you wrote that day stays.")

    # What stands beside it, ready to be shown; nobody reads these labels.
    share = UnknownFloat(compute='_compute_state', export_string_translation=False)
    own_value = UnknownInteger(compute='_compute_state', export_string_translation=False)
    own_date = fields.Date(compute='_compute_state', export_string_translation=False)
    opinions = fields.Json(compute='_compute_state', export_string_translation=False)
    published = fields.Char(compute='_compute_state', export_string_translation=False)
    effect = fields.Char(compute='_compute_state', export_string_translation=False)
    effect_text = fields.Char(compute='_compute_state', export_string_translation=False)

    def _compute_state(self):
        raise NotImplementedError

    def _set_said(self, said):
        """`said`: ``[(opinion, rating, comment)]``, each person's latest; the reader's own is shown first."""
        own = next((row for row in said if row[0].user_id == self.env.user), None)
        self.own_value = own[1] if own else False
        self.own_date = own and own[0].date
        self.opinions = [
            {'user': opinion.user_id.id, 'name': opinion.user_id.name, 'own': (opinion, rating, comment) == own,
             'value': rating, 'age': opinion.age, 'too_old': opinion.is_too_old, 'comment': comment or ''}
            for opinion, rating, comment in sorted(said, key=lambda row: (row != own, row[0].is_too_old))]
