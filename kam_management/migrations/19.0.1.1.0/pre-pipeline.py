"""Phases and dates of the pipeline, filled before Odoo makes their columns and walks every opportunity."""
from odoo.addons.kam_management.backfill import fill


def migrate(cr, version):
    fill(cr)
