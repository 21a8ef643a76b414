"""Settings and weights: refused when they make no sense, kept with who, when and why, restored on demand."""
from odoo.addons.kam_management.tools.defaults import SETTINGS
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import KamCommon


class SettingsCommon(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.company.kam_settings_id.with_user(cls.user_admin)

    def _weight(self, code, settings=None):
        return (settings or self.settings).weight_ids.filtered(lambda weight: weight.factor_id.code == code)

    def _set_weights(self, **weights):
        return {'weight_ids': [
            Command.update(self._weight(code).id, {'weight': weight}) for code, weight in weights.items()]}


@tagged('post_install', '-at_install')
class TestSettings(SettingsCommon):

    def test_every_company_has_its_own(self):
        """Also the one that was created after the installation, and a second time changes nothing."""
        companies = self.company | self.company_2
        self.assertEqual(len(companies.kam_settings_ids), 2)
        factors = self.env['kam.score.factor'].search_count([])
        self.assertEqual(len(self.company_2.kam_weight_ids), factors)
        self.company_2.kam_settings_id.capacity = 10
        companies._kam_ensure_configuration()
        self.assertEqual(self.company_2.kam_settings_id.capacity, 10)
        self.assertEqual(len(self.company_2.kam_weight_ids), factors)

    def test_defaults(self):
        for name, value in SETTINGS.items():
            self.assertEqual(self.company_2.kam_settings_id[name], value, name)
        self.assertIs(self.company_2.kam_settings_id.default_margin, False)

    def test_refused(self):
        for values, sentence in (
            ({'pareto_a': 95}, "out of order: “Class A up to” .95. must be below “Class B up to” .95."),
            ({'pareto_a': 96, 'pareto_b': 90}, "out of order"),
            ({'concentration_one_critical': 85}, "“One account: critical” .85. must be below “One account: extreme”"),
            ({'concentration_five_warning': 80}, "out of order"),
            ({'pareto_b': 101}, "Class B up to must lie between 0 and 100"),
            ({'quadrant_cut': -1}, "Quadrant cut must lie between 0 and 100"),
            ({'capacity': 0}, "Capacity must be 1 or more"),
            ({'window_months': 0}, "Revenue window must be 1 or more"),
            ({'window_months': 121}, "120 months or less"),
            ({'refresh_hours': -3}, "Refresh period must be 1 or more"),
            ({'opinion_half_life': 0}, "half-life must be 1 or more"),
            ({'dependence_sales': 0}, "must be above 0"),
            ({'dependence_sales': 26}, "at most the capacity"),
            ({'default_margin': 120}, "Default margin must lie between -100 and 100"),
        ):
            with self.subTest(values), self._refused(ValidationError, sentence):
                self.settings.write(values)

    def test_checked_as_a_set(self):
        """Both Pareto cuts move past each other's old value; neither order of writing would pass on its own."""
        self.settings.write({'pareto_a': 96, 'pareto_b': 98})
        self.settings.write({'pareto_b': 60, 'pareto_a': 50})
        self.assertEqual((self.settings.pareto_a, self.settings.pareto_b), (50, 60))

    def test_unknown_margin_is_not_zero(self):
        self.settings.default_margin = 0
        self.assertEqual(self.settings.default_margin, 0)
        self.settings.default_margin = False
        self.assertIs(self.settings.default_margin, False)
        chatter = self._chatter(self.settings)
        self.assertIn("Default margin: unknown → 0", chatter)
        self.assertIn("Default margin: 0 → unknown", chatter)

    def test_history_tells_who_what_and_why(self):
        self.settings.write({
            'capacity': 12, 'default_margin': 30, 'change_reason': "<b>Smaller team</b>",
            **self._set_weights(gross_margin=50)})
        chatter = self._chatter(self.settings)
        self.assertIn("Capacity: 25 → 12", chatter)
        self.assertIn("Default margin: unknown → 30", chatter)
        self.assertIn("Weight of Gross margin (Attractiveness): 40 → 50", chatter)
        self.assertEqual(chatter.count("&lt;b&gt;Smaller team&lt;/b&gt;"), 3, "the reason stands with each, escaped")
        authors = self.settings.sudo().message_ids.author_id
        self.assertIn(self.user_admin.partner_id, authors)
        self.assertFalse(self.settings.change_reason)

    def test_nothing_changed_is_no_history(self):
        before = self._chatter(self.settings)
        self.settings.write({'capacity': self.settings.capacity, 'default_margin': False, 'change_reason': "none"})
        self.assertEqual(self._chatter(self.settings), before)

    def test_restore_defaults(self):
        self.settings.write({'capacity': 12, 'pareto_a': 70, 'default_margin': 30, 'revenue_source': 'orders',
                             **self._set_weights(gross_margin=0, share_of_wallet=10)})
        self._flush_tracking()
        self.settings.action_restore_defaults()
        for name, value in SETTINGS.items():
            self.assertEqual(self.settings[name], value, name)
        self.assertEqual(self._weight('gross_margin').weight, 40)
        self.assertEqual(self._weight('share_of_wallet').weight, 0)
        chatter = self._chatter(self.settings)
        self.assertIn("Capacity: 25 → 12", chatter)
        self.assertIn("Capacity: 12 → 25", chatter)
        self.assertIn("Defaults restored", chatter)

    def test_rights(self):
        for user in (self.user_user, self.user_manager):
            settings = self.settings.with_user(user)
            self.assertEqual(settings.capacity, 25)
            with self.assertRaises(AccessError):
                settings.capacity = 10
            with self.assertRaises(AccessError):
                self._weight('image').with_user(user).weight = 1
            with self.assertRaises(AccessError):
                settings.action_restore_defaults()
        with self.assertRaises(AccessError):
            self.settings.with_user(self.user_sales).read(['capacity'])

    def test_company_s_own(self):
        other = self.company_2.kam_settings_id.with_user(self.user_admin)
        with self.assertRaises(AccessError):
            other.read(['capacity'])
        with self.assertRaises(AccessError):
            other.write({'capacity': 3})

    def test_which_source_is_in_use(self):
        """The CRM brings opportunities; where invoices or orders are installed, these come first."""
        name = self.settings.revenue_source_in_use
        self.assertTrue(name)
        self.settings.revenue_source = 'opportunities'
        self.assertEqual(self.settings.revenue_source_in_use, "Won opportunities")
        self.env['kam.kpi'].search([('role', '=like', 'revenue_%')]).action_archive()
        self.settings.invalidate_recordset()
        self.assertFalse(self.settings.revenue_source_in_use)


@tagged('post_install', '-at_install')
class TestWeights(SettingsCommon):

    def test_shares_of_a_dimension(self):
        for dimension in ('attractiveness', 'position', 'willingness', 'financial_value', 'health'):
            rows = self.settings[f'{dimension}_weight_ids']
            self.assertEqual(set(rows.mapped('dimension')), {dimension})
            self.assertAlmostEqual(sum(rows.mapped('share')), 100)
        self.settings.write(self._set_weights(gross_margin=1, expected_growth=1, strategic_value=2))
        self.assertEqual([self._weight(code).share for code in ('gross_margin', 'expected_growth', 'strategic_value')],
                         [25, 25, 50])

    def test_shares_while_editing(self):
        """One weight is edited, and the shares of all show what they will be once saved."""
        with Form(self.settings) as form:
            with form.attractiveness_weight_ids.edit(0) as line:
                line.weight = 140
            shares = [form.attractiveness_weight_ids.edit(number) for number in range(3)]
            self.assertEqual([line.share for line in shares], [70, 15, 15])
        self.assertEqual(self._weight('expected_growth').share, 15)

    def test_shipped_weights(self):
        weights = {weight.factor_id.code: weight.weight for weight in self.company_2.kam_weight_ids}
        self.assertEqual(weights, {
            'gross_margin': 40, 'expected_growth': 30, 'strategic_value': 30,
            'customer_knowledge': 40, 'image': 30, 'cost_to_serve': 30, 'share_of_wallet': 0,
            'joint_projects': 25, 'shared_data': 25, 'sponsor_time': 25, 'co_funding': 25, 'net_margin': 100,
            'sales': 30, 'satisfaction': 25, 'relationship': 25, 'pipeline': 10, 'objectives': 10})

    def test_negative_refused(self):
        with self._refused(ValidationError, "The weight of “Image with the customer” can't be negative"):
            self._weight('image').weight = -1

    def test_all_zero_refused(self):
        with self._refused(ValidationError, "All weights of “Financial value” are 0"):
            self._weight('net_margin').weight = 0
        with self._refused(ValidationError, "All weights of “Attractiveness” are 0"):
            self.settings.write(self._set_weights(gross_margin=0, expected_growth=0, strategic_value=0))

    def test_checked_as_a_set(self):
        """All weight moves from one factor to another; in between, one of the two writes leaves none."""
        self.settings.write(self._set_weights(gross_margin=100, expected_growth=0, strategic_value=0))
        self.settings.write(self._set_weights(gross_margin=0, expected_growth=0, strategic_value=100))
        self.assertEqual(self._weight('strategic_value').share, 100)

    def test_nobody_skips_the_check(self):
        """A context that came over RPC holds no object of ours."""
        with self.assertRaises(ValidationError):
            self._weight('net_margin').with_context(kam_check=True, kam_change_reason='x').weight = 0

    def test_another_company_does_not_count(self):
        self.company_2.kam_weight_ids.filtered(lambda weight: weight.factor_id.code == 'net_margin').weight = 55
        with self.assertRaises(ValidationError):
            self._weight('net_margin').weight = 0

    def test_archived_factor(self):
        """Its weight no longer shows nor counts; the last factor that counts stays."""
        factor = self.env.ref('kam_management.factor_gross_margin').with_user(self.user_admin)
        factor.active = False
        self.assertFalse(self._weight('gross_margin'))
        self.assertEqual(self._weight('expected_growth').share, 50)
        with self._refused(ValidationError, "All weights of “Financial value”"):
            self.env.ref('kam_management.factor_net_margin').with_user(self.user_admin).active = False


@tagged('post_install', '-at_install')
class TestConfigSettings(SettingsCommon):
    """The Settings app, as a system administrator who has no Key Accounts group."""

    def _save(self, **values):
        settings = self.env['res.config.settings'].with_user(self.user_system).create(values)
        settings.execute()
        return settings

    def test_saved_with_its_reason(self):
        weight = self._weight('image')
        self._save(
            kam_capacity=10, kam_pareto_a=96, kam_pareto_b=98, kam_default_margin=25,
            kam_change_reason="Agreed in March",
            kam_position_weight_ids=[Command.update(weight.id, {'weight': 60})])
        settings = self.company.kam_settings_id
        self.assertEqual((settings.capacity, settings.pareto_a, settings.pareto_b), (10, 96, 98))
        self.assertEqual(settings.default_margin, 25)
        self.assertEqual(weight.weight, 60)
        chatter = self._chatter(settings)
        for text in ("Capacity: 25 → 10", "Default margin: unknown → 25", "Weight of Image with the customer"):
            self.assertIn(text, chatter)
        self.assertEqual(chatter.count("Agreed in March"), 3)

    def test_refused_as_a_set(self):
        with self._refused(ValidationError, "out of order"):
            self._save(kam_pareto_a=96)
        rows = self.settings.financial_value_weight_ids
        with self._refused(ValidationError, "All weights of “Financial value” are 0"):
            self._save(kam_financial_value_weight_ids=[Command.update(rows.id, {'weight': 0})])

    def test_weights_move_between_factors(self):
        self.settings.write(self._set_weights(gross_margin=100, expected_growth=0, strategic_value=0))
        self._save(kam_attractiveness_weight_ids=[
            Command.update(self._weight('gross_margin').id, {'weight': 0}),
            Command.update(self._weight('strategic_value').id, {'weight': 100})])
        self.assertEqual(self._weight('strategic_value').share, 100)

    def test_form(self):
        with Form(self.env['res.config.settings'].with_user(self.user_system)) as form:
            self.assertEqual(form.kam_capacity, 25)
            self.assertTrue(form.kam_revenue_source_in_use)
            form.kam_capacity = 15
            form.kam_change_reason = "Fewer people"
            with form.kam_health_weight_ids.edit(0) as line:
                line.weight = 70
        self.assertEqual(self.company.kam_settings_id.capacity, 15)
        self.assertEqual(self._weight('sales').weight, 70)
        self.assertIn("Fewer people", self._chatter(self.company.kam_settings_id))

    def test_other_settings_change_nothing_here(self):
        before = self._chatter(self.settings)
        self._save()
        self.assertEqual(self._chatter(self.settings), before)

    def test_buttons(self):
        settings = self._save(kam_capacity=10)
        action = settings.action_kam_history()
        self.assertEqual((action['res_model'], action['res_id']), ('kam.settings', self.settings.id))
        settings.action_kam_restore_defaults()
        self.assertEqual(self.company.kam_settings_id.capacity, 25)
