"""Alerts as the worker's publishing would leave them: nobody writes them by hand, hence sudo."""
from datetime import timedelta

from .common import KamCommon


class AlertCommon(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what the demo's own refreshes may have opened is not of these stories
        cls.env['kam.alert'].sudo().search([]).unlink()
        cls.alerts = cls.env['kam.alert']
        cls.deputy = cls._user('deputy', 'kam_management.group_kam_user')
        cls.sponsor = cls._user('sponsor', 'kam_management.group_kam_user')

    @classmethod
    def _rule(cls, code):
        return cls.env.ref(f'kam_management.alert_rule_{code}')

    @classmethod
    def _alert(cls, code='few_people', partner=None, days=0, **values):
        """An alert of Nordwind Iberia, opened so many days ago; `partner` False: of the company."""
        rule = cls._rule(code)
        account = cls.iberia if partner is None else partner
        day = cls.today - timedelta(days=days)
        return cls.alerts.sudo().create({
            'rule_id': rule.id, 'partner_id': account.id if account else False, 'company_id': cls.company.id,
            'severity': rule.severity, 'date_opened': day, 'since': day, **values})

    @classmethod
    def _join(cls, user, role, partner=None):
        return cls.env['kam.team.member'].create({
            'partner_id': (partner or cls.iberia).id, 'user_id': user.id, 'role': role,
            'date_from': cls.today - timedelta(days=9)})

    def _follow(self):
        self.env['kam.alert'].sudo()._cron_follow()
        self.env.invalidate_all()

    def _asked(self, alerts):
        """``{user: summaries}`` of the activities on these records."""
        found = {}
        for activity in self.env['mail.activity'].sudo().search(
                [('res_model', '=', alerts._name), ('res_id', 'in', alerts.ids)], order='id'):
            found.setdefault(activity.user_id, []).append(activity.summary)
        return found
