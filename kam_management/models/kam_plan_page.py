"""The plan on one page: for us in the reader's language, and for the customer in theirs.

A page holds the first few rows of each part and says how many it leaves out. The customer's version tells what the
customer told us, what we offer, what is shared with them and who their people with us are: no figure of ours, no
opinion, nothing that is confidential. Team members of other functions, who do not read plans, get our page without
figures and analyses (`res_partner_page.py`).
"""
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date, formatLang

from ..tools.page import finished, prose, table

# How many rows of each part a page has room for.
MOST = {
    'priorities': 5, 'objectives': 5, 'people': 6, 'actions': 6, 'cards': 3, 'wallet': 5, 'risks': 3, 'dates': 4,
    'commitments': 4, 'goals': 5, 'team': 6}
TEXT = 220
# What the customer told us and may read again; a concern was told to one of us.
TOLD = ('goal', 'challenge', 'need')


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    # ------------------------------------------------------------------ pages
    def _page(self, account):
        """What stands on our page of one of the plan's accounts.

        :return: ``{plan, account, figures, left, right, today}``: figures are ``(label, text or False)``; left and
                 right are the sections of the two columns, only those that say something.
        """
        self.ensure_one()
        left = [
            self._page_proposition(), self._page_priorities(), self._page_objectives(account),
            self._page_actions(account)]
        right = [self._page_people(account), self._page_commitments(account), self._page_dates()]
        figures = []
        if not self.env.su:
            right += [self._page_wallet(), self._page_swot(account), self._page_risks()]
            figures = self._page_figures(account)
        return self._page_values(account, left, right, figures, customer=False)

    def _page_customer(self, account):
        """What stands on the customer's page; called with the customer's language."""
        self.ensure_one()
        left = [self._page_goals(account), self._page_offer(), self._page_priorities(customer=True)]
        right = [
            self._page_actions(account, customer=True), self._page_commitments(account, customer=True),
            self._page_team(account)]
        return self._page_values(account, left, right, [], customer=True)

    def _page_values(self, account, left, right, figures, customer):
        return {
            'plan': self, 'account': account, 'customer': customer, 'figures': figures,
            'left': finished(self.env, left), 'right': finished(self.env, right),
            'today': self.company_id._kam_today(), 'period': self._page_period()}

    def _page_period(self):
        return f"{format_date(self.env, self.date_start)} – {format_date(self.env, self.date_end)}"

    @property
    def _page_visible(self):
        """What of an objective or action may stand on the page. In sudo it is the team's (`res_partner_page.py`)."""
        return Domain('confidentiality', '!=', 'manager') if self.env.su else Domain.TRUE

    # ------------------------------------------------------------------ figures
    def _page_figures(self, account):
        """The account's scores as the reader may see them; what is unknown is False."""
        score = self.env['kam.score'].search([
            ('partner_id', '=', account.id), ('company_id', '=', self.company_id.id)], limit=1)
        progress = False if self.progress is False else f"{round(100 * self.progress)} %"
        if not score:
            return [(self.env._("Plan complete"), progress)]
        return [
            (score._label('revenue'), score._amount(score.revenue)),
            (score._label('share_of_wallet'), score._percent(score.share_of_wallet, 100)),
            (score._label('health'), score._written(score.health)),
            (score._label('satisfaction'), score._written(score.satisfaction)),
            (score._label('relationship'), score._written(score.relationship)),
            (score._label('quadrant'), score._choice('quadrant')),
            (self.env._("Plan complete"), progress),
        ]

    def _page_money(self, value):
        if value is False:
            return False
        return format_amount(self.env, round(value), self.currency_id, trailing_zeroes=False)

    def _page_number(self, value):
        return False if value is False else formatLang(self.env, value, digits=0 if value == round(value) else 1)

    def _page_day(self, day):
        return format_date(self.env, day) if day else ""

    @staticmethod
    def _page_text(text):
        """A text short enough for the page."""
        text = " ".join((text or "").split())
        return text if len(text) <= TEXT else text[:TEXT].rsplit(" ", 1)[0] + " …"

    def _page_choice(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    # ------------------------------------------------------------------ sections
    def _page_proposition(self):
        return prose('proposition', self.env._("Why us"), [
            ("", self._page_text(self.why_us)), ("", self._page_text(self.value_proposition))])

    def _page_priorities(self, customer=False):
        priorities = self.priority_ids.filtered('is_shared') if customer else self.priority_ids
        title = self.env._("What we want to achieve with you") if customer else self.env._("Priorities")
        # Why we set it is for us.
        return table('priorities', title, [""] if customer else ["", self.env._("Why")], [
            (row.name,) if customer else (row.name, self._page_text(row.note)) for row in priorities],
            most=MOST['priorities'], empty="" if customer else self.env._("No priority yet."))

    def _page_objectives(self, account):
        objectives = self.env['kam.objective'].search(
            self._page_visible & Domain('plan_id', 'in', (self.id, False)) & Domain('partner_id', '=', account.id)
            & Domain('state', 'in', ('draft', 'running')), order='date_deadline, id')
        rows = []
        for objective in objectives:
            health = objective.health and self._page_choice(objective, 'health')
            target = self._page_number(objective.target)
            rows.append((
                objective.name, target and " ".join(filter(None, [target, objective.unit])),
                self._page_day(objective.date_deadline), health or self._page_choice(objective, 'state')))
        return table(
            'objectives', self.env._("Objectives"),
            ["", self.env._("Target"), self.env._("By"), self.env._("How it stands")], rows,
            most=MOST['objectives'], empty=self.env._("No objective yet."))

    def _page_actions(self, account, customer=False):
        """What comes next; in the customer's version only what is told to them."""
        actions = self.env['kam.action'].search(
            self._page_visible & Domain('plan_id', 'in', (self.id, False)) & Domain('partner_id', '=', account.id)
            & Domain('state', '=', 'planned'), order='date, id')
        if customer:
            actions = actions.filtered(lambda row: (
                row.is_shared and row.confidentiality == 'company' and row.answer != 'declined'))
        return table(
            'actions', self.env._("Next steps"), ["", self.env._("Who"), self.env._("When")],
            [(row.name, row.owner_id.name, self._page_day(row.date)) for row in actions], most=MOST['actions'],
            empty="" if customer else self.env._("Nothing is planned."))

    def _page_commitments(self, account, customer=False):
        """Promises still open. Of those to a person of another account the customer reads nothing."""
        commitments = self.commitment_ids.filtered(lambda row: not row.date_done).sorted('date_due')
        if customer:
            commitments = commitments.filtered(lambda row: self._page_concerns(row.contact_id, account))
        who = {'us': self.env._("We"), 'customer': self.env._("You") if customer else self.env._("The customer")}
        return table(
            'commitments', self.env._("Promised"), ["", "", self.env._("Due")],
            [(who[row.owed_by], row.name, self._page_day(row.date_due)) for row in commitments],
            most=MOST['commitments'])

    def _page_concerns(self, contact, account):
        """Whether what a person said or was told belongs on this account's page. What names nobody is on the plan's own
        page."""
        return contact.kam_account_id == account if contact else account == self.partner_id

    def _page_goals(self, account):
        goals = self.goal_ids.filtered(lambda row: (
            row.whose in ('customer', 'both') and row.kind in TOLD and self._page_concerns(row.contact_id, account)))
        return table(
            'goals', self.env._("What matters to you"), ["", ""], [(row.name, row.year or "") for row in goals],
            most=MOST['goals'])

    def _page_offer(self):
        return prose('offer', self.env._("What we offer you"), [("", self._page_text(self.value_proposition))])

    def _page_people(self, account):
        """The people who matter, those with most power first. Where they stand towards us is for whoever reads them."""
        people = self.env['kam.stakeholder'].search([
            ('partner_id', '=', account.id), ('company_id', '=', self.company_id.id), ('state', '=', 'present')])
        powers = [code for code, _label in people._fields['power']._description_selection(self.env)]
        rows = []
        for person in people.sorted(lambda row: (-powers.index(row.power) if row.power else 0, row.id)):
            row = (person.contact_id.name, ", ".join(person.role_ids.mapped('name')) or person.job_title or "")
            if not self.env.su:
                row += tuple(self._page_choice(person, name) or False for name in ('power', 'support'))
            rows.append(row)
        columns = ["", self.env._("Role")]
        if not self.env.su:
            columns += [self.env._("Power"), self.env._("Support")]
        return table('people', self.env._("People"), columns, rows, most=MOST['people'])

    def _page_wallet(self):
        lines = self.category_ids.filtered(lambda row: row.sales is not False or row.potential is not False)
        return table(
            'wallet', self.env._("Wallet"),
            ["", self.env._("Our sales"), self.env._("Potential"), self.env._("White space")],
            [(row.name, self._page_money(row.sales), self._page_money(row.potential),
              self._page_money(row.white_space))
             for row in lines.sorted(lambda row: (-(row.white_space or 0), row.id))],
            most=MOST['wallet'], numbers=(1, 2, 3))

    def _page_swot(self, account):
        """The strongest cards of the latest analysis of the customer or of us."""
        dafo = self.env['kam.dafo'].search([
            ('partner_id', '=', account.id), ('company_id', '=', self.company_id.id),
            ('subject', 'in', ('us', 'customer'))], limit=1)
        labels = dict(self.env['kam.dafo.item']._fields['quadrant']._description_selection(self.env))
        texts = []
        for quadrant, label in labels.items():
            cards = dafo.item_ids.filtered(lambda card, quadrant=quadrant: card.quadrant == quadrant)
            strongest = cards.sorted(lambda card: (-card.impact, card.id))[:MOST['cards']]
            texts.append((label, "; ".join(strongest.mapped('name'))))
        return prose('swot', dafo.display_name or "", texts)

    def _page_risks(self):
        scenarios = self.scenario_ids.filtered(lambda row: row.state != 'over')
        return table(
            'risks', self.env._("Risks"), ["", self.env._("Likelihood"), self.env._("Revenue at risk")],
            [(row.name, row.likelihood is not False and f"{row.likelihood} %", self._page_money(row.revenue_at_risk))
             for row in scenarios.sorted(lambda row: (-(row.expected_loss or 0), row.id))],
            most=MOST['risks'], numbers=(1, 2))

    def _page_dates(self):
        today = self.company_id._kam_today()
        steps = self.buying_step_ids.filtered(lambda row: row.date and row.date >= today).sorted('date')
        return table(
            'dates', self.env._("Dates of the buying process"), ["", ""],
            [(row.name, self._page_day(row.date)) for row in steps], most=MOST['dates'])

    def _page_team(self, account):
        """Our people, as the customer may call them: names, function and business address."""
        members = self.env['kam.team.member'].search([
            ('partner_id', '=', account.id), ('company_id', '=', self.company_id.id), ('is_current', '=', True)])
        roles = ('manager', 'deputy', 'sponsor', 'member')
        people = members.sorted(lambda row: roles.index(row.role))
        return table(
            'team', self.env._("Your people with us"), ["", "", ""],
            [(row.user_id.name, row.function_id.name or self._page_choice(row, 'role'),
              row.user_id.email or "") for row in people], most=MOST['team'])

    # ------------------------------------------------------------------ actions
    def _page_accounts(self):
        return self.partner_id | self.partner_ids

    def action_print_page(self):
        return self.env.ref('kam_management.kam_plan_report_page').report_action(self)

    def action_print_page_customer(self):
        """The customer's version, as a PDF to be read and sent."""
        self.ensure_one()
        if not any(self.with_context(lang=account.lang or self.env.lang)._page_customer(account)['left']
                   for account in self._page_accounts()):
            raise UserError(self.env._(
                "There is nothing to tell the customer yet. Write down their goals, what we offer them, or tick a "
                "priority as told to the customer."))
        return self.env.ref('kam_management.kam_plan_report_page_customer').report_action(self)
