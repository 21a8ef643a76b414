"""Merging contacts keeps what was said of the relation with each, and one stage of it per company."""
from odoo import api, models

from ..tools.aspects import ASPECTS

STAGED = ('stage', 'stage_date', 'target_stage', 'target_date', 'note')


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the rows move: two rows of one account, or two assessments of a person's on one day, would break the
        # rules that there is one. In sudo: whoever merges contacts need not see either, and nothing may be lost.
        partners = src_partners | dst_partner
        self.sudo()._kam_join_relations(partners, dst_partner)
        self.sudo()._kam_join_assessments(partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _kam_join_relations(self, partners, dst_partner):
        """The destination's row goes on, with what it lacked; the stage of the other is told in its history."""
        relations = self.env['kam.relationship'].search([('partner_id', 'in', partners.ids)])
        labels = dict(relations._fields['stage']._description_selection(self.env))
        for company in relations.company_id:
            rows = relations.filtered(lambda row, company=company: row.company_id == company).sorted(
                lambda row: (row.partner_id != dst_partner, -row.id))
            kept = rows[:1]
            for other in rows[1:]:
                if not kept.stage and not kept.target_stage:
                    kept.write({name: other[name] for name in STAGED})
                kept._message_log(body=self.env._(
                    "Merged with %(account)s, whose relation was in the stage %(stage)s, with the target %(target)s.",
                    account=other.partner_id.display_name, stage=labels.get(other.stage, "–"),
                    target=labels.get(other.target_stage, "–")))
                other.unlink()
        self.env.flush_all()

    @api.model
    def _kam_join_assessments(self, partners, dst_partner):
        """Of several of a person's on one day the destination's stays, with the aspects that only the others rate."""
        found = {}
        assessments = self.env['kam.relationship.assessment'].with_context(active_test=False).search(
            [('partner_id', 'in', partners.ids)])
        # The ones that count come first: what was archived does not speak instead of what was not.
        for row in assessments.sorted(lambda row: (not row.active, row.partner_id != dst_partner, -row.id)):
            kept = found.setdefault((row.user_id, row.date, row.company_id), row)
            if kept == row:
                continue
            lacking = {aspect: row[aspect] for aspect in ASPECTS if kept[aspect] is False and row[aspect] is not False}
            if row.comment and row.comment not in (kept.comment or ''):
                lacking['comment'] = "\n".join(filter(None, [kept.comment, row.comment]))
            if row.active and lacking:
                kept.write(lacking)
            row.unlink()
        self.env.flush_all()
