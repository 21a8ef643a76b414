"""One person of the account who may be asked, or the reason why not."""
from odoo import api, fields, models
from odoo.tools import email_normalize, format_date

STATES = [('ready', "Can be asked"), ('asked', "Was asked lately"), ('silent', "Can't be written to")]


class KamSurveySendLine(models.TransientModel):
    _name = 'kam.survey.send.line'
    _description = "Person who may be asked"
    _order = 'sequence, id'

    send_id = fields.Many2one(
        'kam.survey.send', required=True, readonly=True, index=True, ondelete='cascade',
        export_string_translation=False)
    sequence = fields.Integer(export_string_translation=False)
    contact_id = fields.Many2one('res.partner', "Person", required=True, readonly=True, ondelete='cascade')
    name = fields.Char(related='contact_id.name')
    function = fields.Char(related='contact_id.function', string="Job title")
    is_chosen = fields.Boolean("Ask")
    asked_on = fields.Date("Last asked", compute='_compute_state')
    state = fields.Selection(STATES, compute='_compute_state')
    told = fields.Char("Gets it as", compute='_compute_told')

    @api.depends('contact_id.email', 'contact_id.is_blacklisted', 'send_id.company_id')
    def _compute_state(self):
        for send in self.send_id:
            lines = self.filtered(lambda line, send=send: line.send_id == send)
            asked = send._asked_on(lines.contact_id)
            since = send._asked_since()
            for line in lines:
                person = line.contact_id
                line.asked_on = asked.get(person._origin.id, False)
                if not email_normalize(person.email) or person.is_blacklisted:
                    line.state = 'silent'
                else:
                    line.state = 'asked' if line.asked_on and line.asked_on > since else 'ready'

    @api.depends('state', 'asked_on', 'send_id.survey')
    @api.depends_context('lang')
    def _compute_told(self):
        names = dict(self.env['res.lang'].get_installed())
        for send in self.send_id:
            lines = self.filtered(lambda line, send=send: line.send_id == send)
            languages = send._languages(lines.contact_id)
            for line in lines:
                # Odoo calls it “Spanish / Español”.
                language = len(names) > 1 and names.get(languages[line.contact_id], '').rpartition(' / ')[2]
                line.told = (
                    " · ".join(filter(None, [line.contact_id.email, language])) if line.state == 'ready'
                    else line._why_not())

    def _why_not(self):
        """A sentence on why this person is not asked now."""
        self.ensure_one()
        if self.state == 'asked':
            return self.env._("Asked on %(date)s, again from %(next)s", date=format_date(self.env, self.asked_on),
                              next=format_date(self.env, self.send_id._asked_again(self.asked_on)))
        if self.contact_id.is_blacklisted:
            return self.env._("Wishes no e-mails of this kind")
        if self.contact_id.email:
            return self.env._("%(email)s is no e-mail address: correct it on the contact",
                              email=self.contact_id.email)
        return self.env._("No e-mail address: fill it in on the contact")
