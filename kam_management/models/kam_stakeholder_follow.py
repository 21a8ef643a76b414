"""What becomes of people who left, and of those who may be back: the account's manager is asked, in one activity.

However many people it is about, an account has one such activity, and it names nobody: whoever sees the contact reads
what is planned on it, and somebody who is erased later must not stand there. Who it is shows in the list of people. Of
people who are confidential it is asked on their own record.
"""
from datetime import timedelta

from odoo import fields, models

FOLLOW = 'kam_management.activity_type_follow'
# Days in which the manager is to answer.
DAYS = 7
QUESTIONS = [
    ('left', "Who follows?"),
    ('back', "Are they back?"),
]


class KamStakeholder(models.Model):
    _inherit = 'kam.stakeholder'

    question = fields.Selection(
        QUESTIONS, "To clear up", readonly=True, copy=False, index='btree_not_null',
        help="What the account's manager is asked about this person.")

    def _ask(self, question):
        """Ask the manager of their account about these people; False takes the question back."""
        # In sudo: whoever knows that somebody has left need not be able to plan for the account's manager.
        people = self.sudo().with_context(active_test=False)
        if not people:
            return
        people._forget_answered()
        people.write({'question': question})
        people._keep_asking(people.partner_id)

    def _is_open(self):
        self.ensure_one()
        return (self.confidentiality, self.partner_id.kam_confidentiality) == ('company', 'company')

    def _find_asked(self, accounts):
        return self.search([('partner_id', 'in', accounts.ids), ('question', '!=', False)])

    def _forget_answered(self):
        """What was ticked off or deleted is answered."""
        for person in self._find_asked(self.partner_id):
            if not person._find_questions(person.partner_id if person._is_open() else person):
                person.question = False

    def _keep_asking(self, accounts):
        """Make, reword or take away the activities of these accounts and of their confidential people."""
        asked = self._find_asked(accounts)
        for account in accounts:
            own = asked.filtered(lambda row, account=account: row.partner_id == account)
            self._keep_question(account, account, own.filtered(lambda row: row._is_open()))
        for person in (asked | self.exists()).filtered(lambda row: not row._is_open()):
            self._keep_question(person, person.partner_id, person.filtered('question'))

    def _keep_question(self, record, account, people):
        found = self._find_questions(record)
        manager = account.kam_manager_id or account.user_id
        if not people or not manager.active or not account.active:
            found.unlink()
            return
        found[1:].unlink()
        words = people.with_context(lang=manager.lang)._word_questions()
        if not found:
            record.with_context(mail_activity_quick_update=True).activity_schedule(
                FOLLOW, user_id=manager.id, summary=words,
                date_deadline=people[0].company_id._kam_today() + timedelta(days=DAYS))
        elif found[0].summary != words:
            found[0].summary = words

    def _find_questions(self, record):
        # Those that are done are archived.
        return self.env['mail.activity'].with_context(active_test=True).search(
            [('res_model', '=', record._name), ('res_id', '=', record.id), ('automated', '=', True),
             ('activity_type_id', '=', self.env.ref(FOLLOW).id)], order='id')

    def _word_questions(self):
        left = len(self.filtered(lambda row: row.question == 'left'))
        back = len(self) - left
        words = []
        if left:
            words.append(self.env._("Somebody has left: who follows?") if left == 1 else self.env._(
                "%(number)s people have left: who follows?", number=left))
        if back:
            words.append(self.env._("Somebody who had left may be back") if back == 1 else self.env._(
                "%(number)s people who had left may be back", number=back))
        return " · ".join(words)

    def unlink(self):
        # Deleted with others at once, one may be gone already.
        asked = self.sudo().exists().filtered('question').partner_id
        result = super().unlink()
        if asked:
            self.env['kam.stakeholder'].sudo().with_context(active_test=False)._keep_asking(asked)
        return result


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    def _action_done(self, feedback=False, attachment_ids=None):
        kind = self.env.ref(FOLLOW, False)
        # In sudo: whose activity it is need not be able to write on the people.
        people = self.env['kam.stakeholder'].sudo().with_context(active_test=False)
        for activity in self.filtered(lambda row: row.automated and row.activity_type_id == kind):
            field = 'partner_id' if activity.res_model == 'res.partner' else 'id'
            people |= people.search([(field, '=', activity.res_id), ('question', '!=', False)]).filtered(
                lambda row, activity=activity: row._is_open() == (activity.res_model == 'res.partner'))
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        people.question = False
        return result
