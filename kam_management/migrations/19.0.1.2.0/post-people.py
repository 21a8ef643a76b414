"""Roles at the customer of before have no rhythm of contacts: they get the one that is shipped now."""
from odoo.tools import SQL

CADENCE = {
    'decider': 60, 'influencer': 60, 'buyer': 30, 'user': 90, 'initiator': 60, 'gatekeeper': 30, 'champion': 30,
    'opponent': 60}


def migrate(cr, version):
    for code, days in CADENCE.items():
        cr.execute(SQL(
            "UPDATE kam_stakeholder_role SET cadence_days = %s WHERE code = %s AND cadence_days IS NULL", days, code))
