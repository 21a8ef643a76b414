"""What the screens of a nomination need beside its fields: warnings, texts and the dialogs of its steps."""
from odoo import api, fields, models


class KamNomination(models.Model):
    _inherit = 'kam.nomination'

    exceptions = fields.Text(
        compute='_compute_exceptions', help="What asks for a reason before it is accepted, one sentence a line.")
    may_decide = fields.Boolean(compute='_compute_may_decide', export_string_translation=False)
    gap_text = fields.Char("Asks of us", compute='_compute_gap_text', help="What the tier requires.")

    @api.depends('partner_id', 'company_id', 'kind', 'tier_id', 'manager_id', 'state')
    @api.depends_context('lang', 'uid')
    def _compute_exceptions(self):
        for nomination in self:
            nomination.exceptions = "\n".join(nomination._find_exceptions()) if (
                nomination.partner_id and nomination.state in ('candidate', 'proposed')) else False

    @api.depends_context('uid')
    def _compute_may_decide(self):
        self.may_decide = self.env.user.has_group('kam_management.group_kam_manager')

    @api.depends('tier_id')
    @api.depends_context('lang')
    def _compute_gap_text(self):
        for nomination in self:
            tier = nomination.tier_id
            needs = [part.name for part in tier.part_ids]
            if tier.deputy_required:
                needs.append(self.env._("a deputy"))
            if tier.sponsor_required:
                needs.append(self.env._("an executive sponsor"))
            nomination.gap_text = ", ".join(needs)

    def action_open_accept(self):
        """Accept at once, or ask for the reason of an exception first."""
        self.ensure_one()
        if not self._find_exceptions():
            return self.action_accept()
        return self._open_decision('accept', self.env._("Accept all the same?"))

    def action_open_decline(self):
        self.ensure_one()
        return self._open_decision('decline', self.env._("Decline"))

    def _open_decision(self, decision, title):
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.nomination.decision', 'views': [(False, 'form')],
            'target': 'new', 'name': title,
            'context': {'default_nomination_id': self.id, 'default_decision': decision, 'dialog_size': 'medium'},
        }

    def action_open_account(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'res.partner', 'res_id': self.partner_id.id,
            'views': [(False, 'form')],
        }


class KamScore(models.Model):
    _inherit = 'kam.score'

    kam_tier_id = fields.Many2one(related='partner_id.kam_tier_id')
    nomination_state = fields.Char("Nomination", compute='_compute_nomination_state')

    @api.depends_context('lang')
    def _compute_nomination_state(self):
        """The state of the nomination that waits, for the list of candidates."""
        nominations = self.env['kam.nomination'].search([
            ('partner_id', 'in', self.partner_id.ids), ('state', 'in', ('candidate', 'proposed'))])
        states = dict(nominations._fields['state']._description_selection(self.env))
        found = {(row.partner_id.id, row.company_id.id): states[row.state] for row in nominations}
        for score in self:
            score.nomination_state = found.get((score.partner_id.id, score.company_id.id), False)

    def action_nominate(self):
        """From the list of candidates: one opens its nomination, several become candidates."""
        nominations = self.env['kam.nomination']
        for company in self.company_id:
            scores = self.filtered(lambda score, company=company: score.company_id == company)
            nominations |= nominations.with_company(company)._nominate(scores.partner_id)
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_nomination_action')
        if len(nominations) == 1:
            return {**action, 'views': [(False, 'form')], 'res_id': nominations.id, 'view_mode': 'form'}
        return {**action, 'domain': [('id', 'in', nominations.ids)], 'context': {}}
