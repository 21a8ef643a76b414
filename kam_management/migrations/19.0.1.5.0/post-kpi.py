"""Shipped KPIs of before get their unit, their direction and the parts that are new. What people chose stays."""

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
