"""What becomes of a stakeholder: the next step, and leaving, returning, or turning up at another customer."""
from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .kam_stakeholder import STATES
from .kam_stakeholder_change import SCALES
from .kam_stakeholder_follow import FOLLOW

TODO = 'mail.mail_activity_data_todo'
STEP = ('next_step', 'next_step_date', 'next_step_user_id')
# What is the person's own, and may go along to another customer; roles, power and support belong to the account.
OWN = ('interests', 'recognised_for', 'recognised_by', 'recognised_how', 'best_reached')


class KamStakeholder(models.Model):
    _inherit = 'kam.stakeholder'

    state = fields.Selection(STATES, required=True, default='present', tracking=True, index=True, copy=False)
    date_left = fields.Date(
        "Left on", compute='_compute_date_left', store=True, readonly=False, copy=False, tracking=True)
    now_at_id = fields.Many2one(
        'res.partner', "Now with", compute='_compute_now_at_id', compute_sudo=True,
        help="The account that the contact belongs to, where it is another one.")
    change_ids = fields.One2many('kam.stakeholder.change', 'stakeholder_id', "Changes")

    # The next step is the activity that comes first, of those with the person: there is no second place for it.
    next_step = fields.Char("Next step", compute='_compute_next_step', inverse='_inverse_next_step')
    next_step_date = fields.Date("By when", compute='_compute_next_step', inverse='_inverse_next_step')
    next_step_user_id = fields.Many2one(
        'res.users', "Who", compute='_compute_next_step', inverse='_inverse_next_step',
        domain=[('share', '=', False)])

    # ------------------------------------------------------------------ computes
    @api.depends('state')
    def _compute_date_left(self):
        for stakeholder in self:
            stakeholder.date_left = stakeholder.state == 'left' and (
                stakeholder.date_left or stakeholder.company_id._kam_today())

    @api.depends('contact_id.kam_account_id', 'partner_id')
    def _compute_now_at_id(self):
        for stakeholder in self:
            account = stakeholder.contact_id.kam_account_id
            stakeholder.now_at_id = account != stakeholder.partner_id and account

    @api.depends('activity_ids.summary', 'activity_ids.date_deadline', 'activity_ids.user_id',
                 'activity_ids.activity_type_id')
    def _compute_next_step(self):
        for stakeholder in self:
            activity = stakeholder._next_activity()
            stakeholder.next_step = activity.summary or activity.activity_type_id.name
            stakeholder.next_step_date = activity.date_deadline
            stakeholder.next_step_user_id = activity.user_id

    def _next_activity(self):
        self.ensure_one()
        question = self.env['ir.model.data']._xmlid_to_res_id(FOLLOW)
        steps = self.activity_ids.filtered(lambda activity: activity.activity_type_id.id != question)
        return steps.sorted(lambda activity: (activity.date_deadline, activity.id))[:1]

    def _inverse_next_step(self):
        for stakeholder in self:
            activity = stakeholder._next_activity()
            values = {
                'summary': stakeholder.next_step, 'date_deadline': stakeholder.next_step_date,
                'user_id': stakeholder.next_step_user_id.id}
            if not any(values.values()):
                stakeholder._drop_step(activity)
                continue
            if not (values['summary'] or '').strip():
                raise UserError(self.env._(
                    "Say what the next step with %(person)s is, or leave who and when empty too.",
                    person=stakeholder.contact_id.name))
            values['user_id'] = values['user_id'] or self.env.uid
            values['date_deadline'] = values['date_deadline'] or self.env.company._kam_today()
            if activity:
                activity.write(values)
            else:
                stakeholder.activity_schedule(TODO, **values)

    def _drop_step(self, activity):
        """Delete a next step that is one's own: what a colleague has to do is theirs to close."""
        if activity and self.env.user not in (activity.user_id, activity.create_uid):
            raise UserError(self.env._(
                "The next step with %(person)s is in the hands of %(user)s. Ask them to close it, or close it yourself "
                "among the activities below.", person=self.contact_id.name, user=activity.user_id.name))
        activity.unlink()

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get('partner_id') and vals.get('contact_id'):
                # The account follows from the person; whether it is hidden is asked of it next.
                person = self.env['res.partner'].sudo().browse(vals['contact_id'])
                vals['partner_id'] = self.env.context.get('default_partner_id') or person.kam_account_id.id
        self._refuse_twice(vals_list)
        # The next step once the record stands: its activity makes whoever plans it a follower, which creating does too.
        steps = [{name: vals[name] for name in STEP if name in vals} for vals in vals_list]
        stakeholders = super().create(
            [{name: value for name, value in vals.items() if name not in STEP} for vals in vals_list])
        for stakeholder, step in zip(stakeholders, steps, strict=True):
            if any(step.values()):
                stakeholder.write(step)
        # Nobody writes changes by hand: hence sudo.
        self.env['kam.stakeholder.change'].sudo()._record({
            stakeholder: {aspect: False for aspect in SCALES if aspect != 'state'} for stakeholder in stakeholders})
        return stakeholders

    def write(self, vals):
        watched = [aspect for aspect in SCALES if aspect in vals]
        before = {stakeholder: {aspect: stakeholder[aspect] for aspect in watched} for stakeholder in self}
        result = super().write(vals)
        if any(name in vals for name in STEP):
            # Odoo keeps what was written, and not what came of it: whose it is and by when, where that was left out.
            self.invalidate_recordset(STEP)
        if watched:
            # As above.
            self.env['kam.stakeholder.change'].sudo()._record(before)
        if 'state' in vals:
            self.filtered(lambda row: row.state == 'left' and before[row]['state'] != 'left')._tell_left()
            self.filtered(lambda row: row.state == 'present' and before[row]['state'] == 'left')._ask(False)
        return result

    def copy_data(self, default=None):
        raise UserError(self.env._(
            "A person is a stakeholder of an account once. Add another person instead of duplicating this one."))

    # ------------------------------------------------------------------ leaving and returning
    def action_leave(self):
        self.filtered(lambda stakeholder: stakeholder.state == 'present').write({'state': 'left'})

    def action_return(self):
        """They are there again, with all that is known of them."""
        for stakeholder in self.filtered(lambda row: row.state == 'left'):
            if stakeholder.now_at_id:
                raise UserError(self.env._(
                    "The contact %(person)s belongs to %(account)s. Move the contact back first.",
                    person=stakeholder.contact_id.name, account=stakeholder.now_at_id.display_name))
            stakeholder.state = 'present'
            # An archived contact is not found by those who want to call.
            stakeholder.contact_id.filtered(lambda contact: not contact.active).action_unarchive()

    def _tell_left(self):
        """Write it down on the account, and ask who follows."""
        # In sudo: also where whoever knows it may not write on the account.
        for account, gone in self.sudo().filtered(lambda row: row._is_open()).grouped('partner_id').items():
            # Links, so that a name is found again when the person asks to be forgotten.
            links = Markup(", ").join(row.contact_id._get_html_link() for row in gone)
            text = (self.env._("%(people)s have left.", people=links) if len(gone) > 1 else
                    self.env._("%(person)s has left.", person=links))
            account._message_log(body=Markup("<p>%s</p>") % text)
        self._ask('left')

    # ------------------------------------------------------------------ elsewhere
    def action_follow(self):
        """Make somebody who is with another customer now a stakeholder there; a click decides, nothing moves alone."""
        self.ensure_one()
        there = self.sudo().with_context(active_test=False).search(
            Domain('contact_id', '=', self.contact_id.id) & Domain('partner_id', '=', self.now_at_id.id)
            & Domain('company_id', '=', self.company_id.id))
        defaults = {
            f'default_{name}': self[name] for name in OWN if self[name] and self.confidentiality == 'company'}
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': there.id,
            'views': [(False, 'form')], 'name': self.env._("Stakeholder"),
            'context': {
                'default_partner_id': self.now_at_id.id, 'default_contact_id': self.contact_id.id, **defaults},
        }

    def action_open_account(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'res.partner', 'res_id': self.partner_id.id,
                'views': [(False, 'form')]}

    def action_log_contact(self):
        """The quick log, with this person chosen."""
        self.ensure_one()
        return self.contact_id.action_kam_log_contact()

    def action_open_contact(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'res.partner', 'res_id': self.contact_id.id,
                'views': [(False, 'form')]}
