"""The phase of a stage and its won flag say the same, whichever of the two is set."""
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestStage(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = new_test_user(cls.env, 'kam_head', groups='sales_team.group_sale_manager')
        cls.stages = cls.env['crm.stage'].with_user(cls.head)

    def test_new_stages(self):
        """As other apps, imports and the pipeline's own “add a stage” make them: by a name, perhaps as a won stage."""
        for values, phase in (
            ({}, 'qualified'),
            ({'is_won': True}, 'won'),
            ({'kam_phase': 'identified'}, 'identified'),
            ({'kam_phase': 'won', 'is_won': True}, 'won'),
        ):
            self.assertEqual(self.stages.create({'name': "Stage", **values}).kam_phase, phase, values)
        self.assertEqual(self.stages.browse(self.stages.name_create("Stage")[0]).kam_phase, 'qualified')

    def test_the_phase_follows_the_won_stage(self):
        stage = self.stages.create({'name': "Signed", 'kam_phase': 'identified'})
        for won, phase in ((True, 'won'), (False, 'qualified'), (True, 'won')):
            stage.is_won = won
            self.assertEqual(stage.kam_phase, phase)

    def test_other_changes_leave_the_phase(self):
        stage = self.stages.create({'name': "Signed", 'kam_phase': 'identified'})
        stage.write({'name': "Met", 'sequence': 4, 'is_won': False})
        self.assertEqual(stage.kam_phase, 'identified')

    def test_in_the_form(self):
        form = Form(self.stages.create({'name': "Signed"}))
        for field, value, expected in (
            ('kam_phase', 'won', (True, 'won')), ('kam_phase', 'identified', (False, 'identified')),
            ('is_won', True, (True, 'won')), ('is_won', False, (False, 'qualified'))):
            # Odoo asks on each of these whether all opportunities of the stage shall be computed anew.
            with self.assertLogs('odoo.tests.form.onchange', 'WARNING'):
                setattr(form, field, value)
            self.assertEqual((form.is_won, form.kam_phase), expected)
        self.assertEqual(form.save().kam_phase, 'qualified')

    def test_contradictions_are_refused(self):
        stage = self.stages.create({'name': "Talks"})
        with self._refused(ValidationError, "“Talks” can't be in the phase Won, .* tick “Is Won Stage\\?”"):
            stage.kam_phase = 'won'
        with self._refused(ValidationError, "“Talks” is a won stage, so its phase is Won"):
            stage.write({'is_won': True, 'kam_phase': 'qualified'})
        self.assertEqual((stage.is_won, stage.kam_phase), (False, 'qualified'))

    def test_salespeople_leave_it_alone(self):
        stage = self.stages.create({'name': "Talks"})
        for user in (self.user_sales, self.user_user, self.user_manager):
            self.assertEqual(stage.with_user(user).kam_phase, 'qualified')
            with self.assertRaises(AccessError):
                stage.with_user(user).kam_phase = 'identified'
