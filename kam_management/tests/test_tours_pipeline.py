"""The pipeline of someone who looks after a key account, in a browser."""
from odoo.tests import HttpCase, tagged

from .test_crm_lead import PipelineCase


@tagged('post_install', '-at_install')
class TestPipelineTours(HttpCase, PipelineCase):

    def test_opportunity_card_with_flag_and_tier(self):
        leads = {name: self._lead(f"For {name}", user=self.user_user, partner_id=partner.id) for name, partner in {
            'Iberia': self.iberia, 'Logistics': self.logistics, 'Solo': self.solo}.items()}
        self.user_user.password = self.user_user.login
        self.start_tour('/odoo/crm', 'kam_pipeline', login=self.user_user.login)
        lead = leads['Logistics']
        lead.invalidate_recordset()
        self.assertEqual(lead.kam_opportunity_type_id.code, 'line_extension')
        self.assertTrue(lead.kam_asked_by_customer)
        self.assertEqual(lead.stage_id, self.stages['offer'])
        self.assertTrue(lead.kam_date_qualified)
