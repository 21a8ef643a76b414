"""The dependence quadrant, whole: where the account stands, what that means, and what is missing while it is unknown.

The worker says which it is. Here each outcome has its place and its words; no cut is compared anew.
"""
from odoo import models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# From top left to bottom right: how much of its wallet is ours (high above), how much of our sales it is (high right).
CELLS = (
    ('wallet', ('vulnerable_buyer', 'inviting_supplier')),
    ('both', ('mutual_partnership', 'mutual_unconfirmed', 'mutual_competitive')),
    ('none', ('low',)),
    ('sales', ('vulnerable_supplier', 'inviting_buyer')),
)
MEANINGS = {
    'mutual_partnership': _lt("Each needs the other and the relation is good: build together what neither reaches "
                              "alone."),
    'mutual_unconfirmed': _lt("Each needs the other and the relation is good, but it is not confirmed that the "
                              "customer gives back: its willingness to co-invest is low or unknown."),
    'mutual_competitive': _lt("Each needs the other, and each looks after itself first: trust comes before larger "
                              "plans."),
    'vulnerable_supplier': _lt("We need the customer more than it needs us, and the relation does not protect us: win "
                               "more of what it buys, or depend on it less."),
    'inviting_buyer': _lt("We need the customer more than it needs us, and the relation is good: the customer, the "
                          "stronger side, invites."),
    'vulnerable_buyer': _lt("The customer needs us more than we need it, and the relation is not good: expect it to "
                            "look for another supplier."),
    'inviting_supplier': _lt("The customer needs us more than we need it, and the relation is good: we, the stronger "
                             "side, invite."),
    'low': _lt("Neither depends much on the other."),
}
# What it takes to know it.
INPUTS = ('share', 'share_of_wallet', 'relationship_quality')


class KamScore(models.Model):
    _inherit = 'kam.score'

    def _get_dependence(self):
        """The quadrant as the panel shows it: its four cells, the sentence, and the three figures behind it."""
        self.ensure_one()
        labels = dict(self._fields['dependence']._description_selection(self.env))
        if self.dependence:
            sentence = str(MEANINGS[self.dependence])
        else:
            missing = ", ".join(self._label(name) for name in INPUTS if self[name] is False)
            sentence = self.env._(
                "Unknown. It takes the account's share of our sales, our share of its wallet and how good the relation "
                "is. Missing: %(missing)s.", missing=missing) if missing else self.env._(
                "Unknown until the next refresh.")
        return {
            'label': labels.get(self.dependence, False), 'sentence': sentence,
            'cells': [{'name': name, 'here': self.dependence in codes,
                       'outcomes': [{'label': labels[code], 'here': code == self.dependence} for code in codes]}
                      for name, codes in CELLS],
            'inputs': [
                {'label': self._label('share'), 'text': self._percent(self.share, 100)},
                {'label': self._label('share_of_wallet'), 'text': self._percent(self.share_of_wallet, 100)},
                {'label': self._label('relationship_quality'), 'text': self._written(self.relationship_quality)}],
        }
