"""The steps of a nomination: propose, withdraw, accept, decline; and what accepting it does."""
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from .kam_nomination import OPEN
from .res_partner import DECISION


class KamNomination(models.Model):
    _inherit = 'kam.nomination'

    # ------------------------------------------------------------------ steps
    def action_propose(self):
        """Put the candidates to the vote: with their scores of today and, where none was written, evidence."""
        for nomination in self:
            nomination._require_state('candidate')
            nomination._require_tier()
            nomination._require_change()
            nomination._require_account()
            nomination._require_reader()
        self._freeze_scores()
        for nomination in self:
            values = {'state': 'proposed', 'date_proposed': fields.Datetime.now()}
            if not nomination.evidence:
                values['evidence'] = nomination._evidence_from_scores()
            nomination._stepping().write(values)
            nomination._ask_approver()
        return True

    def action_withdraw(self):
        """Back to candidate, to be worked on."""
        for nomination in self:
            nomination._require_state('proposed')
            if self.env.user != nomination.user_id:
                nomination._require_decider()
        self._stepping().write({'state': 'candidate', 'date_proposed': False})
        self.activity_unlink(['mail.mail_activity_data_todo'])
        return True

    def action_accept(self):
        """Decide that it shall be so. Exceptions need a reason."""
        self._require_decider()
        self._freeze_scores()
        for nomination in self:  # one after the other: each one accepted takes capacity from the next
            nomination._require_state('proposed')
            nomination._require_tier()
            nomination._require_account()
            exceptions = nomination._find_exceptions()
            if exceptions and not (nomination.exception_reason or nomination.reason or '').strip():
                raise UserError("\n".join([
                    *exceptions, self.env._("Give a reason to accept it all the same.")]))
            account = nomination.partner_id
            nomination._decide(
                'accepted', previous_tier_id=account.kam_tier_id.id, previous_manager_id=account.kam_manager_id.id)
            nomination._apply()
        self.activity_feedback(['mail.mail_activity_data_todo'])
        return True

    def action_decline(self):
        """Decide against it."""
        self._require_decider()
        for nomination in self:
            nomination._require_state(*OPEN)
        self._freeze_scores()
        self._decide('declined')
        self.activity_feedback(['mail.mail_activity_data_todo'])
        return True

    def _decide(self, state, **values):
        """Close them as `state`, now and by whoever acts."""
        self._stepping().write({
            **values, 'state': state, 'decided_by_id': self.env.uid, 'date_decided': fields.Datetime.now()})

    # ------------------------------------------------------------------ what a step requires
    def _require_state(self, *states):
        if self.state not in states:
            labels = dict(self._fields['state']._description_selection(self.env))
            raise UserError(self.env._(
                "%(nomination)s is “%(state)s”: that step comes from “%(expected)s”.",
                nomination=self.display_name, state=labels[self.state],
                expected=" / ".join(labels[state] for state in states)))

    def _require_tier(self):
        if self.kind != 'exit' and not self.tier_id:
            raise UserError(self.env._(
                "Choose the tier that %(account)s is proposed for.", account=self.partner_id.display_name))

    def _require_change(self):
        """What people propose changes something; after a merge, what stands there is confirmed."""
        if self.kind == 'tier' and self.tier_id == self.partner_id.kam_tier_id and (
                not self.manager_id or self.manager_id == self.partner_id.kam_manager_id):
            raise UserError(self.env._(
                "%(account)s is of the tier “%(tier)s” already: choose another tier or another manager.",
                account=self.partner_id.display_name, tier=self.tier_id.name))

    def _require_account(self):
        """The account may have changed since it was nominated."""
        problem = self._find_partner_problem()
        if problem:
            raise UserError(problem)
        self._check_kind()
        self._check_people()
        if self.kind == 'entry':
            self.partner_id._check_may_be_key_account()

    def _require_reader(self):
        """Somebody must be able to decide on it."""
        if not self.approver_id:
            self.approver_id = self._find_approver(self.company_id)
        if self.confidentiality != 'company' and not self.approver_id:
            raise UserError(self.env._(
                "Choose who shall decide on it: at this confidentiality nobody else would see it."))

    def _require_decider(self):
        if not self.env.su and not self.env.user.has_group('kam_management.group_kam_manager'):
            raise AccessError(self.env._(
                "Only Key Accounts managers decide on nominations. Propose it to one of them."))

    # ------------------------------------------------------------------ exceptions
    def _find_exceptions(self):
        """Sentences on what speaks against accepting it without a reason; none for leaving."""
        self.ensure_one()
        if self.kind == 'exit':
            return []
        return [*self._find_over_capacity(), *self._find_unwilling()]

    def _find_over_capacity(self):
        settings = self._settings()
        account = self.partner_id
        found = []
        others = Domain('id', '!=', account.id)
        if not account.is_key_account:
            number = 1 + self._count_accounts(others)
            if number > settings.capacity:
                found.append(self.env._(
                    "It would be key account number %(number)s; the company can look after %(capacity)s.",
                    number=number, capacity=settings.capacity))
        if self.manager_id and self.manager_id != account.kam_manager_id:
            number = 1 + self._count_accounts(others & Domain('kam_manager_id', '=', self.manager_id.id))
            capacity = self.env['kam.manager']._capacity(self.manager_id, self.company_id)
            if number > capacity:
                found.append(self.env._(
                    "%(manager)s would manage %(number)s key accounts; the capacity is %(capacity)s.",
                    manager=self.manager_id.name, number=number, capacity=capacity))
        tier = self.tier_id
        if tier and tier != account.kam_tier_id and tier.capacity is not False:
            number = 1 + self._count_accounts(others & Domain('kam_tier_id', '=', tier.id))
            if number > tier.capacity:
                found.append(self.env._(
                    "It would be number %(number)s of the tier “%(tier)s”, which has room for %(capacity)s.",
                    number=number, tier=tier.name, capacity=tier.capacity))
        return found

    def _find_unwilling(self):
        """The customer's willingness is a gate: it asks for a reason once, when the account comes in."""
        if self.kind != 'entry':
            return []
        score = self.env['kam.score'].search([
            ('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id)])
        # Whoever decides may see less than whoever proposed.
        willingness = score.willingness if score else self.willingness
        gate = self._settings().willingness_gate
        if willingness is False:
            return [self.env._("Whether the customer is willing to invest with us is unknown.")]
        if willingness < gate:
            return [self.env._(
                "The customer's willingness to invest with us is %(value)s of 100, below %(gate)s.",
                value=formatLang(self.env, willingness, digits=1), gate=f"{gate:g}")]
        return []

    def _settings(self):
        # Everyone who proposes or decides works with the company's limits; only administrators may set them.
        return self.company_id.sudo().kam_settings_id

    def _count_accounts(self, domain):
        """Key accounts that this company counts; archived ones have left its capacity."""
        # Also those that the reader may not see: only their number is told.
        return self.env['res.partner'].sudo().search_count(
            Domain([('is_key_account', '=', True), ('kam_company_id', '=', self.company_id.id)]) & domain)

    # ------------------------------------------------------------------ what accepting does
    def _apply(self):
        """Write the decision on the account."""
        self.ensure_one()
        # Deciding is what a Key Accounts manager may do; editing contacts is another right.
        account = self.partner_id.sudo().with_context(kam_decision=DECISION)
        if self.kind == 'exit':
            self._release(account)
            return
        values = {'is_key_account': True, 'kam_tier_id': self.tier_id.id, 'kam_company_id': self.company_id.id}
        if self.manager_id:
            values['kam_manager_id'] = self.manager_id.id
        if not account.is_key_account:
            values['kam_key_since'] = self.env.company._kam_today()
        account.write(values)

    @api.model
    def _release(self, account):
        """Take from an account what a key account has: nobody is in its team any longer, today or later."""
        account.write({
            'is_key_account': False, 'kam_tier_id': False, 'kam_company_id': False, 'kam_key_since': False,
            'kam_manager_id': False})
        today = self.env.company._kam_today()
        account.kam_member_ids.filtered(lambda member: not member.date_to or member.date_to >= today)._end(
            today - timedelta(days=1))

    @api.model
    def _record(self, partners, before):
        """Write down as decisions what was set by the system: the database's own code, an import as the system."""
        today = self.env.company._kam_today()
        open_ones = self.search([('partner_id', 'in', partners.ids), ('state', 'in', OPEN)])
        values = []
        for partner in partners.with_context(kam_decision=DECISION):
            was = before[partner]['is_key_account']
            if partner.is_key_account:
                company = partner.kam_company_id or partner.company_id or self.env.company
                partner.write({'kam_company_id': company.id, 'kam_key_since': partner.kam_key_since or today})
            elif was:
                company = before[partner]['kam_company_id'] or self.env.company
                self._release(partner)
            else:
                raise ValidationError(self.env._(
                    "%(partner)s is not a key account, so it has no tier. Propose it as a key account of that tier.",
                    partner=partner.display_name))
            values.append({
                'partner_id': partner.id, 'company_id': company.id,
                'kind': 'tier' if was and partner.is_key_account else 'entry' if partner.is_key_account else 'exit',
                'tier_id': partner.kam_tier_id.id, 'manager_id': partner.kam_manager_id.id,
                'previous_tier_id': before[partner]['kam_tier_id'].id,
                'previous_manager_id': before[partner]['kam_manager_id'].id,
                'state': 'accepted', 'decided_by_id': self.env.uid, 'date_decided': fields.Datetime.now(),
                'reason': self.env._("Set by the system, without a proposal."), 'approver_id': False,
            })
        # What waited for a decision that has been taken elsewhere.
        open_ones.filtered(lambda row: (row.kind == 'entry') == row.partner_id.is_key_account)._decide(
            'declined', decision_note=self.env._("Overtaken: the account changed without it."))
        return self._stepping().create(values)

    # ------------------------------------------------------------------ candidates
    @api.model
    def _nominate(self, partners):
        """Make each of these accounts a candidate in the current company; those that are one already stay so.

        :return: the open nominations of all of them
        """
        waiting = self.search([
            ('partner_id', 'in', partners.ids), ('company_id', '=', self.env.company.id), ('state', 'in', OPEN)])
        refusals = []
        for partner in (partners - waiting.partner_id).filtered(lambda partner: not partner.is_key_account):
            try:  # one that can't be nominated does not stop the others
                with self.env.cr.savepoint():
                    waiting |= self.create({'partner_id': partner.id})
            except (UserError, ValidationError) as refusal:
                refusals.append(refusal)
        if refusals and not waiting:
            raise refusals[0]
        return waiting

    def _evidence_from_scores(self):
        """What the scores say for it, in words; False when nothing is known."""
        self.ensure_one()
        score = self.env['kam.score'].new({'company_id': self.company_id.id})  # it knows how figures are written
        facts = []
        if self.revenue is not False:
            facts.append(self.env._("Revenue %(amount)s", amount=score._amount(self.revenue)))
        if self.pareto_class:
            facts.append(self.env._("class %(class)s, rank %(rank)s", **{
                'class': self.pareto_class, 'rank': self.rank}))
        if self.growth is not False:
            facts.append(self.env._("growth %(growth)s%%", growth=score._signed(self.growth)))
        for name in ('attractiveness', 'position', 'willingness', 'strategic_value'):
            if self[name] is not False:
                label = self._fields[name]._description_string(self.env)
                facts.append(f"{label} {score._written(self[name])}")
        if not facts:
            return False
        return self.env._("As of %(date)s: %(facts)s.", date=format_date(self.env, self.scored_as_of),
                          facts="; ".join(facts))

    def _ask_approver(self):
        """An activity for whoever shall decide, unless that is whoever proposes."""
        self.ensure_one()
        if self.approver_id and self.approver_id != self.env.user:
            self.activity_schedule(
                'mail.mail_activity_data_todo', user_id=self.approver_id.id,
                summary=self.env._("Decide on the nomination"))
