"""The steps of an investment: approve, refuse, make; who may take them, and what can't be changed afterwards."""
from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .kam_investment import DECIDERS

# What was decided on. Whoever wants to change it asks anew.
DECIDED = ('name', 'partner_id', 'company_id', 'type_id', 'amount', 'life', 'reason', 'expected_return', 'user_id',
           'date_requested')
STEPPED = ('state', 'decided_by_id', 'date_decided')


class KamInvestment(models.Model):
    _inherit = 'kam.investment'

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        # Also by a default that comes from the context.
        default = self.default_get(['state']).get('state', 'requested')
        if not self._is_stepping() and any(
                vals.get('state', default) != 'requested' or vals.get('decided_by_id') or vals.get('date_decided')
                for vals in vals_list):
            raise self._refuse_step()
        investments = super().create(vals_list)
        investments._check_may_ask()
        investments.plan_id._refuse_closed()
        for investment in investments:
            investment._ask_approver()
        return investments

    def write(self, vals):
        if any(name in vals for name in STEPPED) and not self._is_stepping():
            raise self._refuse_step()
        if not self._is_stepping():
            self._check_may_change(vals)
        result = super().write(vals)
        if 'user_id' in vals:
            self._check_may_ask()
        if vals.get('plan_id'):
            self.plan_id._refuse_closed()
        if 'approver_id' in vals:
            for investment in self.filtered(lambda row: row.state == 'requested'):
                investment.activity_unlink(['mail.mail_activity_data_todo'])
                investment._ask_approver()
        return result

    def _check_may_change(self, vals):
        changed = [name for name in vals if name in DECIDED]
        for investment in self:
            if changed and investment.state != 'requested':
                raise UserError(self.env._(
                    "“%(investment)s” was decided on as it is. A Key Accounts manager can set it back to “Requested”; "
                    "or ask for another one.", investment=investment.name))
            if 'date_start' in vals and investment.state == 'made':
                raise UserError(self.env._(
                    "“%(investment)s” has been made, and its cost counts from the day it was. A Key Accounts manager "
                    "can set it back to “Requested”.", investment=investment.name))
            # A closed plan stays as it was: with what was asked for in it, and with what was made.
            if changed or (vals.keys() & {'plan_id'} and investment.state == 'made'):
                investment.plan_id._refuse_closed()

    def _check_may_ask(self):
        """Nobody asks in the name of somebody else; Key Accounts managers may write down what others asked for."""
        if self.env.su or self.env.user.has_group(DECIDERS):
            return
        for investment in self:
            if investment.user_id != self.env.user:
                raise AccessError(self.env._(
                    "You can ask for investments in your own name only: choose yourself under “Asked for by”."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_requested(self):
        for investment in self:
            if investment.state != 'requested':
                raise UserError(self.env._(
                    "“%(investment)s” was decided on and stays on record: archive it instead.",
                    investment=investment.name))
            investment.plan_id._refuse_closed()

    def _refuse_step(self):
        return UserError(self.env._(
            "An investment moves on by its buttons: ask for it, then a Key Accounts manager approves or refuses it, "
            "then it is made."))

    # ------------------------------------------------------------------ steps
    def action_approve(self):
        self._require_decider()
        for investment in self:
            investment._require_state('requested')
            # In sudo: whoever decides on an investment need not see the plan.
            if investment.plan_id.sudo().state == 'closed':
                raise UserError(self.env._(
                    "The plan of “%(investment)s” is closed. Choose the plan that runs now, or none.",
                    investment=investment.name))
        self._decide('approved')
        return True

    def action_refuse(self):
        """Decide against it, or take an approval back before anything was spent."""
        self._require_decider()
        for investment in self:
            investment._require_state('requested', 'approved')
            if not (investment.decision_note or '').strip():
                raise UserError(self.env._(
                    "Write why “%(investment)s” is refused into the note on the decision: whoever asked for it reads "
                    "it.", investment=investment.name))
        self._decide('refused')
        return True

    def action_make(self):
        """It is there, and its cost begins: from the day that was entered, else from today."""
        today = self.env.company._kam_today()
        for investment in self:
            investment._require_state('approved')
            investment._stepping().write({'state': 'made', 'date_start': investment.date_start or today})
        return True

    def action_reset(self):
        """Back to requested, to be changed and decided on anew."""
        self._require_decider()
        for investment in self:
            investment._require_state('approved', 'made', 'refused')
            if investment.state == 'made' and (investment.obtained_return is not False or investment.result):
                raise UserError(self.env._(
                    "“%(investment)s” has brought something already, so it was made. Empty its return and its result "
                    "first if that is a mistake.", investment=investment.name))
        self._stepping().write({'state': 'requested', 'decided_by_id': False, 'date_decided': False})
        for investment in self:
            investment._ask_approver()
        return True

    def _decide(self, state):
        self._stepping().write({
            'state': state, 'decided_by_id': self.env.uid, 'date_decided': self.env.company._kam_today()})
        self.activity_feedback(['mail.mail_activity_data_todo'])

    def _require_decider(self):
        if not self.env.su and not self.env.user.has_group(DECIDERS):
            raise AccessError(self.env._(
                "Only Key Accounts managers decide on investments. Choose one of them under “To be decided by”."))

    def _require_state(self, *states):
        if self.state not in states:
            labels = dict(self._fields['state']._description_selection(self.env))
            raise UserError(self.env._(
                "“%(investment)s” is “%(state)s”: that step comes from “%(expected)s”.", investment=self.name,
                state=labels[self.state], expected=" / ".join(labels[state] for state in states)))

    def _ask_approver(self):
        """An activity for whoever shall decide, unless that is whoever asks."""
        self.ensure_one()
        if self.approver_id and self.approver_id != self.env.user:
            self.activity_schedule(
                'mail.mail_activity_data_todo', user_id=self.approver_id.id,
                summary=self.env._("Decide on the investment"))
