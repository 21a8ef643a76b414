"""Merging contacts keeps nominations and teams: nothing is lost, and one account remains."""
from datetime import timedelta

from odoo import api, fields, models

from .kam_nomination import OPEN
from .kam_team_member import FOLLOWING, ROLES
from .res_partner import DECIDED, DECISION


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the rows move: two open nominations of one account would break the rule that there is one.
        self._kam_close_doubled_nominations(src_partners, dst_partner)
        self._kam_join_teams(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _kam_close_doubled_nominations(self, src_partners, dst_partner):
        """Of several open nominations in a company one stays open: the destination's, else the one gone furthest."""
        # Whoever merges contacts need not see nominations; none may be lost for it.
        nominations = self.env['kam.nomination'].sudo().with_context(active_test=False).search(
            [('partner_id', 'in', (src_partners | dst_partner).ids), ('state', 'in', OPEN)])
        for company in nominations.company_id:
            doubled = nominations.filtered(lambda row, company=company: row.company_id == company).sorted(
                lambda row: (row.partner_id != dst_partner, row.state != 'proposed', row.id))
            doubled[1:]._stepping().write({
                'state': 'declined', 'decided_by_id': self.env.uid, 'date_decided': fields.Datetime.now(),
                'decision_note': self.env._("Merged: another nomination of this account goes on.")})
        nominations.flush_recordset()

    @api.model
    def _kam_join_teams(self, src_partners, dst_partner):
        """One place in the team per person and time: overlapping ones of a person become one, in the best role."""
        # Whoever merges contacts need not see teams; nobody may drop out of one for it.
        members = self.env['kam.team.member'].sudo().with_context(kam_following=FOLLOWING).search(
            [('partner_id', 'in', (src_partners | dst_partner).ids)])
        order = [role for role, _label in ROLES]
        places = {}
        for member in members.sorted(lambda row: (row.date_from, row.partner_id != dst_partner, row.id)):
            places.setdefault((member.company_id, member.user_id), []).append(member)
        for own in places.values():
            kept = own[0]
            for member in own[1:]:
                if kept.date_to and kept.date_to < member.date_from:
                    kept = member
                    continue
                values = {'date_to': kept.date_to and member.date_to and max(kept.date_to, member.date_to)}
                if order.index(member.role) < order.index(kept.role):
                    values['role'] = member.role
                if not kept.function_id:
                    values['function_id'] = member.function_id.id
                member.unlink()
                kept.write(values)
        self.env.flush_all()

    @api.model
    def _update_values(self, src_partners, dst_partner):
        # In sudo: a flag must survive the merge even when whoever merges may neither see nor set it. The wizard's
        # own write then finds nothing to change.
        destination = dst_partner.sudo().with_context(kam_decision=DECISION)
        sources = src_partners.sudo()
        flagged = sources.filtered('is_key_account')
        both = flagged if destination.is_key_account else flagged.browse()
        manager = (flagged | sources).kam_manager_id[:1]
        values = {}
        for source in flagged:  # what the destination lacks, the first source that has it gives
            for name in DECIDED:
                if not destination[name] and source[name] and name not in values:
                    values[name] = source._fields[name].convert_to_write(source[name], source)
        if manager and not destination.kam_manager_id:
            values['kam_manager_id'] = manager.id
        level = max((sources | destination).mapped('kam_confidentiality'), key=('company', 'team', 'manager').index)
        if level != destination.kam_confidentiality:
            values['kam_confidentiality'] = level
        if values:
            destination.write(values)
        self._kam_settle_team(destination)
        self._kam_settle_nominations(destination, both)
        # What the wizard writes of the sources is what stands on the destination already.
        return super()._update_values(src_partners, dst_partner)

    @api.model
    def _kam_settle_team(self, destination):
        """One manager: those of the merged accounts stay in the team as members."""
        today = self.env.company._kam_today()
        members = self.env['kam.team.member'].sudo().with_context(kam_following=FOLLOWING)
        rows = members.search(
            [('partner_id', '=', destination.id), ('role', '=', 'manager'), ('is_current', '=', True)])
        former = rows.filtered(lambda member: member.user_id != destination.kam_manager_id)
        people = [(row.user_id.id, row.company_id.id) for row in former]
        former._end(today - timedelta(days=1))
        members.create([
            {'partner_id': destination.id, 'user_id': user, 'company_id': company, 'role': 'member', 'date_from': today}
            for user, company in people])
        members._follow_managers(destination)

    @api.model
    def _kam_settle_nominations(self, destination, both):
        """A merge of two key accounts is proposed for a decision; one that waits to become what it is now, is over."""
        nominations = self.env['kam.nomination'].sudo()
        waiting = nominations.search([('partner_id', '=', destination.id), ('state', 'in', OPEN)])
        overtaken = waiting.filtered(lambda row: row.kind == 'entry' and destination.is_key_account)
        overtaken._stepping().write({
            'state': 'declined', 'decided_by_id': self.env.uid, 'date_decided': fields.Datetime.now(),
            'decision_note': self.env._("Merged into a key account.")})
        if not both:
            return
        company, other = destination.kam_company_id, both[0]
        reason = self.env._(
            "Two key accounts were merged: %(other)s (tier %(tier)s, manager %(manager)s) into this one. Confirm tier "
            "and manager.", other=other.name, tier=other.kam_tier_id.name or "–",
            manager=other.kam_manager_id.name or "–")
        going_on = (waiting - overtaken).filtered(lambda row: row.company_id == company)
        if going_on:
            going_on._message_log(body=reason)
            return
        tier = min(other.kam_tier_id | destination.kam_tier_id, key=lambda tier: (tier.sequence, tier.id), default=None)
        proposed = nominations._stepping().create({
            'partner_id': destination.id, 'company_id': company.id, 'kind': 'tier', 'state': 'proposed',
            'date_proposed': fields.Datetime.now(), 'tier_id': tier and tier.id, 'user_id': self.env.uid,
            'manager_id': destination.kam_manager_id.id,
            'reason': reason,
        })
        proposed._ask_approver()
