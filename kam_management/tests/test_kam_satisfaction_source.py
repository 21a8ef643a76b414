"""Sources of answers: what is declared and refused, who may, and what is shown before one is activated."""
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .test_kam_satisfaction_response import ResponseCommon


class SourceCommon(ResponseCommon):
    """Answers stand on leads here, which are always there: the colour is the number, the deadline the day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = cls.env['kam.satisfaction.source']
        cls.refusals = cls.env['kam.satisfaction.refusal']
        cls.requests = cls.env['kam.satisfaction.request']
        # What the demo has stays out of it.
        cls.sources.search([]).action_archive()

    @classmethod
    def _source(cls, user=None, mark='asked', **values):
        """A source, defined long ago."""
        source = cls.sources.with_user(user or cls.user_system).create({
            'name': "Would you recommend us?", 'kind': 'nps', 'model_name': 'crm.lead', 'value_path': 'color',
            'domain': f"[('referred', '=', '{mark}'), ('color', '!=', -9)]", 'date_field': 'date_deadline',
            'comment_path': 'name', **values})
        cls._define_back(source)
        return source.with_user(cls.env.user)

    @classmethod
    def _define_back(cls, source):
        source.sudo().defined_on = source.defined_on - timedelta(days=90)

    @classmethod
    def _given(cls, contact, number, days=3, mark='asked', **values):
        """That somebody gave this number: a record of the other app."""
        return cls.env['crm.lead'].create({
            'name': "Punctual", 'partner_id': contact and contact.id, 'color': number, 'referred': mark,
            'date_deadline': cls.today - timedelta(days=days), **values})

    def _collected(self, source, full=False, company=None):
        self.env.flush_all()
        self.sources._collect(company or self.company, full)
        self.env.invalidate_all()
        self.assertFalse(source.failure)
        return self.responses.with_context(active_test=False).search([('source_id', '=', source.id)], order='id')

    def _reasons(self, source):
        return {refusal.origin_id: refusal.reason for refusal in self.refusals.search([('source_id', '=', source.id)])}

    def _a_day_passes(self):
        """The last pass was two days ago, and what changed before it is no news."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE kam_satisfaction_mark SET date = date - interval '2 days'")
        self.env.cr.execute("UPDATE crm_lead SET write_date = write_date - interval '5 days'")
        self.env.cr.execute("UPDATE kam_satisfaction_source SET defined_on = defined_on - interval '5 days'")
        self.env.invalidate_all()


@tagged('post_install', '-at_install')
class TestSatisfactionSource(SourceCommon):

    # ------------------------------------------------------------------ is it there?
    def test_not_installed_is_no_error(self):
        source = self._source(model_name='survey.of.nobody')
        self.assertEqual((source.state, source.state_reason),
                         ('unavailable', "The app that brings survey.of.nobody is not installed."))
        self.assertFalse(self._collected(source))
        self.assertFalse(source.failure)

    def test_why_unavailable(self):
        for values, sentence in (
                ({'model_name': 'mail.thread'}, "keeps no records"), ({'partner_path': 'user_id'}, "not to a contact"),
                ({'partner_path': 'name'}, "leads to no single record"), ({'value_path': 'nothing'}, "has no field"),
                ({'value_path': 'name'}, "wrong type"), ({'value_path': 'partner_id.user_count'}, "has no field"),
                ({'value_path': 'tag_ids.color'}, "leads to no single record"),
                ({'date_field': 'name'}, "wrong type"), ({'comment_path': 'color'}, "wrong type"),
                ({'company_field': 'partner_id'}, "wrong type"),
                ({'domain': "[('nothing', '=', 1)]"}, "The domain can't be used"),
                ({'request_domain': "[('nothing', '=', 1)]"}, "The domain can't be used"),
                ({'request_domain': "[('color', '=', 1)]", 'request_date_field': 'name'}, "wrong type")):
            with self.subTest(values):
                source = self._source(**values)
                self.assertEqual(source.state, 'unavailable')
                self.assertRegex(source.state_reason, sentence)
                self.assertFalse(source.example)
        self.assertEqual(self._source(value_path='partner_id.color').state, 'available')

    # ------------------------------------------------------------------ what is refused
    def test_scales(self):
        for values, sentence in (
                ({'scale_max': 5}, "NPS is answered on a scale from 0 to 10"),
                ({'kind': 'csat', 'scale_min': 0, 'scale_max': 10}, "CSAT is answered on a scale from 1 to 5"),
                ({'good_end': 'low'}, "In NPS a high answer is the good one"),
                ({'kind': 'ces', 'scale_min': 5, 'scale_max': 5}, "from a lowest answer to a higher one"),
                ({'kind': 'moment'}, "Say from which number on a moment of truth went well: above 0, and at most 1"),
                ({'kind': 'moment', 'favourable_from': 0}, "above 0"),
                ({'kind': 'moment', 'favourable_from': 6, 'scale_min': 1, 'scale_max': 5}, "at most 5"),
                ({'domain': "[('user_id', '=', uid)]"}, "must be a list of conditions made of constants"),
                ({'request_domain': "__import__('os').getcwd()"}, "must be a list of conditions"),
                ({'request_domain': "[('color', '>', 0)]", 'request_date_field': False}, "Name the field")):
            with self.subTest(values), self._refused(ValidationError, sentence):
                self._source(**values)
        for values in ({'kind': 'csat'}, {'kind': 'ces', 'scale_min': 1, 'scale_max': 5, 'good_end': 'low'},
                       {'kind': 'moment', 'scale_min': 1, 'scale_max': 5, 'favourable_from': 4}):
            self._source(**values)

    # ------------------------------------------------------------------ who may
    def test_only_system_administrators_say_what_is_read(self):
        """Nobody reads payroll by calling it a question."""
        with self._refused(AccessError, "Only system administrators"):
            self._source(self.user_admin, active=True)
        source = self._source(self.user_admin, active=False).with_user(self.user_admin)
        self.assertFalse(source.active)
        source.domain = "[('color', '=', 3)]"
        with self._refused(AccessError, "Only system administrators"):
            source.active = True
        with self._refused(AccessError, "Only system administrators"):
            source.shipped = True
        source.with_user(self.user_system).active = True
        for values in ({'domain': '[]'}, {'value_path': 'id'}, {'comment_path': 'email_from'}, {'scale_min': 1},
                       {'request_domain': "[('color', '=', 1)]"}, {'company_id': self.company.id}):
            with self.subTest(values), self._refused(AccessError, "Only system administrators"):
                source.write(values)
        source.write({'name': "Recommend?", 'touchpoint_id': self.delivery.id, 'sequence': 3})
        source.active = False
        with self._refused(AccessError, "Only system administrators"):
            source.active = True

    def test_administrators_archive_what_is_shipped(self):
        shipped = self.env.ref('kam_management.satisfaction_source_ratings').with_user(self.user_admin)
        shipped.active = True
        self.assertTrue(shipped.active)
        shipped.active = False
        with self._refused(AccessError, "Only system administrators"):
            shipped.write({'model_name': 'crm.lead'})
        for user in (self.user_user, self.user_manager, self.user_service, self.user_contributor, self.user_sales):
            with self.assertRaises(AccessError):
                shipped.with_user(user).active = True

    def test_a_form(self):
        form = Form(self.sources.with_user(self.user_system))
        form.name = "Was it easy?"
        form.kind = 'ces'
        form.scale_max = 5
        form.model_name = 'crm.lead'
        form.value_path = 'color'
        form.domain = "[('referred', '=', 'asked')]"
        source = form.save()
        self.assertEqual((source.scale_min, source.scale_max, source.state), (1, 5, 'available'))

    def test_deleting(self):
        """A source with answers is archived; one without goes, and so do the reasons that it had."""
        source = self._source()
        self._given(self.buyer, 9)
        answer = self._collected(source)
        with self._refused(UserError, "There are answers from “Would you recommend us.”: archive it instead"):
            source.unlink()
        source.active = False
        self.assertTrue(answer.active)
        empty = self._source(mark='other')
        self._given(False, 4, mark='other')
        self._collected(empty)
        self.assertTrue(self._reasons(empty))
        empty.unlink()
        self.assertFalse(self.refusals.search([('origin_model', '=', 'crm.lead'), ('source_id', '=', empty.id)]))

    # ------------------------------------------------------------------ try it
    def test_tried_with_the_rights_of_who_looks(self):
        source = self._source(kind='moment', scale_min=0, scale_max=10, favourable_from=7, active=False)
        for number, comment in ((2, "Late"), (9, "On time"), (7, "<b>Fine</b>"), (8, "Quick")):
            self._given(self.buyer, number, days=number, name=comment)
        self._given(self.buyer, 3, mark='other', name="Of another question")
        looks = source.with_user(self.user_manager)
        self.assertRegex(looks.example, r"Late.*Nuria|Nuria.*Late")
        self.assertIn("2: Unfavourable", looks.example)
        self.assertIn("&lt;b&gt;Fine", looks.example)
        self.assertNotIn("On time", looks.example, "three are shown, the newest")
        self.assertNotIn("another question", looks.example)
        self.assertFalse(self.responses.search([('source_id', '=', source.id)]))
        payroll = self._source(model_name='res.users.log', value_path='id', partner_path='create_uid.partner_id',
                               domain='[]', date_field='create_date', comment_path=False, active=False)
        self.assertIn("You may not read res.users.log yourself", payroll.with_user(self.user_manager).example)

    def test_an_answer_without_a_number_is_shown_as_none(self):
        source = self._source()
        lead = self._given(self.buyer, 0)
        self.assertIn("0, on 0 to 10", source.example)
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE crm_lead SET color = NULL WHERE id = %s", lead.id))
        self.env.invalidate_all()
        self.assertIn("none", source.example)
