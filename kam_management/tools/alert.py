"""What becomes of an alert that got graver, the same whether the worker or Odoo tells it."""

# From the least grave on.
GRAVITY = ['info', 'amber', 'red']
# It is worse than what was answered: its owner is asked anew, and the sponsor if nobody reacts. Who acknowledged
# it, and why it was put off, stays on record.
ASK_ANEW = {'state': 'open', 'snoozed_until': False, 'followed_on': False, 'reacted_on': False, 'escalated_on': False}
