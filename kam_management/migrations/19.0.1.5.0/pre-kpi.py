"""KPIs are shown by month, quarter or year; days and weeks were offered and never used."""


def migrate(cr, version):
    cr.execute("UPDATE kam_kpi SET grain = 'month' WHERE grain IN ('day', 'week')")
