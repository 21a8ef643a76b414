"""The organisation that the tests act in.

Two companies, one person per role, and these customers:

    Nordwind Group                      salesperson: sales
    ├── Nordwind France
    │   └── Claire                      a contact
    └── Nordwind Iberia                 KEY ACCOUNT of user
        ├── Iberia Logistics
        │   └── Luis                    a contact
        └── Iberia Old                  archived
    Solo Shop                           salesperson: user
    Other Shop                          salesperson: colleague

    sales      a salesperson without Key Accounts
    contributor  Key Accounts contributor, of another function
    user       Key Accounts user, manages Nordwind Iberia
    colleague  Key Accounts user, manages nothing
    manager    Key Accounts manager
    admin      Key Accounts administrator
    system     administrator of the database, without Key Accounts
    service    what the worker logs in as, in both companies
"""
from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import TransactionCase


class KamCommon(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, 'tracking_disable': False, 'no_reset_password': True})
        cls.company = cls.env.company
        cls.company.partner_id.tz = 'UTC'  # one today for the company, its people and the tests
        cls.today = cls.company._kam_today()
        # whatever the database's own administrator has set
        cls.company.kam_settings_id.action_restore_defaults()
        cls.strategic = cls.env.ref('kam_management.tier_strategic')
        cls.key = cls.env.ref('kam_management.tier_key')
        cls.company_2 = cls.env['res.company'].create({'name': 'Second Company'})
        cls.user_sales = cls._user('sales', 'sales_team.group_sale_salesman', 'base.group_partner_manager')
        cls.user_contributor = cls._user('contributor', 'kam_management.group_kam_contributor')
        cls.user_user = cls._user('user', 'kam_management.group_kam_user', 'base.group_partner_manager')
        cls.user_colleague = cls._user('colleague', 'kam_management.group_kam_user', 'base.group_partner_manager')
        cls.user_manager = cls._user('manager', 'kam_management.group_kam_manager', 'base.group_partner_manager')
        cls.user_admin = cls._user('admin', 'kam_management.group_kam_admin')
        cls.user_system = cls._user('system', 'base.group_system', 'base.group_user')
        cls.user_service = cls._user(
            'service', 'kam_management.group_kam_service', companies=cls.company | cls.company_2)

        cls.group = cls._partner('Nordwind Group', user_id=cls.user_sales.id)
        cls.france = cls._partner('Nordwind France', parent_id=cls.group.id)
        cls.claire = cls._partner('Claire', parent_id=cls.france.id, is_company=False)
        cls.iberia = cls._partner('Nordwind Iberia', parent_id=cls.group.id, is_key_account=True,
                                  kam_manager_id=cls.user_user.id)
        cls.logistics = cls._partner('Iberia Logistics', parent_id=cls.iberia.id)
        cls.luis = cls._partner('Luis', parent_id=cls.logistics.id, is_company=False)
        cls.old = cls._partner('Iberia Old', parent_id=cls.iberia.id, active=False)
        cls.solo = cls._partner('Solo Shop', user_id=cls.user_user.id)
        cls.other = cls._partner('Other Shop', user_id=cls.user_colleague.id)

    @classmethod
    def _user(cls, login, *groups, companies=None):
        companies = companies or cls.env.company
        return cls.env['res.users'].create({
            'name': login.capitalize(), 'login': f'kam_{login}', 'email': f'{login}@example.com',
            'company_id': companies[0].id, 'company_ids': [Command.set(companies.ids)],
            'group_ids': [Command.set([cls.env.ref(group).id for group in groups])],
        })

    @classmethod
    def _partner(cls, name, **values):
        return cls.env['res.partner'].create({'name': name, 'is_company': True, **values})

    @classmethod
    def _score(cls, partner, company=None, **values):
        """A row of scores, as kam.sync would write it: nobody may do so through the ORM, hence sudo."""
        return cls.env['kam.score'].sudo().create({
            'partner_id': partner.id, 'company_id': (company or cls.company).id, 'as_of': '2026-11-20', **values})

    @classmethod
    def _history(cls, partner, as_of, company=None, **values):
        return cls.env['kam.score.history'].sudo().create({
            'partner_id': partner.id, 'company_id': (company or cls.company).id, 'as_of': as_of, **values})

    @classmethod
    def _opinion(cls, partner, user, code='strategic_value', **values):
        factor = cls.env.ref(f'kam_management.factor_{code}')
        return cls.env['kam.assessment'].with_user(user).create({
            'partner_id': partner.id, 'factor_id': factor.id, 'value': 7, **values})

    @contextmanager
    def _refused(self, exception, sentence):
        """Expect a refusal that says `sentence` (a regular expression); what was written before it is undone."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), sentence)

    def _flush_tracking(self):
        """Post what Odoo's tracking has gathered, as the end of a request does."""
        self.env.flush_all()
        self.cr.flush()
        self.env.invalidate_all()

    def _chatter(self, record):
        """The whole history of a record as one text: bodies, and values as “old → new” with their field."""
        self._flush_tracking()
        lines = []
        for message in record.sudo().message_ids.sorted('id'):
            lines.append(str(message.body))
            for value in message.tracking_value_ids._tracking_value_format():
                lines.append(f"{value['fieldInfo']['changedField']}: {value['oldValue']} → {value['newValue']}")
        return "\n".join(lines)
