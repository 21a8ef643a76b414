"""The people of Nordwind Iberia are asked how we are doing, and answer."""
from odoo.addons.kam_management.tests.test_kam_stakeholder_contact import ContactCommon
from odoo.tests import new_test_user

MODULE = 'kam_management_survey'


class SurveyCommon(ContactCommon):
    """Nuria, Marc and Luis are stakeholders of Nordwind Iberia. Nuria reads Spanish.

    surveyor   a user of Surveys, without Key Accounts
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.env['ir.module.module']._load_module_terms([MODULE], ['es_ES'])
        cls.user_surveyor = new_test_user(
            cls.env, 'kam_surveyor', 'base.group_user,survey.group_survey_user,base.group_partner_manager')
        cls.survey = cls.env.ref(f'{MODULE}.survey_how_are_we_doing')
        cls.questions = {
            name: cls.env.ref(f'{MODULE}.question_{name}')
            for name in ('recommend', 'satisfied', 'easy', 'delivery', 'problem', 'open')}
        cls.sources = {
            name: cls.env.ref(f'{MODULE}.source_{name}')
            for name in ('recommend', 'satisfied', 'easy', 'delivery', 'problem')}
        cls.buyer.lang = 'es_ES'
        cls.marc.lang = cls.luis.lang = 'en_US'
        cls.stakeholders = cls.env['kam.stakeholder'].create([
            {'partner_id': cls.iberia.id, 'contact_id': person.id} for person in cls.people])

    @classmethod
    def _open(cls, user=None, partner=None):
        """What opens on the account, for its manager unless `user` is given."""
        action = (partner or cls.iberia).with_user(user or cls.user_user).action_kam_ask()
        return cls.env[action['res_model']].with_user(user or cls.user_user).browse(action['res_id'])

    @classmethod
    def _ask(cls, people=None, user=None, **values):
        """The invitations of these people, or of all who are ticked, by name."""
        send = cls._open(user)
        if people is not None:
            for line in send.line_ids:
                line.is_chosen = line.contact_id in people
        send.write(values)
        send.action_send()
        return cls.env['survey.user_input'].search(
            [('partner_id', 'in', send.line_ids.filtered('is_chosen').contact_id.ids)], order='partner_id, id')

    @classmethod
    def _answer(cls, invitation, **answers):
        """As the survey's page saves it; choices by `well` or `badly`."""
        for name, answer in answers.items():
            if name in ('delivery', 'problem'):
                answer = cls.env.ref(f'{MODULE}.answer_{name}_{answer}').id
            invitation._save_lines(cls.questions[name], str(answer))
        invitation._mark_done()

    @classmethod
    def _collect(cls, company=None):
        cls.env['kam.satisfaction.source']._collect(company or cls.company)
        cls.env.invalidate_all()

    @classmethod
    def _responses(cls, contact=None):
        return cls.env['kam.satisfaction.response'].search(
            [('contact_id', 'in', (contact or cls.people).ids)], order='kind, touchpoint_id, id')

    @classmethod
    def _requests(cls):
        return cls.env['kam.satisfaction.request'].search([('contact_id', 'in', cls.people.ids)], order='contact_id')
