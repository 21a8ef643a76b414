"""The sheets of an account's workbook: their columns, what stands in them, and how a row finds its record.

A row is converted by Odoo's own import (`load`), as the user: its rules and its sentences hold. An empty cell says
nothing: it never empties what is known. A row that is there already is found by what people know it by (an e-mail or a
name, a text and a day), so that importing a workbook again changes nothing.
"""
from dataclasses import dataclass, field

from odoo import models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@dataclass(frozen=True)
class Cell:
    """A column of a sheet.

    :param code: technical name, which is accepted as a heading too.
    :param path: the field it is imported into, as Odoo's import writes it; empty for what needs looking up.
    :param choices: the field whose choices or records it offers, ``model.field``.
    """

    code: str
    label: object
    path: str = ""
    required: bool = False
    hint: object = ""
    choices: str = ""


@dataclass
class Outcome:
    """What became of one sheet."""

    added: int = 0
    updated: int = 0
    refused: list = field(default_factory=list)  # (number of the row, its cells, the reason)


PEOPLE = (
    Cell('name', _lt("Name"), required=True),
    Cell('job_title', _lt("Job title"), hint=_lt("Their function follows from it.")),
    Cell('email', _lt("E-mail"), hint=_lt("A person is found again by it, else by the name.")),
    Cell('phone', _lt("Phone")),
    Cell('function', _lt("Function"), 'function_id', hint=_lt("Empty: guessed from the job title."),
         choices='function_id'),
    Cell('roles', _lt("Roles"), 'role_ids', hint=_lt("Several with commas."), choices='role_ids'),
    Cell('power', _lt("Power"), 'power', choices='power'),
    Cell('support', _lt("Support"), 'support', choices='support'),
    Cell('relationship', _lt("Relationship today"), 'relationship', choices='relationship'),
    Cell('relationship_target', _lt("Relationship wanted"), 'relationship_target', choices='relationship_target'),
    Cell('interests', _lt("What they want in their job"), 'interests'),
    Cell('measured_by', _lt("How they are measured"), 'measured_by'),
    Cell('recognised_for', _lt("Recognised for what"), 'recognised_for'),
    Cell('recognised_by', _lt("Recognised by whom"), 'recognised_by'),
    Cell('recognised_how', _lt("Recognised how"), 'recognised_how'),
    Cell('best_reached', _lt("How best to reach them"), 'best_reached'),
    Cell('our_people', _lt("Our people"), hint=_lt("Names or e-mails of colleagues; several with commas.")),
    Cell('reports_to', _lt("Reports to"), hint=_lt("The name or the e-mail of a person of this account.")),
    Cell('next_step', _lt("Next step"), 'next_step'),
    Cell('next_step_date', _lt("By when"), 'next_step_date'),
    Cell('next_step_who', _lt("Who"), hint=_lt("The name or the e-mail of a colleague.")),
)
GOALS = (
    Cell('name', _lt("What"), 'name', required=True),
    Cell('whose', _lt("Whose"), 'whose', choices='whose'),
    Cell('kind', _lt("Kind"), 'kind', choices='kind'),
    Cell('year', _lt("By year"), 'year'),
    Cell('contact', _lt("Told by"), hint=_lt("The name or the e-mail of a person of this account.")),
    Cell('note', _lt("Note"), 'note'),
)
CATEGORIES = (
    Cell('name', _lt("Category"), 'name', required=True),
    Cell('our_sales', _lt("Our sales"), 'our_sales', hint=_lt("Of a year.")),
    Cell('potential', _lt("Potential"), 'potential', hint=_lt("What they buy of it in a year, from everybody.")),
    Cell('potential_date', _lt("As of"), 'potential_date'),
    Cell('potential_source', _lt("Source"), 'potential_source'),
    Cell('potential_confidence', _lt("Confidence"), 'potential_confidence', choices='potential_confidence'),
)
ACTIONS = (
    Cell('name', _lt("What"), 'name', required=True),
    Cell('kind', _lt("Kind"), 'kind_id', choices='kind_id'),
    Cell('owner', _lt("Who"), hint=_lt("The name or the e-mail of a colleague.")),
    Cell('date', _lt("When"), 'date', required=True),
    Cell('contacts', _lt("With"), hint=_lt("Names or e-mails of people of this account; several with commas.")),
    Cell('offer', _lt("Offer"), 'offer'),
)


class KamWorkbookSheets(models.AbstractModel):
    """What the wizard `kam.workbook` asks of the sheets. `self` is the wizard."""

    _name = 'kam.workbook.sheets'
    _description = "Sheets of an account's workbook"

    def _sheets(self):
        """``{code: (title, columns, model)}``, in the order in which they are imported: people first, because the
        others name them."""
        return {
            'people': (self.env._("People"), PEOPLE, 'kam.stakeholder'),
            'goals': (self.env._("Goals"), GOALS, 'kam.plan.goal'),
            'categories': (self.env._("Categories"), CATEGORIES, 'kam.plan.category'),
            'actions': (self.env._("Actions"), ACTIONS, 'kam.action'),
        }

    # ------------------------------------------------------------------ what is there
    def _records(self, code):
        """The account's records of a sheet, as far as the user may see them; of people those who are there."""
        if code == 'people':
            return self.env['kam.stakeholder'].search(
                [('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id),
                 ('state', '=', 'present')])
        if code == 'actions':
            return self.env['kam.action'].search(
                [('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id),
                 ('state', '=', 'planned')])
        return self.plan_id.goal_ids if code == 'goals' else self.plan_id.category_ids

    def _written(self, code, record):
        """The cells of a record, in the order of the columns."""
        special = {
            'people': lambda: {
                'name': record.contact_id.name, 'job_title': record.job_title, 'email': record.email,
                'phone': record.phone, 'reports_to': record.reports_to_id.contact_id.name,
                'our_people': ", ".join(record.counterpart_ids.mapped('name')),
                'next_step_who': record.next_step_user_id.name},
            'goals': lambda: {'contact': record.contact_id.name},
            'categories': dict,
            'actions': lambda: {
                'owner': record.owner_id.name, 'contacts': ", ".join(record.contact_ids.mapped('name'))},
        }[code]()
        cells = []
        for column in self._sheets()[code][1]:
            value = special[column.code] if column.code in special else record[column.path]
            cells.append(self._plain(record, column, value))
        return cells

    def _plain(self, record, column, value):
        """A field's value as a cell."""
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped('display_name')) or None
        if column.path and record._fields[column.path].type == 'selection':
            return dict(record._fields[column.path]._description_selection(self.env)).get(value)
        return None if value is False or value == "" else value

    def _choices(self, model, column):
        """What may be chosen in a column, in the user's language."""
        if not column.choices:
            return ()
        chosen = self.env[model]._fields[column.choices]
        if chosen.type == 'selection':
            return tuple(label for _value, label in chosen._description_selection(self.env))
        return tuple(self.env[chosen.comodel_name].search([]).mapped('display_name'))

    # ------------------------------------------------------------------ people by name
    def _directory(self):
        """``{name or e-mail in small letters: ids}`` of the people of the account."""
        found = {}
        people = self.env['res.partner'].search(
            [('kam_account_id', '=', self.partner_id.id), ('is_company', '=', False)])
        for person in people:
            for key in {self._key(person.name), self._key(person.email)} - {""}:
                found.setdefault(key, []).append(person.id)
        return found

    @staticmethod
    def _key(text):
        return " ".join(str(text or "").casefold().split())

    def _find_person(self, directory, text):
        """The id of a person of the account; raises ValueError with the sentence to show."""
        ids = directory.get(self._key(text), [])
        if len(ids) == 1:
            return ids[0]
        values = {'name': text, 'account': self.partner_id.display_name}
        if ids:
            raise ValueError(self.env._(
                "There are several people called “%(name)s” at %(account)s: write the e-mail instead.", **values))
        raise ValueError(self.env._(
            "There is nobody called “%(name)s” at %(account)s: add the person to the sheet of people.", **values))

    def _find_colleague(self, text):
        users = self.env['res.users'].search(
            ['|', '|', ('login', '=ilike', text), ('email', '=ilike', text), ('name', '=ilike', text)])
        if len(users) != 1:
            raise ValueError(self.env._(
                "“%(name)s” is no colleague, or several are called so: write the e-mail of one.", name=text))
        return users.id

    @staticmethod
    def _split(text):
        """The names in a cell."""
        return [name.strip() for name in str(text).split(",") if name.strip()]

    # ------------------------------------------------------------------ values
    def _said(self, text):
        """A text of a column in the language of the environment."""
        return text._translate(self.env.lang or 'en_US')

    @staticmethod
    def _text(value):
        """A cell as Odoo's import reads it."""
        if hasattr(value, 'isoformat'):
            return value.isoformat()
        if isinstance(value, float) and value == int(value):
            return str(int(value))
        return str(value)
