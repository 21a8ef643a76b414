"""Merging contacts keeps what is known of people: two stakeholders who turn out to be one become one."""
from odoo import api, models

from .kam_stakeholder_person import INDIVIDUAL

TEXTS = ('interests', 'measured_by', 'recognised_for', 'recognised_by', 'recognised_how', 'best_reached')
CHOICES = ('power', 'support', 'relationship', 'relationship_target', 'function_id', 'reports_to_id')
LEVELS = ('company', 'team', 'manager')


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the rows move: two stakeholders of one person and account would break the rule that there is one.
        self._kam_join_stakeholders(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # People, and companies above them, moved by SQL: nobody shall be taken for gone by what the cache still says.
        self.env.invalidate_all()
        return result

    @api.model
    def _update_values(self, src_partners, dst_partner):
        # Closed to everybody, so the wizard does not see it.
        chosen = (dst_partner | src_partners).sudo().filtered('kam_form_chosen')[:1]
        if chosen and chosen != dst_partner:
            dst_partner.sudo().write({'kam_form_chosen': chosen.kam_form_chosen, 'kam_form_why': chosen.kam_form_why})
        result = super()._update_values(src_partners, dst_partner)
        # Somebody who was a contact of two customers is with one of them now.
        dst_partner._kam_follow_people()
        return result

    @api.model
    def _kam_join_stakeholders(self, src_partners, dst_partner):
        partners = src_partners | dst_partner
        # Whoever merges contacts need not see stakeholders; none may be lost for it.
        stakeholders = self.env['kam.stakeholder'].sudo().with_context(active_test=False).search(
            ['|', ('contact_id', 'in', partners.ids), ('partner_id', 'in', partners.ids)])
        groups = {}
        for row in stakeholders:
            account = dst_partner if row.partner_id in partners else row.partner_id
            person = dst_partner if row.contact_id in partners else row.contact_id
            groups.setdefault((account, person, row.company_id), []).append(row)
        for rows in groups.values():
            if len(rows) > 1:
                # Who is there stays, before who has left; the destination's own; then what was written last.
                rows.sort(key=lambda row: (
                    not row.active, row.state == 'left', row.contact_id != dst_partner, row.partner_id != dst_partner,
                    -row.write_date.timestamp(), row.id))
                self._kam_join(rows[0], self.env['kam.stakeholder'].sudo().union(*rows[1:]))
        self.env.flush_all()

    @api.model
    def _kam_join(self, kept, others):
        """Make several stakeholders one: what one lacks the other gives, and what they contradict is written down."""
        values, told = {}, []
        for name in CHOICES:
            for other in others.filtered(name):
                if name == 'reports_to_id' and other.reports_to_id == kept:
                    continue  # nobody reports to themselves
                if not kept[name] and name not in values:
                    values[name] = kept._fields[name].convert_to_write(other[name], other)
                elif kept[name] and kept[name] != other[name]:
                    label = kept._fields[name]._description_string(self.env)
                    told.append(f"{label}: {kept._fields[name].convert_to_export(other[name], other)}")
        for name in TEXTS:
            values[name] = self._kam_join_texts([row[name] for row in (kept, *others)])
        values['role_ids'] = [(4, role.id) for role in others.role_ids]
        values['counterpart_ids'] = [(4, user.id) for user in others.counterpart_ids]
        # As closed as the most confidential of them.
        values['confidentiality'] = max((kept | others).mapped('confidentiality'), key=LEVELS.index)
        self._kam_join_individuals(kept, others)
        self._kam_join_changes(kept, others)
        self._kam_join_deals(kept, others)
        # What hangs on the others, of whatever model: reports, contacts, messages, activities, attachments.
        self.env.flush_all()
        self._update_foreign_keys_generic('kam.stakeholder', others, kept)
        self._update_reference_fields_generic('kam.stakeholder', others, kept)
        self.env.invalidate_all()
        kept.reports_to_id = kept.reports_to_id - kept
        others.unlink()
        kept.write(values)
        if told:
            kept._message_log(body=self.env._("Merged with another one that said: %(values)s", values="; ".join(told)))

    @api.model
    def _kam_join_texts(self, texts):
        """One text of several, each said once."""
        return "\n".join(dict.fromkeys(text.strip() for text in texts if text and text.strip())) or False

    @api.model
    def _kam_join_individuals(self, kept, others):
        people = (kept | others).person_ids
        if len(people) > 1 or people.stakeholder_id - kept:
            values = {name: self._kam_join_texts(people.mapped(name)) for name in INDIVIDUAL}
            others.person_ids.unlink()
            if kept.person_ids:
                kept.person_ids.write(values)
            else:
                people.create({'stakeholder_id': kept.id, **values})

    @api.model
    def _kam_join_changes(self, kept, others):
        """Of changes on one day the kept one's stays: a day has one per question."""
        there = {(row.aspect, row.date) for row in kept.change_ids}
        for row in others.change_ids:
            if (row.aspect, row.date) in there:
                row.unlink()
            else:
                there.add((row.aspect, row.date))

    @api.model
    def _kam_join_deals(self, kept, others):
        """Whoever is on a deal twice is on it once, with the roles of both."""
        there = {row.lead_id: row for row in kept.lead_row_ids}
        for row in others.lead_row_ids:
            same = there.setdefault(row.lead_id, row)
            if same != row:
                same.write({'role_ids': [(4, role.id) for role in row.role_ids],
                            'support': same.support or row.support, 'note': same.note or row.note})
                row.unlink()
