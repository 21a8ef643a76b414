"""What changed since the last review: found by kind in files of their own, ranked by `tools/review.py`, worded here.

Each kind of change is found by a file that extends :meth:`KamReview._kam_review_changes` and returns rows made by
:meth:`KamReview._change`. A row holds no words but what is needed to find them: model, id, raw values and how they are
to be written. So it can be stored, and be worded later in the language and with the rights of whoever reads it.
"""
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import NO_ACCESS
from odoo.tools import format_amount, format_date
from odoo.tools.translate import LazyTranslate

from ..tools.review import split

_lt = LazyTranslate(__name__)

FAMILIES = {
    'scores': _lt("Scores"),
    'opportunities': _lt("Opportunities"),
    'people': _lt("People"),
    'objectives': _lt("Objectives"),
    'alerts': _lt("Alerts"),
    'plan': _lt("Plan"),
    'actions': _lt("Actions"),
}
# What is said of a record that changed, before what it was and is.
WORDS = {
    'lead_lost': _lt("lost"), 'lead_won': _lt("won"), 'lead_amount': _lt("expected revenue"),
    'lead_qualified': _lt("qualified"), 'lead_new': _lt("new"), 'lead_overdue': _lt("expected closing has passed"),
    'member_joined': _lt("joined the account team"), 'member_left': _lt("left the account team"),
    'person_left': _lt("has left"), 'person_back': _lt("is back"),
    'support': _lt("support"), 'tie': _lt("relationship"), 'people_new': _lt("new people"),
    'objective_missed': _lt("missed"), 'objective_achieved': _lt("achieved"), 'objective_cancelled': _lt("cancelled"),
    'objective_overdue': _lt("overdue"), 'objective_off_track': _lt("off track"), 'objective_at_risk': _lt("at risk"),
    'objective_on_track': _lt("on track again"), 'objective_progress': _lt("progress"),
    'objective_started': _lt("started"),
    'promise_late': _lt("promised by us, late"), 'promise_owed': _lt("promised by the customer, late"),
    'promise_kept': _lt("promise kept"), 'signal': _lt("observed"),
    'action_late': _lt("late"), 'action_done': _lt("done"), 'alert': _lt("alert"), 'alert_over': _lt("alert is over"),
}
# Kinds whose size is a number of days, and those whose size is a percentage of the account's revenue.
DAYS = ('lead_overdue', 'objective_overdue', 'promise_late', 'promise_owed', 'action_late')
OF_REVENUE = ('lead_lost', 'lead_won', 'lead_amount', 'lead_qualified', 'lead_new', 'action_done')
# No more of one kind of record is looked at: what lies beyond has never been among the first.
MOST = 500


class KamReview(models.Model):
    _inherit = 'kam.review'

    # Rows as they were shown when the review was closed: nobody reads them but through `changes`.
    snapshot = fields.Json(groups=NO_ACCESS, copy=False, export_string_translation=False)
    changes = fields.Json(compute='_compute_changes', export_string_translation=False)

    @api.depends('partner_id', 'company_id', 'since', 'state')
    @api.depends_context('uid', 'lang', 'tz')
    def _compute_changes(self):
        for review in self:
            if not review.partner_id or not review.since:
                review.changes = {'first': [], 'more': [], 'hidden': 0}
                continue
            if review.state == 'closed':
                # In sudo: whoever reads the review sees of it what they may read, as is asked below.
                rows = review.sudo().snapshot or {'first': [], 'more': []}
                first, more = rows['first'], rows['more']
            else:
                first, more = split(review._kam_review_changes())
            review.changes = review._word_changes(first, more)

    # ------------------------------------------------------------------ finding
    def _kam_review_changes(self):
        """What changed on the account since `since`, with the reader's rights: rows of :meth:`_change`, in any order.

        Extended by each file that knows a kind of change, with as many statements however much changed.
        """
        self.ensure_one()
        return []

    @api.model
    def _change(self, kind, family, record, size=1, **values):
        """A change of `record`.

        :param kind: one of `tools.review.KINDS`; its words stand in `WORDS`
        :param family: one of `FAMILIES`
        :param size: how large it is, in the unit of its kind; False while unknown
        :param values: `field`: the field that changed, if that is told by its label; `before` and `after`: raw values,
            False while unknown; `as`: how they are written (number, percent, money, date, or selection); `tone`: good,
            bad or plain; `date`: the day of it; `among` and `among_ids`: model and ids of the records whose number is
            told, as far as the reader sees them
        """
        row = {'field': False, 'before': None, 'after': None, 'as': 'number', 'tone': 'plain', 'date': False, **values}
        return {
            **row, 'kind': kind, 'family': family, 'model': record._name, 'id': record.id, 'size': size,
            'date': fields.Date.to_string(row['date']) or False,
            'key': f"{record._name},{record.id},{row['field'] or kind}"}

    def _first_day(self):
        """The day of `since`, as the company counts days."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.company_id.sudo()._kam_timezone()), self.since).date()

    def _account_revenue(self):
        """What sizes of money are compared with: the account's revenue, False while unknown or not for the reader."""
        score = self.env['kam.score'].search(
            [('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id)], limit=1)
        return score.revenue if score else False

    # ------------------------------------------------------------------ wording
    def _word_changes(self, first, more):
        """The rows in the reader's language, without those of records that are hidden from them or gone."""
        ids = defaultdict(set)
        for row in [*first, *more]:
            if row['model'] in self.env:
                ids[row['model']].add(row['id'])
            if row.get('among'):
                ids[row['among']].update(row['among_ids'])
        names = {}
        for model, numbers in ids.items():
            if self.env[model].has_access('read'):
                records = self.env[model].with_context(active_test=False).browse(sorted(numbers)).exists()
                names.update({(model, record.id): record.display_name for record in records._filtered_access('read')})
        again = self._keys_shown_before()
        worded = [
            [self._word_change(row, names[row['model'], row['id']], row['key'] in again)
             for row in self._counted(rows, names) if (row['model'], row['id']) in names] for rows in (first, more)]
        hidden = len(first) + len(more) - sum(map(len, worded))
        return {'first': worded[0], 'more': worded[1], 'hidden': hidden}

    @api.model
    def _counted(self, rows, names):
        """The rows, those that tell a number with the number that the reader sees; without those who see none."""
        counted = [row if not row.get('among') else {
            **row, 'after': sum((row['among'], number) in names for number in row['among_ids'])} for row in rows]
        return [row for row in counted if not row.get('among') or row['after']]

    def _keys_shown_before(self):
        """What stood in the review before, so that what still stands is not told as if it were new."""
        # In sudo: only keys of rows that the reader sees anyway are compared.
        snapshot = self.sudo().previous_id.snapshot or {}
        return {row['key'] for part in ('first', 'more') for row in snapshot.get(part, ())}

    def _word_change(self, row, name, again):
        label = str(WORDS.get(row['kind'], ''))
        if row['field']:
            name = label = self._field_label(row)
        return {
            'key': row['key'], 'family': row['family'], 'family_label': str(FAMILIES.get(row['family'], row['family'])),
            'kind': row['kind'], 'tone': row['tone'], 'model': row['model'], 'id': row['id'],
            'name': name, 'label': '' if row['field'] else label,
            'before': self._word_value(row, 'before'), 'after': self._word_value(row, 'after'),
            'note': self._word_size(row, again), 'date': row['date'] and format_date(self.env, row['date'])}

    @api.model
    def _field_label(self, row):
        model = self.env[row.get('field_model') or row['model']]
        return model._fields[row['field']]._description_string(self.env)

    def _word_value(self, row, which):
        """A raw value as text; None where there is nothing to tell, “unknown” where it is not known."""
        value, form = row[which], row['as']
        if value is None:
            return None
        if value is False:
            return self.env._("unknown")
        if form == 'money':
            return format_amount(self.env, value, self.company_id.currency_id, trailing_zeroes=False)
        if form == 'date':
            return format_date(self.env, value)
        if form == 'selection':
            model = self.env[row.get('field_model') or row['model']]
            return dict(model._fields[row.get('choice') or row['field']]._description_selection(self.env)).get(
                value, value)
        number = self.env['kam.score']._number
        if form == 'percent':
            return self.env._("%(value)s%%", value=number(value))
        return number(value)

    def _word_size(self, row, again):
        """Why it matters: how large it is."""
        size, number = row['size'], self.env['kam.score']._number
        notes = []
        if row['kind'] in DAYS and size is not False:
            days = round(size)
            notes.append(self.env._("1 day late") if days == 1 else self.env._("%(days)s days late", days=days))
        elif row['kind'] in OF_REVENUE and row.get('amount') not in (None, False):
            notes.append(format_amount(
                self.env, row['amount'], self.company_id.currency_id, trailing_zeroes=False))
            if size is not False:
                notes.append(self.env._("%(share)s%% of its yearly sales", share=number(abs(size))))
        elif row['as'] in ('number', 'percent') and row['before'] not in (None, False) and row['after'] not in (
                None, False):
            notes.append(self.env['kam.score']._signed(row['after'] - row['before']))
        if again:
            notes.append(self.env._("stood in the last review too"))
        return " · ".join(notes)
