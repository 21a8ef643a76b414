"""The column before Odoo adds it: its own default rewrites no row."""
from odoo.addons.kam_management.hooks import add_confidentiality


def migrate(cr, version):
    add_confidentiality(cr)
