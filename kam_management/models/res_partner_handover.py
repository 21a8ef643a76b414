"""The handover pack: what the next manager of an account must know, in the reader's language and with their rights.

What is known of people as individuals is not in it: it is read in Odoo, by the account's team.
"""
from dateutil.relativedelta import relativedelta
from odoo import models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date, html2plaintext

from ..tools.page import finished, prose, table

# What was done and won or lost is told so far back.
MONTHS = 12
REVIEWS = 4


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _kam_handover(self):
        """What the pack on an account says.

        :return: ``{account, company, today, plan, sections}``; sections in the order of a conversation.
        """
        self.ensure_one()
        self.check_access('read')
        plan = self.kam_plan_id
        sections = [
            self._handover_account(), self._handover_figures(), self._handover_team(), self._handover_decisions(),
            *self._handover_people_sections(),
            *self._handover_plan(plan), self._handover_strategies(), self._handover_objectives(),
            self._handover_actions(), self._handover_commitments(plan), self._handover_opportunities(),
            self._handover_activities(), self._handover_done(), self._handover_investments(),
            self._handover_reviews()]
        return {
            'account': self, 'company': self.env.company, 'today': self.env.company._kam_today(), 'plan': plan,
            'sections': finished(self.env, sections)}

    # ------------------------------------------------------------------ texts
    def _handover_day(self, day):
        return format_date(self.env, day) if day else ""

    def _handover_money(self, value, currency=None):
        if value is False:
            return False
        return format_amount(self.env, round(value), currency or self.env.company.currency_id, trailing_zeroes=False)

    def _handover_choice(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    def _handover_rows(self, model, domain, **options):
        """Rows of the account in the current company, as far as the reader may see them; none where the model is not
        theirs to read."""
        records = self.env[model]
        if not records.has_access('read'):
            return records
        return records.search(
            Domain('partner_id', '=', self.id) & Domain('company_id', '=', self.env.company.id) & Domain(domain),
            **options)

    # ------------------------------------------------------------------ the account
    def _handover_account(self):
        return prose('account', self.env._("The account"), [
            (self.env._("Tier"), self.kam_tier_id.name),
            (self.env._("Key account since"), self._handover_day(self.kam_key_since)),
            (self.env._("Key account manager"), self.kam_manager_id.name),
            (self.env._("Salesperson"), self.user_id.name),
            (self.env._("Belongs to"), self.parent_id.display_name),
            (self.env._("Address"), " ".join((self._display_address(without_company=True) or "").split())),
            (self.env._("Phone"), self.phone), (self.env._("E-mail"), self.email)])

    def _handover_figures(self):
        score = self.kam_score_id
        if not score:
            return prose('figures', self.env._("Figures"), [], empty=self.env._("Not scored yet."))
        unknown = self.env._("unknown")
        figures = [
            ('revenue', score._amount(score.revenue)), ('share_of_wallet', score._percent(score.share_of_wallet, 100)),
            ('white_space', score._amount(score.white_space)), ('health', score._written(score.health)),
            ('satisfaction', score._written(score.satisfaction)),
            ('relationship', score._written(score.relationship)),
            ('relationship_quality', score._written(score.relationship_quality)),
            ('quadrant', score._choice('quadrant')), ('dependence', score._choice('dependence'))]
        return prose('figures', self.env._("Figures, %(age)s", age=score._age_sentence()), [
            (score._label(name), text or unknown) for name, text in figures])

    def _handover_team(self):
        members = self._handover_rows('kam.team.member', [])
        return table(
            'team', self.env._("Account team, so far"),
            [self.env._("Who"), self.env._("Role"), self.env._("Task"), self.env._("From"), self.env._("Until")],
            [(row.user_id.name, " · ".join(filter(None, [self._handover_choice(row, 'role'), row.function_id.name])),
              row.note or "", self._handover_day(row.date_from), self._handover_day(row.date_to))
             for row in members.sorted(lambda row: (bool(row.date_to), row.role_order, row.id))])

    def _handover_decisions(self):
        decided = self._handover_rows('kam.nomination', [('state', 'in', ('accepted', 'declined'))])
        return table(
            'decisions', self.env._("Why it is a key account"),
            [self.env._("Decided"), self.env._("What"), self.env._("Reason"), self.env._("By")],
            [(self._handover_day(row.date_decided),
              " · ".join(filter(None, [self._handover_choice(row, 'kind'), self._handover_choice(row, 'state')])),
              " ".join(filter(None, [row.reason, row.exception_reason, row.decision_note])), row.decided_by_id.name)
             for row in decided.sorted(lambda row: (row.date_decided or row.create_date, row.id))])

    # ------------------------------------------------------------------ reviews
    def _handover_reviews(self):
        reviews = self._handover_rows(
            'kam.review', [('state', '=', 'closed')], order='date desc, id desc', limit=REVIEWS)
        return table(
            'reviews', self.env._("Last reviews"), ["", self.env._("Decisions"), self.env._("Notes")],
            [(self._handover_day(row.date), "; ".join(row.decision_ids.mapped('name')), row.note or "")
             for row in reviews])

    # ------------------------------------------------------------------ the plan
    def _handover_plan(self, plan):
        if not plan:
            return [prose('plan', self.env._("Account plan"), [], empty=self.env._("There is no plan yet."))]
        label = {name: field._description_string(self.env) for name, field in plan._fields.items()}
        texts = [(label[name], plan[name]) for names in plan._profile_sections_by_name().values() for name in names]
        return [
            prose('plan', plan.display_name, texts, empty=self.env._("The profile is empty.")),
            table('priorities', label['priority_ids'], ["", self.env._("Why")], [
                (row.name, row.note or "") for row in plan.priority_ids]),
            table('goals', label['goal_ids'], [self.env._("Whose"), "", self.env._("By"), self.env._("Told by")], [
                (self._handover_choice(row, 'whose'), row.name, row.year or "", row.contact_id.name or "")
                for row in plan.goal_ids]),
            table('buying', label['buying_step_ids'],
                  ["", self.env._("Decided by"), self.env._("When"), self.env._("Who acts")], [
                      (row.name, row.criteria or "", self._handover_day(row.date), row.contact_id.name or "")
                      for row in plan.buying_step_ids]),
            table('scenarios', label['scenario_ids'],
                  ["", self.env._("Revenue at risk"), self.env._("What would announce it"),
                   self.env._("Prepared actions")], [
                      (row.name, self._handover_money(row.revenue_at_risk, plan.currency_id), row.trigger or "",
                       row.actions or "")
                      for row in plan.scenario_ids.filtered(lambda row: row.state != 'over')], numbers=(1,)),
            table('signals', label['signal_ids'], ["", "", self.env._("What may follow")], [
                (self._handover_day(row.date), row.name, row.consequence or "") for row in plan.signal_ids]),
            table('lessons', label['lesson_ids'], ["", "", self.env._("Lesson")], [
                (self._handover_day(row.date), row.name, row.lesson or "") for row in plan.lesson_ids]),
            table('wallet', label['category_ids'],
                  ["", self.env._("Our sales"), self.env._("Potential"), self.env._("White space")], [
                      (row.name, *(self._handover_money(row[name], plan.currency_id)
                                   for name in ('sales', 'potential', 'white_space')))
                      for row in plan.category_ids], numbers=(1, 2, 3)),
            table('competitors', label['competitor_ids'], ["", self.env._("Strengths")], [
                (row.display_name, row.strengths or "") for row in plan.competitor_ids]),
        ]

    def _handover_commitments(self, plan):
        who = {'us': self.env._("We"), 'customer': self.env._("The customer")}
        rows = plan.commitment_ids.filtered(lambda row: not row.date_done).sorted('date_due')
        return table(
            'commitments', self.env._("Promised and still open"),
            ["", "", self.env._("To or by"), self.env._("Due")],
            [(who[row.owed_by], row.name, row.contact_id.name or "", self._handover_day(row.date_due))
             for row in rows])

    # ------------------------------------------------------------------ work
    def _handover_strategies(self):
        rows = self._handover_rows('kam.dafo.strategy', [])
        return table('strategies', self.env._("Strategies"), ["", "", self.env._("How")], [
            (self._handover_choice(row, 'kind'), row.name, html2plaintext(row.note or "").strip()) for row in rows])

    def _handover_objectives(self):
        objectives = self._handover_rows('kam.objective', [('state', 'in', ('draft', 'running'))],
                                         order='date_deadline, id')
        rows = []
        for row in objectives:
            last = row.checkin_ids.sorted('date')[-1:]
            rows.append((
                row.name, row.owner_id.name or "", self._handover_day(row.date_deadline),
                row.health and self._handover_choice(row, 'health') or self._handover_choice(row, 'state'),
                " ".join(filter(None, [self._handover_day(last.date), last.note])) if last else ""))
        return table(
            'objectives', self.env._("Objectives"),
            ["", self.env._("Owner"), self.env._("By"), self.env._("How it stands"), self.env._("Last check-in")],
            rows, empty=self.env._("No objective is open."))

    def _handover_actions(self):
        actions = self._handover_rows('kam.action', [('state', '=', 'planned')], order='date, id')
        return table(
            'actions', self.env._("Next steps"),
            ["", self.env._("Who"), self.env._("When"), self.env._("With")],
            [(row.name, row.owner_id.name, self._handover_day(row.date), ", ".join(row.contact_ids.mapped('name')))
             for row in actions], empty=self.env._("Nothing is planned."))

    def _handover_done(self):
        since = self.env.company._kam_today() - relativedelta(months=MONTHS)
        actions = self._handover_rows(
            'kam.action', [('state', '=', 'done'), ('date_done', '>=', since)], order='date_done desc, id desc')
        return table(
            'done', self.env._("Done in the last 12 months"),
            ["", self.env._("When"), self.env._("Result"), self.env._("Lessons")],
            [(row.name, self._handover_day(row.date_done), row.result or "", row.lessons or "") for row in actions],
            most=25)

    def _handover_opportunities(self):
        leads = self.env['crm.lead']
        if not leads.has_access('read'):
            return table('opportunities', "", [], [])
        leads = leads.search([
            ('partner_id.kam_account_id', '=', self.id), ('type', '=', 'opportunity'), ('won_status', '=', 'pending'),
            ('company_id', 'in', (False, self.env.company.id))], order='date_deadline, id')
        return table(
            'opportunities', self.env._("Open opportunities"),
            ["", self.env._("Stage"), self.env._("Expected"), self.env._("Closing"), self.env._("Salesperson")],
            [(lead.name, lead.stage_id.name, self._handover_money(lead.expected_revenue, lead.company_currency),
              self._handover_day(lead.date_deadline), lead.user_id.name or "") for lead in leads],
            numbers=(2,), most=40)

    def _handover_activities(self):
        activities = self.env['mail.activity'].search([
            ('res_model', '=', 'res.partner'), ('res_id', '=', self.id)], order='date_deadline, id')
        return table(
            'activities', self.env._("Planned on the account"), ["", self.env._("Who"), self.env._("When")],
            [(row.summary or row.activity_type_id.name or html2plaintext(row.note or "")[:80], row.user_id.name,
              self._handover_day(row.date_deadline)) for row in activities])

    def _handover_investments(self):
        rows = self._handover_rows('kam.investment', [])
        return table(
            'investments', self.env._("Investments"), ["", self.env._("State"), self.env._("Cost")],
            [(row.name, self._handover_choice(row, 'state'), self._handover_money(row.cost)) for row in rows],
            numbers=(2,), most=20)

    # ------------------------------------------------------------------ actions
    def action_kam_handover_pack(self):
        self.ensure_one()
        return self.env.ref('kam_management.res_partner_report_handover').report_action(self)
