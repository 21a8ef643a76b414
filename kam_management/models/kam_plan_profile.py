"""The profile of the customer on its plan: who it is, what moves it, and why it would buy from us.

Texts in sections. Each section knows when it was last changed, so that an old opinion looks old.
"""
from odoo import api, fields, models

SECTIONS = {
    'business': ('industry', 'competition', 'situation', 'finances'),
    'market': ('market', 'channels', 'segments', 'value_chain', 'shoppers'),
    'strategy': ('vision', 'mission', 'strategy', 'positioning', 'communications', 'differentiation'),
    'organisation': ('organisation', 'culture'),
    'needs': ('needs_now', 'needs_later', 'fears', 'trends'),
    'proposition': ('why_us', 'value_proposition'),
}
TEXTS = tuple(name for names in SECTIONS.values() for name in names)


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    industry = fields.Text(help="The customer's industry, and how it develops.")
    competition = fields.Text("How it competes", help="By price, brand, service, innovation, closeness…")
    situation = fields.Text("Present situation", help="Growing, investing, reorganising, for sale…")
    finances = fields.Text(help="Sales, margin, debt, terms of payment: how it is doing, and since when.")

    market = fields.Text(help="Where it sells, and how large its market is.")
    channels = fields.Text(help="How its products reach the buyers.")
    segments = fields.Text(help="To whom it sells.")
    value_chain = fields.Text("Value chain", help="From its suppliers to its customers: where value is added.")
    shoppers = fields.Text(help="Who buys and uses what it sells, and how they decide.")

    vision = fields.Text()
    mission = fields.Text()
    strategy = fields.Text()
    positioning = fields.Text(help="What it wants to be in the minds of its customers.")
    communications = fields.Text(help="How it speaks to its market.")
    differentiation = fields.Text(help="What it has that its competitors have not.")

    organisation = fields.Text(help="How it is organised, where decisions are taken.")
    culture = fields.Text(help="How people there work and treat suppliers.")

    needs_now = fields.Text("Needs today")
    needs_later = fields.Text("Needs later")
    fears = fields.Text("Fears and threats")
    trends = fields.Text(help="What changes in its world.")

    why_us = fields.Text("Why it would buy from us")
    value_proposition = fields.Text(
        "Our value proposition", help="What we offer to this customer and to nobody else in this way.")

    business_date = fields.Date("Business: last change", readonly=True, copy=False)
    market_date = fields.Date("Market: last change", readonly=True, copy=False)
    strategy_date = fields.Date("Strategy: last change", readonly=True, copy=False)
    organisation_date = fields.Date("Organisation: last change", readonly=True, copy=False)
    needs_date = fields.Date("Needs: last change", readonly=True, copy=False)
    proposition_date = fields.Date("Proposition: last change", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._profile_dated(vals) for vals in vals_list])

    def write(self, vals):
        if not any(name in vals for name in TEXTS):
            return super().write(vals)
        for plan in self:
            super(KamPlan, plan).write(plan._profile_dated(vals))
        return True

    def _profile_dated(self, vals):
        """`vals` with today's date for each section in which they change a text of this plan, if there is one."""
        today = self.env.company._kam_today()
        changed = {
            f'{section}_date': today for section, names in SECTIONS.items()
            if any(name in vals and (vals[name] or '') != ((self[name] if self else '') or '') for name in names)}
        return {**changed, **vals}

    @api.model
    def _profile_sections_by_name(self):
        return SECTIONS

    def _profile_sections(self):
        """For each section: whether anything is said in it, and when it was last changed."""
        self.ensure_one()
        return {
            section: (any(self[name] for name in names), self[f'{section}_date'])
            for section, names in SECTIONS.items()}
