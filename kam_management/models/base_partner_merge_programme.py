"""Merging contacts keeps nominations and teams: nothing is lost, and one account remains."""
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
        partners = (src_partners | dst_partner).sudo()
        flagged = any(partners.mapped('is_key_account'))
        nominations = self.env['kam.nomination'].sudo().with_context(active_test=False).search(
            [('partner_id', 'in', partners.ids), ('state', 'in', OPEN)])
        for company in nominations.company_id:
            # What fits what the account will be goes on, before what was proposed of another state of affairs.
            doubled = nominations.filtered(lambda row, company=company: row.company_id == company).sorted(
                lambda row: ((row.kind == 'entry') == flagged, row.partner_id != dst_partner,
                             row.state != 'proposed', row.id))
            doubled[1:]._decide(
                'declined', decision_note=self.env._("Merged: another nomination of this account goes on."))
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
        joined, absorbed = [], members.browse()
        for own in places.values():
            kept, values = own[0], {}
            for member in own[1:]:
                date_to = values.get('date_to', kept.date_to)
                if date_to and date_to < member.date_from:
                    joined.append((kept, values))
                    kept, values = member, {}
                    continue
                values['date_to'] = date_to and member.date_to and max(date_to, member.date_to)
                if order.index(member.role) < order.index(values.get('role', kept.role)):
                    values['role'] = member.role
                if not kept.function_id and 'function_id' not in values:
                    values['function_id'] = member.function_id.id
                absorbed |= member
            joined.append((kept, values))
        # First away with those that became part of another: no two places of a person may overlap.
        absorbed.unlink()
        for kept, values in joined:
            if values:
                kept.write(values)
        self.env.flush_all()

    @api.model
    def _update_values(self, src_partners, dst_partner):
        # In sudo: a flag must survive the merge even when whoever merges may neither see nor set it. The wizard's
        # own write then finds nothing to change.
        destination = dst_partner.sudo().with_context(kam_decision=DECISION)
        sources = src_partners.sudo()
        flagged = sources.filtered('is_key_account')
        both = flagged if destination.is_key_account else flagged[1:]
        managers = destination.kam_member_ids.filtered(lambda row: row.role == 'manager' and row.is_current)
        people = [(row.user_id.id, row.company_id.id, row.function_id.id) for row in managers]
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
        self._kam_settle_team(destination, people)
        self._kam_settle_nominations(destination, both)
        # What the wizard writes of the sources is what stands on the destination already.
        return super()._update_values(src_partners, dst_partner)

    @api.model
    def _kam_settle_team(self, destination, people):
        """One manager; those of the merged accounts stay in the team as members."""
        members = self.env['kam.team.member'].sudo().with_context(kam_following=FOLLOWING)
        members._follow_managers(destination)
        present = destination.kam_member_ids.filtered('is_current').user_id.ids
        for user, company, function in people:
            if user not in present:
                members.create({
                    'partner_id': destination.id, 'user_id': user, 'company_id': company, 'function_id': function,
                    'role': 'member', 'date_from': self.env.company._kam_today()})
                present.append(user)

    @api.model
    def _kam_settle_nominations(self, destination, both):
        """A merge of two key accounts is proposed for a decision; one that waits to become what it is now, is over."""
        nominations = self.env['kam.nomination'].sudo()
        waiting = nominations.search([('partner_id', '=', destination.id), ('state', 'in', OPEN)])
        overtaken = waiting.filtered(lambda row: row.kind == 'entry' and destination.is_key_account)
        overtaken._decide('declined', decision_note=self.env._("Merged into a key account."))
        if not both:
            return
        company = destination.kam_company_id
        told = "; ".join(
            self.env._("%(account)s (tier %(tier)s, manager %(manager)s)", account=other.name,
                       tier=other.kam_tier_id.name or "–", manager=other.kam_manager_id.name or "–")
            for other in both)
        reason = self.env._(
            "Key accounts were merged into this one: %(accounts)s. Confirm tier and manager.", accounts=told)
        going_on = (waiting - overtaken).filtered(lambda row: row.company_id == company)
        if going_on:
            going_on._message_log(body=reason)
            return
        tier = min(both.kam_tier_id | destination.kam_tier_id, key=lambda tier: (tier.sequence, tier.id), default=None)
        proposed = nominations._stepping().create({
            'partner_id': destination.id, 'company_id': company.id, 'kind': 'tier', 'state': 'proposed',
            'date_proposed': fields.Datetime.now(), 'tier_id': tier and tier.id, 'user_id': self.env.uid,
            'manager_id': destination.kam_manager_id.filtered('active').id,
            'reason': reason,
        })
        proposed._ask_approver()
