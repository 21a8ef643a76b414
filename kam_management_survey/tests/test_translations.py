"""The .pot holds every term that a user can read, and who reads Spanish is asked in Spanish."""
import io

import polib
from odoo.tests import tagged
from odoo.tools import file_path
from odoo.tools.translate import trans_export

from .common import MODULE, SurveyCommon

EXPORT_AGAIN = f"Export the terms: dev/odoo i18n export -d DATABASE {MODULE}"


@tagged('post_install', '-at_install')
class TestTranslations(SurveyCommon):

    def test_template(self):
        buffer = io.BytesIO()
        trans_export(None, [MODULE], buffer, 'po', self.env)
        exported = {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
        template = {entry.msgid for entry in polib.pofile(file_path(f'{MODULE}/i18n/{MODULE}.pot'))}
        self.assertEqual(exported - template, set(), EXPORT_AGAIN)
        self.assertEqual(template - exported, set(), EXPORT_AGAIN)

    def test_every_question_in_spanish(self):
        def texts(lang):
            survey = self.survey.with_context(lang=lang)
            words = [survey.title, survey.description, survey.description_done]
            for question in survey.question_ids:
                words += [question.title, question.description, question.scale_min_label, question.scale_max_label,
                          *question.suggested_answer_ids.mapped('value')]
            return [str(text) for text in words if text]
        english, spanish = texts('en_US'), texts('es_ES')
        self.assertEqual(len(english), 3 + 6 + 2 + 6 + 4)
        self.assertEqual([text for text in spanish if text in english], [])
        source = self.sources['recommend'].with_context(lang='es_ES')
        self.assertEqual(source.name, "Encuesta: nos recomendaría")
