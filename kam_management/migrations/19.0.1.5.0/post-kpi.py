"""What an upgrade must bring to records that are left alone by updates. What people chose stays.

Shipped KPIs of before get their unit, their direction and the parts that are new; tiers whose set of KPIs nobody has
changed get the one that is shipped now; Odoo's own digest shows the figures of key accounts, as in a new database.
"""
import re

from lxml import etree
from odoo import SUPERUSER_ID, api
from odoo.tools import file_open

TIERS = 'kam_management/data/kam_tier_data.xml'
REFERENCE = re.compile(r"ref\('([a-z0-9_]+)'\)")
# The set of both tiers until then.
FORMER_KPIS = ('kpi_opportunities_won', 'kpi_opportunities_open', 'kpi_opportunities_lost', 'kpi_orders_revenue',
               'kpi_invoices_revenue')
DIGEST_FIGURES = ('kpi_kam_alerts', 'kpi_kam_red', 'kpi_kam_on_target', 'kpi_kam_new')
UNITS = {
    'amount': ('invoices_revenue', 'orders_revenue', 'orders_margin', 'orders_margin_base', 'opportunities_won',
               'opportunities_open'),
    'count': ('orders_count', 'credit_notes_count', 'deliveries_count', 'opportunities_won_count',
              'opportunities_lost'),
}
ROLES = {'opportunities_won_count': 'won', 'opportunities_lost': 'lost'}


def migrate(cr, version):
    for unit, codes in UNITS.items():
        cr.execute("UPDATE kam_kpi SET unit = %s WHERE shipped AND unit = 'number' AND code IN %s", [unit, codes])
    cr.execute("UPDATE kam_kpi SET low_is_good = TRUE WHERE shipped AND code IN %s",
               [('credit_notes_count', 'opportunities_lost')])
    for code, role in ROLES.items():
        cr.execute("UPDATE kam_kpi SET role = %s WHERE shipped AND role IS NULL AND code = %s", [role, code])
    env = api.Environment(cr, SUPERUSER_ID, {})
    fill_tiers(env)
    show_in_digest(env)


def fill_tiers(env):
    """Give each shipped tier that still has exactly the former KPIs those that the data file gives a new database."""
    with file_open(TIERS, 'rb') as file:
        records = etree.parse(file).iterfind('.//record[@model="kam.tier"]')
        shipped = {record.get('id'): REFERENCE.findall(field.get('eval', ''))
                   for record in records for field in record.iterfind('field[@name="kpi_ids"]')}
    former = find(env, FORMER_KPIS)
    for name, kpis in shipped.items():
        tier = find(env, [name])
        # The archived ones count: they are part of what was chosen.
        if tier and tier[0].with_context(active_test=False).kpi_ids == env['kam.kpi'].union(*former):
            tier[0].kpi_ids = env['kam.kpi'].union(*find(env, kpis))


def show_in_digest(env):
    """The figures are new, so that nobody can have taken them out."""
    digest = env.ref('digest.digest_digest_default', raise_if_not_found=False)
    if digest:
        digest.write(dict.fromkeys(DIGEST_FIGURES, True))


def find(env, names):
    """Records of ours by their external names, without those that were deleted."""
    found = [env.ref(f'kam_management.{name}', raise_if_not_found=False) for name in names]
    return [record for record in found if record]
