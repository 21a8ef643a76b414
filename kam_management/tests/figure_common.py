"""A company with a key account, a candidate and a customer that is neither, for key figures and alerts."""
from datetime import date

from .sync_common import SyncCase

AS_OF = date(2026, 7, 31)


class FigureCase(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for table in ('kam_kpi_value', 'kam_alert'):
            cls.env.cr.execute(f"DELETE FROM {table}")  # pylint: disable=sql-injection
        cls.env.invalidate_all()
        cls.big.write({'is_key_account': True, 'kam_key_since': '2025-03-10'})
        cls.env['kam.nomination'].create({
            'partner_id': cls.small.id, 'company_id': cls.company.id, 'kind': 'entry',
            'tier_id': cls.env['kam.tier'].search([], limit=1).id, 'reason': "Grows"})
        cls.revenue = cls.env.ref('kam_management.kpi_opportunities_won')

    @classmethod
    def kpi(cls, code, **values):
        """A KPI over opportunities, a count of all of them unless said otherwise."""
        return cls.env['kam.kpi'].create({
            'code': code, 'name': code, 'model_name': 'crm.lead', 'partner_path': 'partner_id',
            'domain': "[('type', '=', 'opportunity')]", 'company_field': 'company_id', 'aggregate': 'count',
            'include_archived': True, 'active': True, **values})

    def pulled(self, *sections, as_of=AS_OF, request=None):
        """``{section: rows}`` of our accounts in a run of its own; ``manifest`` is what ``prepare`` answered."""
        self.env.flush_all()
        run = self.begin(as_of=as_of, **(request or {}))
        manifest = self.sync.prepare(run['run'], run['token'])
        rows = self.pull(run)
        self.sync.abandon(run['run'], run['token'], '')
        ours = {'', *(str(partner.id) for partner in (self.big, self.small, self.quiet))}
        return {'manifest': manifest, 'config': run['config'], **{
            name: [row for row in rows.get(name, []) if row['account_id'] in ours] for name in sections}}

    def cells(self, kpi, as_of=AS_OF):
        """``{(account, grain, period): (value, counted, documents, unknown)}`` of a KPI."""
        return {
            (self.env['res.partner'].browse(int(row['account_id'])), row['grain'], row['period_start']): (
                float(row['value']) if row['value'] else None,
                *(int(row[name]) for name in ('counted', 'documents', 'unknown')))
            for row in self.pulled('cell', as_of=as_of)['cell'] if int(row['kpi_id']) == kpi.id}
