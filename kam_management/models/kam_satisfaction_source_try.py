"""What a source would read, shown before it is activated: its three newest answers, with the reader's own rights."""
from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .kam_satisfaction_source import DEFINITION

SHOWN = 3
TABLE = Markup('<table class="table table-sm mb-0"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>')


class KamSatisfactionSource(models.Model):
    _inherit = 'kam.satisfaction.source'

    example = fields.Html("The newest answers", compute='_compute_example', sanitize=False)

    @api.depends(*DEFINITION)
    @api.depends_context('uid', 'lang', 'allowed_company_ids')
    def _compute_example(self):
        for source in self:
            source.example = source.state == 'available' and source._example()

    def _example(self):
        """The newest answers as a table, or a sentence on why none is shown.

        Never in sudo: it shows what people said.
        """
        problem = self._find_scale_problem()
        if problem:
            return self._sentence(problem)
        try:
            rows = self._example_rows()
        except AccessError:
            return self._sentence(self.env._(
                "You may not read %(model)s yourself, so no answers are shown here.", model=self.model_name))
        except (UserError, ValueError) as error:
            return self._sentence(error)
        if not rows:
            return self._sentence(self.env._("No record counts as an answer so far."))
        titles = (self.env._("Date"), self.env._("Who"), self.env._("Account"), self.env._("Answer"),
                  self.env._("Comment"))
        return TABLE % (Markup('').join(Markup('<th>%s</th>') % title for title in titles), Markup('').join(rows))

    @api.model
    def _sentence(self, text):
        return Markup('<p class="text-muted mb-0">%s</p>') % str(text)

    def _example_rows(self):
        model = self.env[self.model_name].sudo(False)
        order = f'{self.date_field} desc, id desc' if '.' not in self.date_field else 'id desc'
        rows = []
        for record in model.search(Domain(self._parsed_domain()), order=order, limit=SHOWN):
            partner = self._example_value(record, self.partner_path)
            day = self._example_value(record, self.date_field)
            if day and self._is_moment(model, self.date_field):
                day = fields.Datetime.context_timestamp(self.with_context(tz=self.env.company._kam_timezone()), day)
            cells = (day and format_date(self.env, day), partner and partner.name,
                     partner and partner.kam_account_id.name, self._read_value(self._known_value(record)),
                     self.comment_path and self._example_value(record, self.comment_path))
            rows.append(Markup('<tr>%s</tr>') % Markup('').join(Markup('<td>%s</td>') % (cell or '') for cell in cells))
        return rows

    @api.model
    def _example_value(self, record, path):
        for name in path.split('.'):
            record = record[name]
        return record

    def _known_value(self, record):
        """The number of a record, or False where it has none: Odoo reads an empty number as 0."""
        number = self._example_value(record, self.value_path)
        if number or not record.id:
            return number
        model = record.browse()
        query = model._search(Domain('id', '=', record.id))
        column = self._path(model, query, self.value_path)
        (known,), = self.env.execute_query(query.select(SQL("%s IS NOT NULL", column)))
        return known and number

    def _read_value(self, value):
        """How an answer is read: 4 on 1 to 5, or how it went."""
        if value is False:
            return self.env._("none")
        if self.kind == 'moment':
            verdicts = dict(self.env['kam.satisfaction.response']._fields['verdict']._description_selection(self.env))
            verdict = verdicts['favourable' if value >= self.favourable_from else 'unfavourable']
            return self.env._("%(value)s: %(verdict)s", value=f"{value:g}", verdict=verdict)
        return self.env._("%(value)s, on %(lowest)s to %(highest)s", value=f"{value:g}", lowest=f"{self.scale_min:g}",
                          highest=f"{self.scale_max:g}")
