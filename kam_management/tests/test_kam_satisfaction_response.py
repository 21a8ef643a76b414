"""What customers answer: on which scale, whose, anonymous or not, by hand and from a file; and touchpoints."""
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .test_kam_stakeholder_contact import ContactCommon


class ResponseCommon(ContactCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.responses = cls.env['kam.satisfaction.response']
        cls.delivery = cls.env.ref('kam_management.touchpoint_delivery')

    @classmethod
    def _response(cls, contact=None, user=None, **values):
        values = {'kind': 'nps', 'value': 9, **values}
        if contact is not False:
            values['contact_id'] = (contact or cls.buyer).id
        return cls.responses.with_user(user or cls.user_user).create(values)


@tagged('post_install', '-at_install')
class TestSatisfactionResponse(ResponseCommon):

    # ------------------------------------------------------------------ scales
    def test_each_kind_on_its_scale(self):
        """Zero is an answer, the worst one; nothing is none."""
        for values, scale in (
                ({'kind': 'nps', 'value': 0}, "0 to 10"), ({'kind': 'csat', 'value': 5}, "1 to 5"),
                ({'kind': 'ces', 'value': 2.5}, "1 to 7"),
                ({'kind': 'ces', 'value': 0, 'scale_min': 0, 'scale_max': 10, 'good_end': 'low'}, "0 to 10"),
                ({'kind': 'moment', 'value': 1}, False)):
            response = self._response(**values)
            self.assertEqual((response.value, response.scale), (values['value'], scale))
        self.assertEqual((response.verdict, response.partner_id), ('favourable', self.iberia))

    def test_out_of_scale(self):
        for values, sentence in (
                ({'value': 11}, "11 is out of scale: NPS goes from 0 to 10"),
                ({'value': -1}, "out of scale"), ({'value': 8.5}, "answered with a whole number; 8.5 is none"),
                ({'value': False}, "Fill in the answer: a NPS without one says nothing"),
                ({'kind': 'csat', 'value': 0}, "CSAT goes from 1 to 5"),
                ({'kind': 'csat', 'value': 9, 'scale_max': 10}, "Choose CES for an answer on a scale of its own"),
                ({'kind': 'nps', 'value': 4, 'scale_max': 5}, "NPS is answered on a scale from 0 to 10"),
                ({'kind': 'nps', 'good_end': 'low'}, "a high answer is the good one"),
                ({'kind': 'ces', 'value': 9}, "CES goes from 1 to 7"),
                ({'kind': 'ces', 'value': 3, 'scale_min': 5, 'scale_max': 5}, "from a lowest answer to a higher one"),
                ({'kind': 'moment', 'value': 2}, "out of scale"), ({'kind': 'moment', 'value': 0.5}, "whole number"),
                ({'date': self.today + timedelta(days=1)}, "yet to come. Choose today")):
            with self._refused(ValidationError, sentence):
                self._response(**values)
        response = self._response()
        with self._refused(ValidationError, "out of scale"):
            response.value = 12

    # ------------------------------------------------------------------ whose
    def test_whose(self):
        for values, sentence in (
                ({'contact': self.iberia}, "is a company. Choose one of its people"),
                ({'contact': self.claire, 'partner_id': self.iberia.id}, "is not one of the people of"),
                ({'contact': self.user_colleague.partner_id}, "is a colleague"),
                ({'contact': False}, "Say which person or which account")):
            with self._refused(ValidationError, sentence):
                self._response(**values)

    def test_anonymous(self):
        """Only the account is known; said of a subsidiary, it counts for the account."""
        response = self._response(False, partner_id=self.logistics.id).sudo()
        self.assertEqual((response.organisation_id, response.partner_id), (self.logistics, self.iberia))
        self.assertFalse(response.contact_id)
        response.partner_id = self.solo
        self.assertEqual((response.organisation_id, response.partner_id), (self.solo, self.solo))

    def test_read_in_a_list(self):
        """The colour of the score, and who said it: a name, or why there is none."""
        for values, tone in (
                ({'value': 3}, 'bad'), ({'value': 8}, 'mixed'), ({'value': 9}, 'good'),
                ({'kind': 'csat', 'value': 3}, 'bad'),
                ({'kind': 'moment', 'value': 0}, 'bad'), ({'kind': 'ces', 'value': 2, 'good_end': 'low'}, 'good')):
            response = self._response(**values)
            self.assertEqual((response.tone, response.who), (tone, "Nuria"), values)
        anonymous = self._response(False, partner_id=self.iberia.id).sudo()
        self.assertEqual(anonymous.who, "anonymous")
        gone = self._response(self.luis)
        self.luis.unlink()
        self.env.invalidate_all()
        self.assertEqual(gone.who, "a person who was deleted")

    def test_people_come_and_go(self):
        response = self._response(self.luis, comment="Luis says: never again")
        anonymous = self._response(False, partner_id=self.iberia.id).sudo()
        self.luis.parent_id = self.other
        self.assertEqual(response.partner_id, self.iberia, "what he said, he said of then")
        response.value = 8
        self.assertEqual(response.partner_id, self.iberia)
        self.luis.unlink()
        self.env.invalidate_all()
        self.assertEqual((response.value, response.partner_id, response.comment), (8, self.iberia, False))
        self.assertFalse(response.contact_id)
        with self._refused(UserError, "Archive it, or merge it"):
            self.logistics.unlink()
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.iberia | self.other).ids, self.other, extra_checks=False)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((response.sudo() | anonymous).partner_id, self.other)

    def test_an_answer_from_before_somebody_moved(self):
        """It is recorded where it was given, as far as something tells that they worked there then."""
        self.env['kam.stakeholder'].with_user(self.user_user).create({'contact_id': self.buyer.id})
        before = self.today - timedelta(days=20)
        self.luis.parent_id = self.solo
        with self._refused(ValidationError, "of somebody who has left it, a day until then"):
            self._response(self.luis, partner_id=self.iberia.id, date=before)
        self.buyer.parent_id = self.solo
        stakeholder = self.env['kam.stakeholder'].search([('contact_id', '=', self.buyer.id)])
        stakeholder.date_left = self.today - timedelta(days=10)
        for values in ({'date': self.today}, {}, {'date': self.today - timedelta(days=9)}):
            with self._refused(ValidationError, "is not one of the people of"):
                self._response(partner_id=self.iberia.id, **values)
        answer = self._response(partner_id=self.iberia.id, date=before)
        self.assertEqual((answer.partner_id, answer.organisation_id, answer.contact_id),
                         (self.iberia, self.iberia, self.buyer))
        now = self._response()
        self.assertEqual(now.partner_id, self.solo)
        now.write({'partner_id': self.iberia.id, 'date': before})
        self.assertEqual(now.partner_id, self.iberia)
        contact = self.contacts.with_user(self.user_user).create(
            {'contact_id': self.buyer.id, 'partner_id': self.iberia.id, 'date': before})
        self.assertEqual(contact.organisation_id, self.iberia)

    def test_the_company_of_then(self):
        """Of somebody of a subsidiary: that one, where an earlier row tells."""
        self._response(self.luis, date=self.today - timedelta(days=5))
        self.luis.parent_id = self.solo
        answer = self._response(self.luis, partner_id=self.iberia.id, date=self.today - timedelta(days=9))
        self.assertEqual((answer.organisation_id, answer.partner_id), (self.logistics, self.iberia))

    def test_an_individual_who_is_the_customer(self):
        """Their answers count for nobody else: they are archived; erased on request, all of it goes."""
        person = self._partner('Rosa Gil', is_company=False, user_id=self.user_user.id)
        answer = self._response(person, comment="She was ill")
        self.assertEqual(answer.organisation_id, person)
        with self._refused(UserError, "has contacts or answers of its people, which would be lost. Archive it"):
            person.with_user(self.user_manager).unlink()
        self.assertTrue(answer.exists())
        person.sudo().unlink()
        self.assertFalse(answer.exists())

    def test_confidential(self):
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        response = self._response()
        colleagues = self.responses.with_user(self.user_colleague)
        self.assertIn(response, colleagues.search([]))
        self.iberia.kam_confidentiality = 'manager'
        self.assertNotIn(response, colleagues.search([]))
        self.assertEqual(self.iberia.with_user(self.user_manager).kam_response_count, 0)
        with self._refused(AccessError, "is confidential"):
            self._response(user=self.user_colleague)
        service = response.with_user(self.user_service)
        self.assertEqual(service.read(['value', 'kind', 'touchpoint_id'])[0]['value'], 9)
        with self.assertRaises(AccessError):
            service.read(['comment'])

    # ------------------------------------------------------------------ from elsewhere
    def test_an_import(self):
        """By name, with what the survey calls each answer; the file again, nothing doubles; a bad row is named."""
        self.buyer.email = 'nuria@iberia.example'
        header = ['contact_id', 'partner_id', 'kind', 'value', 'date', 'touchpoint_id', 'comment', 'origin_ref']
        name = self.buyer.display_name
        day = str(self.today - timedelta(days=30))
        rows = [[name, "", "NPS", "9", day, "Delivery", "Punctual", "s-1"],
                ["", "Nordwind Group, Nordwind Iberia", "CSAT", "2", day, "", "", "s-2"],
                [name, "", "Moment of truth", "0", day, "Delivery", "", "s-3"]]
        responses = self.responses.with_user(self.user_user)
        rows[1][1] = self.iberia.display_name
        loaded = responses.load(header, rows)
        self.assertFalse(loaded['messages'])
        made = responses.browse(loaded['ids']).sudo()
        self.assertEqual(made.mapped('kind'), ['nps', 'csat', 'moment'])
        self.assertEqual((made.partner_id, made[2].verdict), (self.iberia, 'unfavourable'))
        self.assertFalse(made[1].contact_id)
        with mute_logger('odoo.sql_db'):
            again = responses.load(header, rows)
        self.assertIn("reference is there already", again['messages'][0]['message'])
        bad = responses.load(header, [[name, "", "NPS", "12", day, "", "", "s-4"]])
        self.assertIn("12 is out of scale", bad['messages'][0]['message'])
        empty = responses.load(header, [[name, "", "NPS", "", day, "", "", "s-5"]])
        self.assertIn("Fill in the answer", empty['messages'][0]['message'])
        self.assertEqual(responses.sudo().search_count([('partner_id', '=', self.iberia.id)]), 3)

    def test_the_origin_is_taken_once(self):
        origin = {'origin_model': 'rating.rating', 'origin_id': 7}
        taken = self.responses.create({'contact_id': self.buyer.id, 'kind': 'nps', 'value': 3, **origin})
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.responses.create({'contact_id': self.marc.id, 'kind': 'nps', 'value': 3, **origin})
        with self._refused(AccessError, "Correct it there"):
            taken.with_user(self.user_user).value = 10
        taken.with_user(self.user_user).write({'comment': "He called", 'active': False})

    # ------------------------------------------------------------------ screens
    def test_form(self):
        form = Form(self.responses.with_user(self.user_user))
        form.contact_id = self.luis
        form.kind = 'moment'
        form.verdict = 'unfavourable'
        form.touchpoint_id = self.delivery
        response = form.save()
        self.assertEqual((response.value, response.partner_id), (0, self.iberia))
        form = Form(self.responses.with_user(self.user_user))
        form.partner_id = self.solo
        form.kind = 'ces'
        form.scale_max = 5
        form.value = 5
        response = form.save().sudo()  # anonymous: nobody sees it yet
        self.assertEqual((response.scale, response.partner_id), ("1 to 5", self.solo))
        self.assertEqual(response.organisation_id, self.solo)

    def test_touchpoints(self):
        """The customer's journey ships ready, in order; what is in use is archived."""
        journey = self.env['kam.touchpoint'].search([])
        self.assertEqual(journey[:1].code, 'first_meeting')
        self.assertIn(self.delivery, journey.filtered('is_moment_of_truth'))
        self._response(touchpoint_id=self.delivery.id)
        with self._refused(UserError, "There are answers on “Delivery”: archive it"):
            self.delivery.unlink()
        fair = self.env['kam.touchpoint'].create({'name': "Trade fair"})
        self.env['kam.satisfaction.source'].create({
            'name': "Leads", 'model_name': 'crm.lead', 'value_path': 'color', 'active': False,
            'touchpoint_id': fair.id})
        with self._refused(UserError, "“Leads” asks about “Trade fair”: choose another touchpoint there"):
            fair.unlink()

    def test_five_or_five_hundred(self):
        def queries(number):
            people = self.env['res.partner'].create([
                {'name': f'P{place}', 'parent_id': self.iberia.id} for place in range(number)])
            responses = self.responses.with_user(self.user_user)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            made = responses.create([{'contact_id': person.id, 'kind': 'nps', 'value': 9} for person in people])
            self.env.flush_all()
            self.env.invalidate_all()
            made.read(['contact_id', 'partner_id', 'scale', 'verdict', 'display_name'])
            return self.env.cr.sql_log_count - before
        queries(3)
        few = queries(5)
        self.assertLessEqual(queries(500), few + 5, "records are inserted a hundred at a time")

@tagged('post_install', '-at_install')
class TestTouchpoint(ResponseCommon):

    def test_import(self):
        """The journey from a file: a bad row comes back with its reason, and nothing is in; twice changes nothing."""
        touchpoints = self.env['kam.touchpoint'].with_user(self.user_admin)
        header = ['id', 'code', 'name', 'sequence', 'is_moment_of_truth', 'description']
        good = [['x.line_trial', 'line_trial', "Trial on their line", '61', '1', "The first tray"],
                ['x.recall', 'recall', "Recall", '62', '0', ""]]
        for row, sentence in (
                (['x.none', 'none', "", '63', '0', ""], "Missing required|required"),
                (['x.again', 'recall', "Recall of a batch", '63', '0', ""], "code"),
                (['x.often', 'often', "Often", 'now', '0', ""], "now")):
            with mute_logger('odoo.sql_db'):
                result = touchpoints.load(header, [*good, row])
            self.assertFalse(result['ids'])
            # Odoo says it of the whole file first, then of the row.
            self.assertRegex(result['messages'][-1]['message'], sentence)
            self.assertEqual(result['messages'][-1]['rows'], {'from': 2, 'to': 2})
            self.assertFalse(touchpoints.search([('code', 'in', ('line_trial', 'recall'))]))
        ids = touchpoints.load(header, good)['ids']
        self.assertEqual(touchpoints.load(header, good)['ids'], ids)
        trial, recall = touchpoints.browse(ids)
        self.assertEqual((trial.name, trial.is_moment_of_truth, recall.is_moment_of_truth, recall.sequence),
                         ("Trial on their line", True, False, 62))
        response = self._response(touchpoint_id=recall.id)
        self.assertEqual(response.touchpoint_id, recall)
        with self._refused(AccessError, "not allowed|Touchpoint"):
            touchpoints.with_user(self.user_user).create({'name': "Of my own"})
