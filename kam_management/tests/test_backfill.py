"""Databases that have leads already: phases are guessed, and dates told from what the chatter tracked."""
from odoo.addons.kam_management import backfill
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

# name: what the lead is, its stage now, the moves (day, from, to), and what must come out: identified, qualified.
# It was created on day 1; `changed` is its last change of stage, day 28 unless said. Stage G is gone.
STORIES = {
    "never moved, new": ({}, 'new', [], (1, None)),
    "never moved, qualified": ({'changed': 3}, 'qualified', [], (1, 3)),
    "never moved, no last change": ({'changed': None}, 'qualified', [], (1, 1)),
    "straight on": ({}, 'won', [(5, 'new', 'qualified'), (9, 'qualified', 'offer'), (20, 'offer', 'won')], (1, 5)),
    "straight to won": ({}, 'won', [(7, 'new', 'won')], (1, 7)),
    "back and on again": (
        {}, 'offer', [(5, 'new', 'qualified'), (7, 'qualified', 'new'), (12, 'new', 'offer')], (1, 12)),
    "back to stay": ({}, 'new', [(5, 'new', 'qualified'), (7, 'qualified', 'new')], (1, None)),
    "back within qualified": (
        {}, 'qualified', [(5, 'new', 'offer'), (9, 'offer', 'qualified'), (10, 'qualified', 'offer'),
                          (11, 'offer', 'qualified')], (1, 5)),
    "qualified from the start": ({}, 'offer', [(6, 'qualified', 'offer')], (1, 1)),
    "won and reopened": ({}, 'offer', [(4, 'new', 'offer'), (6, 'offer', 'won'), (9, 'won', 'offer')], (1, 4)),
    "several moves in one second": (
        {}, 'offer', [(5, 'new', 'qualified'), (5, 'qualified', 'new'), (5, 'new', 'offer')], (1, 5)),
    "lost": ({'active': False}, 'offer', [(8, 'new', 'offer')], (1, 8)),
    "a lead, not yet converted": ({'type': 'lead'}, 'qualified', [(5, 'new', 'qualified')], (None, None)),
    "converted": ({'converted': 10}, 'offer', [(12, 'new', 'offer')], (10, 12)),
    "moved before it was converted": ({'converted': 10}, 'offer', [(6, 'new', 'offer')], (10, 10)),
    "converted, new": ({'converted': 10}, 'new', [], (10, None)),
    "through a stage that is gone": ({}, 'offer', [(5, 'new', 'gone'), (9, 'gone', 'offer')], (1, 9)),
    "out of qualified, through one that is gone, and back": (
        {}, 'offer', [(5, 'new', 'offer'), (7, 'offer', 'gone'), (9, 'gone', 'offer')], (1, 5)),
    "started in one that is gone": ({}, 'offer', [(5, 'gone', 'offer')], (1, 5)),
    "only ever in ones that are gone": ({'changed': 14}, 'offer', [(5, 'gone', 'gone')], (1, 14)),
    "moved later by other means than Odoo": (
        {'changed': 16}, 'offer', [(5, 'new', 'offer'), (8, 'offer', 'new')], (1, 16)),
    "the chatter's order is by date, not by number": (
        {}, 'offer', [(9, 'qualified', 'offer'), (5, 'new', 'qualified')], (1, 5)),
}


@tagged('post_install', '-at_install')
class TestBackfill(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = {name: cls.env['crm.stage'].create({'name': name, 'sequence': 1000 + place, **values})
                      for place, (name, values) in enumerate({
                          'new': {'kam_phase': 'identified'}, 'qualified': {}, 'offer': {}, 'gone': {},
                          'won': {'is_won': True}}.items())}
        cls.ids = {name: stage.id for name, stage in cls.stages.items()}
        cls.stages['gone'].unlink()
        cls.leads = {story: cls._lead(story, *facts) for story, (*facts, _dates) in STORIES.items()}

    @classmethod
    def _lead(cls, name, facts, stage, moves):
        """A lead as it stands in a database that never had our columns, with the tracking of its moves."""
        lead = cls.env['crm.lead'].with_context(tracking_disable=True).create({
            'name': name, 'type': facts.get('type', 'opportunity'), 'stage_id': cls.ids[stage]})
        lead.flush_recordset()
        cls.env.cr.execute(SQL(
            """UPDATE crm_lead SET create_date = %s, date_conversion = %s, date_last_stage_update = %s, active = %s,
                                   kam_date_identified = NULL, kam_date_qualified = NULL WHERE id = %s""",
            cls._day(1), cls._day(facts.get('converted')), cls._day(facts.get('changed', 28)),
            facts.get('active', True), lead.id))
        field = cls.env['ir.model.fields']._get('crm.lead', 'stage_id')
        for day, old, new in moves:
            cls.env['mail.message'].create({
                'model': 'crm.lead', 'res_id': lead.id, 'date': cls._day(day), 'message_type': 'notification',
                'tracking_value_ids': [(0, 0, {
                    'field_id': field.id, 'old_value_integer': cls.ids[old], 'old_value_char': old,
                    'new_value_integer': cls.ids[new], 'new_value_char': new})]})
        return lead

    @staticmethod
    def _day(number):
        return number and f'2026-03-{number:02} 09:00:00'

    def _dates(self, lead):
        """What stands in the database, as days."""
        self.env.cr.execute(SQL(
            "SELECT extract(day FROM kam_date_identified), extract(day FROM kam_date_qualified) FROM crm_lead "
            "WHERE id = %s", lead.id))
        return tuple(day and int(day) for day in self.env.cr.fetchone())

    def test_stories(self):
        self.env.flush_all()
        backfill.fill(self.env.cr)
        for story, (*_facts, expected) in STORIES.items():
            with self.subTest(story):
                self.assertEqual(self._dates(self.leads[story]), expected)

    def test_other_tracked_fields_and_other_documents_do_not_count(self):
        lead = self.leads["never moved, new"]
        self.env.cr.execute(SQL("UPDATE crm_lead SET stage_id = %s WHERE id = %s", self.ids['offer'], lead.id))
        for model, name in (('crm.lead', 'team_id'), ('res.partner', 'stage_id')):
            field = self.env['ir.model.fields']._get('crm.lead', name)
            message = self.env['mail.message'].create({
                'model': 'crm.lead', 'res_id': lead.id, 'date': self._day(11), 'message_type': 'notification',
                'tracking_value_ids': [(0, 0, {
                    'field_id': field.id, 'old_value_integer': self.ids['new'],
                    'new_value_integer': self.ids['offer']})]})
            message.flush_recordset()
            self.env.cr.execute(SQL("UPDATE mail_message SET model = %s WHERE id = %s", model, message.id))
        self.env.flush_all()
        backfill.fill(self.env.cr)
        self.assertEqual(self._dates(lead), (1, 28))

    def test_what_stands_there_is_kept(self):
        kept = self.leads["straight on"]
        half = self.leads["straight to won"]
        self.env.flush_all()
        for lead, identified, qualified in ((kept, 15, 16), (half, 9, None)):
            self.env.cr.execute(SQL(
                "UPDATE crm_lead SET kam_date_identified = %s, kam_date_qualified = %s WHERE id = %s",
                self._day(identified), self._day(qualified), lead.id))
        backfill.fill(self.env.cr)
        self.assertEqual(self._dates(kept), (15, 16))
        self.assertEqual(self._dates(half), (9, 9), "nobody qualifies before being identified")
        before = {story: self._dates(lead) for story, lead in self.leads.items()}
        backfill.fill(self.env.cr)
        self.assertEqual({story: self._dates(lead) for story, lead in self.leads.items()}, before)

    def test_phases_are_guessed(self):
        """The first stage of everybody's pipeline, and of a team's own one; won stages; all others."""
        team = self.env['crm.team'].create({'name': "Projects"})
        late = self.env['crm.team'].create({'name': "Service"})
        made = {name: self.env['crm.stage'].create({'name': name, **values}) for name, values in {
            'signed': {'sequence': -30, 'is_won': True},
            'shared first': {'sequence': -10}, 'shared second': {'sequence': -9},
            'projects first': {'sequence': -20, 'team_ids': [(4, team.id)]},
            'projects later': {'sequence': -5, 'team_ids': [(4, team.id)]},
            'service later': {'sequence': -4, 'team_ids': [(4, late.id)]},
            'told already': {'sequence': -3, 'kam_phase': 'identified'}}.items()}
        self.env.flush_all()
        told = made['told already']
        # As before the first install, when nothing asks for a value yet.
        self.env.cr.execute("ALTER TABLE crm_stage ALTER COLUMN kam_phase DROP NOT NULL")
        self.env.cr.execute(SQL("UPDATE crm_stage SET kam_phase = NULL WHERE id != %s", told.id))
        backfill.fill_phases(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual({name: stage.kam_phase for name, stage in made.items()}, {
            'shared first': 'identified', 'shared second': 'qualified', 'signed': 'won',
            'projects first': 'identified', 'projects later': 'qualified', 'service later': 'qualified',
            'told already': 'identified'})
        self.assertFalse(self.env['crm.stage'].search([('kam_phase', '=', False)]))
