"""Driving the contract from a test, as the service user and by hand: what the worker does, without the worker."""
import base64
import csv
import gzip
import hashlib
import io
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL


def packed(header, *rows):
    """A batch as ``stage`` takes it, from a header line and rows of values; ``None`` is unknown."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator='\n')
    writer.writerow(header.split())
    writer.writerows([['' if value is None else value for value in row] for row in rows])
    content = buffer.getvalue().encode()
    return {'data': base64.b64encode(gzip.compress(content)).decode(), 'rows': len(rows),
            'sha256': hashlib.sha256(content).hexdigest()}


def unpacked(page):
    """The rows of a page as dictionaries of text."""
    content = gzip.decompress(base64.b64decode(page['data'])).decode()
    return list(csv.DictReader(io.StringIO(content)))


def holds_none(value):
    if isinstance(value, dict):
        return any(holds_none(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(holds_none(item) for item in value)
    return value is None


class SyncCase(TransactionCase):
    """A company with a few customers, and the service user that the worker logs in as."""

    # What every staged row must say; the rest may be unknown.
    SCORE = 'account_id margin_estimated documents is_compared revenue'
    PORTFOLIO = 'accounts key_accounts compared unknown_revenue'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = date.today()
        # A database may have been refreshed already: the tests start from nothing.
        for table in ('kam_score', 'kam_score_history', 'kam_portfolio', 'kam_satisfaction_score',
                      'kam_stakeholder_score', 'kam_relationship_score', 'kam_sync_lease', 'kam_sync_run'):
            cls.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
        cls.env.invalidate_all()
        cls.company = cls.env.company
        cls.company.partner_id.tz = 'Europe/Madrid'
        cls.company.kam_settings_id.revenue_source = 'opportunities'  # whatever other apps are installed
        cls.service = new_test_user(
            cls.env, 'worker', groups='kam_management.group_kam_service', company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)])
        cls.sync = cls.env['kam.sync'].with_user(cls.service).with_context(allowed_company_ids=None)
        cls.won = cls.env['crm.stage'].search([('is_won', '=', True)], limit=1)
        # A database may hold customers already: the tests look at these.
        cls.big, cls.small, cls.quiet = cls.env['res.partner'].create([
            {'name': name, 'is_company': True} for name in ("Big Retail", "Small Bakery", "Quiet Café")])

    @classmethod
    def win(cls, partner, amount, day, **values):
        """A won opportunity, closed on ``day`` (a date, or a UTC time)."""
        lead = cls.env['crm.lead'].create({
            'name': "Deal", 'type': 'opportunity', 'partner_id': partner.id, 'expected_revenue': amount,
            'company_id': cls.company.id, 'stage_id': cls.won.id, **values})
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE crm_lead SET date_closed = %s WHERE id = %s", [day, lead.id])
        lead.invalidate_recordset()
        return lead

    @classmethod
    def begin(cls, as_of=None, owner='test', **request):
        return cls.sync.begin('full', cls.company.id, str(as_of or cls.today), {'owner': owner, **request})

    @classmethod
    def prepared(cls, **values):
        run = cls.begin(**values)
        cls.sync.prepare(run['run'], run['token'])
        return run

    @classmethod
    def pull(cls, run, limit=1000):
        """Everything that was prepared: ``{section: [row]}``."""
        sections, after = {}, 0
        while True:
            page = cls.sync.pull(run['run'], run['token'], after, limit)
            if page['rows']:
                sections.setdefault(page['section'], []).extend(unpacked(page))
            if page['done']:
                return sections
            after = page['after']

    def section(self, name, *accounts, as_of=None):
        """The rows of a section, of these accounts, as a run of its own pulls them."""
        self.env.flush_all()
        run = self.prepared(as_of=as_of)
        rows = self.pull(run).get(name, [])
        self.sync.abandon(run['run'], run['token'], '')
        return [row for row in rows if int(row['account_id']) in {account.id for account in accounts}]

    @classmethod
    def stage(cls, run, rows, header=None, batch=1, table='score'):
        return cls.sync.stage(run['run'], run['token'], table, batch, packed(header or cls.SCORE, *rows))

    @classmethod
    def publish(cls, run, rows, header=None, portfolio=(3, 0, 0, 0)):
        """Stage score rows and a portfolio, and publish both."""
        cls.stage(run, rows, header)
        cls.stage(run, [portfolio], cls.PORTFOLIO, table='portfolio')
        return cls.sync.publish(run['run'], run['token'], {'tables': {
            'score': {'rows': len(rows), 'batches': 1}, 'portfolio': {'rows': 1, 'batches': 1}}})

    def assertRefused(self, code, function, *args, **kwargs):
        """``function`` refuses with ``[code]`` and a sentence; return the sentence."""
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            function(*args, **kwargs)
        text = str(caught.exception)
        self.assertTrue(text.startswith(f'[{code}] '), text)
        return text

    def score_of(self, partner):
        return self.env['kam.score'].search(
            [('partner_id', '=', partner.id), ('company_id', '=', self.company.id)])

    def tables_of(self, run):
        self.env.cr.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ %s",
                            [f"^kam_(pull|stage)_{run['run']}_"])
        return [name for (name,) in self.env.cr.fetchall()]
