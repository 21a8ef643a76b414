"""The .pot holds every term that a user can read, and Spanish is what a Spanish user gets."""
import csv
import io
import re

import polib
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open, file_path
from odoo.tools.translate import trans_export

MODULE = 'kam_management'
FIELD = re.compile(rf'{MODULE}\.field_(\w+?)__(\w+)')
EXPORT_AGAIN = "Export the terms of a database with demo data: dev/odoo i18n export -d DATABASE kam_management"


@tagged('post_install', '-at_install')
class TestTranslations(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        buffer = io.BytesIO()
        trans_export(None, [MODULE], buffer, 'po', cls.env)
        cls.exported = polib.pofile(buffer.getvalue().decode())
        cls.template = polib.pofile(file_path(f'{MODULE}/i18n/{MODULE}.pot'))

    def test_template_holds_every_term(self):
        known = {entry.msgid for entry in self.template}
        missing = [entry.msgid for entry in self.exported if entry.msgid not in known and self._is_ours(entry)]
        self.assertEqual(missing, [], EXPORT_AGAIN)

    def test_template_holds_no_term_that_is_gone(self):
        present = {entry.msgid for entry in self.exported}
        gone = [entry.msgid for entry in self.template
                if entry.msgid not in present and self._is_ours(entry) and not self._is_demo(entry)]
        self.assertEqual(gone, [], EXPORT_AGAIN)

    def test_spanish_user_reads_spanish(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.env['ir.module.module']._load_module_terms([MODULE], ['es_ES'])
        spanish = self.env(context={'lang': 'es_ES'})
        score = spanish['kam.score']
        quadrants = dict(score._fields['quadrant']._description_selection(spanish))
        self.assertEqual(quadrants['cash'], "Atender con eficiencia")
        self.assertEqual(score._fields['share_of_wallet']._description_string(spanish), "Cuota de cartera")
        self.assertEqual(spanish.ref(f'{MODULE}.factor_image').name, "Imagen ante el cliente")
        self.assertEqual(spanish['kam.settings']._number(False), "sin dato")

    def test_demo_tables_say_everything_in_both_languages(self):
        for table, columns in (('won', ['name']), ('lost', ['name']), ('open', ['name']), ('contacts', ['function'])):
            for row in self._rows(table):
                for column in columns:
                    self.assertTrue(row[column] and row[f'{column}_es'], f"{table}: {row['id']}")
        for row in self._rows('opinions'):
            self.assertEqual(bool(row['comment']), bool(row['comment_es']), row['comment'])
        for row in [*self._rows('plan_profiles'), *self._rows('plan_rows')]:
            for column in ('name', 'text'):
                self.assertEqual(bool(row.get(column)), bool(row.get(f'{column}_es')), row)

    def _rows(self, table):
        with file_open(f'{MODULE}/demo/tables/{table}.csv', 'r') as source:
            return list(csv.DictReader(source))

    def _is_ours(self, entry):
        """Not only the label of a field that another app puts on our models, as far as it is installed."""
        return any(self._is_our_occurrence(place) for place, _line in entry.occurrences)

    def _is_our_occurrence(self, place):
        found = FIELD.search(place)
        if not found or not place.startswith('model:ir.model.fields'):
            return True
        model = next((model for name, model in self.env.registry.items() if name.replace('.', '_') == found[1]), None)
        field = model and model._fields.get(found[2])
        return not field or MODULE in field._modules

    def _is_demo(self, entry):
        return all(f'{MODULE}.demo_' in place for place, _line in entry.occurrences)
