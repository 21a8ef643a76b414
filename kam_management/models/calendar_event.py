"""A meeting may be held for an action with an account."""
from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = 'calendar.event'

    kam_action_id = fields.Many2one(
        'kam.action', "Action with an account", index='btree_not_null', ondelete='set null', copy=False,
        groups='kam_management.group_kam_contributor')
