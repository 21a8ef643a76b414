"""The company that the live tests are about: twelve customers, told in numbers that a person can check.

Customer n has won one opportunity of n thousand, sixty days ago. Together that is 78,000; the largest has 12,000 of
it. Customers 1 to 3 are key accounts. Names are as the world's are.
"""

from __future__ import annotations

NAMES = ["Ñandú & Hijos", 'Quote "Double" Ltd', "O'Neill <b>bold</b>", "Şirket 🚀", "שלום בע״מ", "Müller, Söhne; GmbH",
         "Line\tTab", "日本商事", "[red]Markup[/red]", "100% Cotton\\", "-1+1|cmd", "Zoë"]
REVENUE = 1000.0
TOTAL = 78_000.0
SECOND_COMPANY = "Second “Company” é"

SEED = """
company = env.company
company.partner_id.tz = 'UTC'
second = env['res.company'].create({'name': params['second']})
won = env['crm.stage'].search([('is_won', '=', True)], limit=1)
ids = []
for number, name in enumerate(params['names'], start=1):
    partner = env['res.partner'].create({'name': name, 'is_company': True, 'is_key_account': number <= 3})
    env['crm.lead'].create({
        'name': 'Deal', 'type': 'opportunity', 'partner_id': partner.id, 'company_id': company.id,
        'expected_revenue': params['revenue'] * number, 'stage_id': won.id, 'probability': 100})
    ids.append(partner.id)
env.flush_all()
env.cr.execute("UPDATE crm_lead SET create_date = create_date - interval '60 days', "
               "date_closed = date_closed - interval '60 days'")
result = {'accounts': ids, 'company': company.id, 'second': second.id}
"""

OUTSIDER = """
import datetime
user = env['res.users'].with_context(no_reset_password=True).create({
    'name': 'Outsider', 'login': params['login'], 'group_ids': [(6, 0, env.ref(params['group']).ids)]})
expiry = datetime.datetime.now() + datetime.timedelta(days=9)
result = env['res.users.apikeys'].with_user(user).sudo()._generate('rpc', 'outsider', expiry)
"""
