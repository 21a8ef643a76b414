"""When what a record says was last said, so that an old opinion looks old.

Neither the date of the last write nor that of the creation tells that: handing an account over, dragging a row or a
computation write too, and the next plan takes along what was said long ago.
"""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class KamSaidMixin(models.AbstractModel):
    _name = 'kam.said.mixin'
    _description = "Says something, since a day"

    date_said = fields.Date(
        "As of", default=lambda self: self.env.company._kam_today(),
        help="When this was last said: the day on which its words or figures changed, or a later one on which somebody "
             "made sure that they still hold.")

    # Fields that change without anything new being said.
    _kam_unsaid = ('sequence', 'owner_id', 'user_id', 'plan_id', 'company_id', 'date_said')

    def _init_column(self, column_name):
        if column_name != 'date_said':
            return super()._init_column(column_name)
        # What was there before the field was: its last change is all that is known.
        return self.env.cr.execute(SQL(
            "UPDATE %s SET date_said = COALESCE(write_date, create_date)::date WHERE date_said IS NULL",
            SQL.identifier(self._table)))

    @api.constrains('date_said')
    def _check_date_said(self):
        today = self.env.company._kam_today()
        for record in self:
            if record.date_said and record.date_said > today:
                raise ValidationError(self.env._(
                    "“%(record)s” can't have been said on a day to come: correct “As of”.",
                    record=record.display_name))

    # ------------------------------------------------------------------ writing
    def write(self, vals):
        names = self._kam_said_fields().intersection(vals) if 'date_said' not in vals else ()
        before = {record: record._kam_words(names) for record in self} if names else {}
        result = super().write(vals)
        changed = self.filtered(lambda record: record in before and record._kam_words(names) != before[record])
        if changed:
            super(KamSaidMixin, changed).write({'date_said': self.env.company._kam_today()})
        return result

    @api.model
    def _kam_said_fields(self):
        """The fields in which somebody says something: what is entered and kept on the record itself."""
        return {
            name for name, field in self._fields.items()
            if field.store and not field.related and not (field.compute and field.readonly)
            and field.type not in ('one2many', 'many2many') and name not in self._kam_unsaid}

    def _kam_words(self, names):
        # A known zero is another figure than an unknown one.
        return [(self[name] is False, self[name]) for name in names]
