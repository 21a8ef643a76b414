"""Changes of an account's opportunities since the last review: one row each, by what matters most of it."""
from odoo import models
from odoo.fields import Domain

from ..tools.review import percent_of
from .kam_review_changes import MOST

NEEDED = ['name', 'stage_id', 'expected_revenue', 'date_deadline', 'won_status', 'date_closed', 'kam_date_identified',
          'kam_date_qualified']
# Percent by which an expected revenue must differ.
AMOUNT = 1


class KamReview(models.Model):
    _inherit = 'kam.review'

    def _kam_review_changes(self):
        return super()._kam_review_changes() + self._lead_changes()

    def _lead_changes(self):
        leads = self.env['crm.lead'].with_context(active_test=False)
        if not leads.has_access('read'):
            return []
        since, today = self.since, self.company_id._kam_today()
        mine = (
            Domain('partner_id.kam_account_id', '=', self.partner_id.id) & Domain('type', '=', 'opportunity')
            & Domain('company_id', 'in', (self.company_id.id, False)))
        dated = (
            Domain('date_closed', '>=', since) | Domain('kam_date_identified', '>=', since)
            | Domain('kam_date_qualified', '>=', since)
            | (Domain('won_status', '=', 'pending') & Domain('date_deadline', '<', today)))
        found = leads.search_fetch(mine & dated, NEEDED, limit=MOST, order='write_date desc, id desc')
        open_ones = leads.search_fetch(
            mine & Domain('won_status', '=', 'pending') & Domain('write_date', '>=', since), NEEDED, limit=MOST,
            order='write_date desc, id desc')
        amounts = self._amounts_before(open_ones, since)
        revenue = self._account_revenue()
        return [row for lead in found | open_ones if (row := self._lead_change(lead, since, today, revenue, amounts))]

    def _amounts_before(self, leads, since):
        """What the expected revenue of each was at `since`, where it has changed: ``{lead id: amount}``."""
        # In sudo: tracked values are for administrators. They are of opportunities and a field that the reader reads.
        tracked = self.env['mail.tracking.value'].sudo().search_fetch(
            [('field_id.model', '=', 'crm.lead'), ('field_id.name', '=', 'expected_revenue'),
             ('mail_message_id.model', '=', 'crm.lead'), ('mail_message_id.res_id', 'in', leads.ids),
             ('mail_message_id.date', '>=', since)],
            ['old_value_float', 'mail_message_id'], order='id desc')
        # The oldest of them, which comes last, says what it was.
        return {value.mail_message_id.res_id: value.old_value_float for value in tracked}

    def _lead_change(self, lead, since, today, revenue, amounts):
        amount = lead.expected_revenue or False
        values = {'amount': amount, 'size': percent_of(amount, revenue)}
        closed = lead.date_closed and lead.date_closed >= since
        if closed and lead.won_status == 'won':
            return self._change('lead_won', 'opportunities', lead, date=lead.date_closed.date(), tone='good', **values)
        if closed and lead.won_status == 'lost':
            return self._change('lead_lost', 'opportunities', lead, date=lead.date_closed.date(), tone='bad', **values)
        if lead.won_status != 'pending':
            return None
        was = amounts.get(lead.id)
        if was is not None and abs(lead.expected_revenue - was) > abs(was) * AMOUNT / 100:
            return self._change('lead_amount', 'opportunities', lead, **{
                **values, 'as': 'money', 'before': was, 'after': lead.expected_revenue, 'date': lead.write_date.date(),
                'size': percent_of(abs(lead.expected_revenue - was), revenue), 'amount': False,
                'tone': 'good' if lead.expected_revenue > was else 'bad'})
        if lead.date_deadline and lead.date_deadline < today:
            return self._change('lead_overdue', 'opportunities', lead, **{
                **values, 'size': (today - lead.date_deadline).days, 'date': lead.date_deadline, 'tone': 'bad'})
        if lead.kam_date_identified and lead.kam_date_identified >= since:
            return self._change(
                'lead_new', 'opportunities', lead, date=lead.kam_date_identified.date(), tone='good', **values)
        if lead.kam_date_qualified and lead.kam_date_qualified >= since:
            return self._change(
                'lead_qualified', 'opportunities', lead, date=lead.kam_date_qualified.date(), tone='good', **values)
        return None
