"""One workbook brings an account in: its people, goals, categories and actions.

What is right goes in, what is not comes back in a workbook of its own, each row with its reason. The rows of a sheet
are imported as a set; only where a set is refused is each row tried alone, to find those that are wrong.
"""
import base64
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.workbook import Column, NotAWorkbook, read_workbook, write_workbook
from .kam_workbook_sheets import Outcome

MOST_ROWS = 2000


class KamWorkbook(models.TransientModel):
    _name = 'kam.workbook'
    _description = "Workbook of an account"
    _inherit = ['kam.workbook.sheets']

    partner_id = fields.Many2one('res.partner', "Account", required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company, ondelete='cascade')
    plan_id = fields.Many2one('kam.plan', "Account plan", compute='_compute_plan_id')
    file = fields.Binary("Workbook")
    file_name = fields.Char(export_string_translation=False)
    result = fields.Json(readonly=True)
    result_html = fields.Html(compute='_compute_result_html', sanitize=False, export_string_translation=False)
    refused_file = fields.Binary("Rows that were refused", readonly=True)
    refused_name = fields.Char(readonly=True, export_string_translation=False)

    @api.depends('partner_id')
    @api.depends_context('uid', 'company')
    def _compute_plan_id(self):
        for wizard in self:
            wizard.plan_id = wizard.partner_id.kam_plan_id

    @api.depends('result')
    @api.depends_context('lang')
    def _compute_result_html(self):
        for wizard in self:
            wizard.result_html = wizard.result and self.env['ir.qweb']._render(
                'kam_management.workbook_result', {'sheets': wizard.result})

    # ------------------------------------------------------------------ out
    def action_download(self):
        """The workbook with what the account has; what is written into it can be imported."""
        self.ensure_one()
        self.partner_id.check_access('read')
        sheets = []
        for code, (title, _columns, _model) in self._sheets().items():
            sheets.append((title, self._columns(code), [self._written(code, row) for row in self._records(code)]))
        attachment = self.env['ir.attachment'].create({
            'name': self.env._("%(account)s.xlsx", account=self.partner_id.name), 'res_model': self._name,
            'res_id': self.id, 'datas': base64.b64encode(write_workbook(sheets))})
        return {'type': 'ir.actions.act_url', 'url': f'/web/content/{attachment.id}?download=true',
                'target': 'download'}

    def _heading(self, column):
        label = self._said(column.label)
        return f"{label} *" if column.required else label

    def _columns(self, code):
        """The columns of a sheet as the workbook shows them."""
        _title, columns, model = self._sheets()[code]
        return [
            Column(self._heading(column), column.hint and self._said(column.hint), self._choices(model, column))
            for column in columns]

    # ------------------------------------------------------------------ in
    def action_import(self):
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a workbook first."))
        outcomes = {code: self._import_sheet(code, rows) for code, rows in self._read().items()}
        self.result = [{
            'title': self._sheets()[code][0], 'added': outcome.added, 'updated': outcome.updated,
            'refused': [{'row': number, 'what': str(next(iter(cells.values()), "")), 'reason': reason}
                        for number, cells, reason in outcome.refused],
        } for code, outcome in outcomes.items()]
        self._keep_refused(outcomes)
        self.file = False
        return {'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'target': 'new',
                'views': [(False, 'form')], 'name': self.env._("Import a workbook")}

    def _read(self):
        """``{code of a sheet: {number: {code of a column: value}}}`` of the file; refuses what it can't understand."""
        try:
            sheets = read_workbook(base64.b64decode(self.file))
        except NotAWorkbook as error:
            raise UserError(self.env._(
                "This file is no Excel workbook (.xlsx). Download the account's workbook, fill it in and choose "
                "it.")) from error
        titles = self._titles()
        found = {}
        for sheet in sheets:
            code = titles.get(self._key(sheet.title))
            if not code:
                continue
            if len(sheet.rows) > MOST_ROWS:
                raise UserError(self.env._(
                    "“%(sheet)s” has %(rows)s rows. Split it: %(most)s are taken at a time.", sheet=sheet.title,
                    rows=len(sheet.rows), most=MOST_ROWS))
            found[code] = self._read_rows(code, sheet)
        if not found:
            raise UserError(self.env._(
                "No sheet of this file is known here. Its sheets are called %(titles)s.",
                titles=", ".join(title for title, _columns, _model in self._sheets().values())))
        return {code: found[code] for code in self._sheets() if code in found}

    def _languages(self):
        """The wizard in the user's language and in English: workbooks of both are read."""
        return self, self.with_context(lang='en_US')

    def _titles(self):
        titles = {code: code for code in self._sheets()}
        for wizard in self._languages():
            titles.update({self._key(title): code for code, (title, _columns, _model) in wizard._sheets().items()})
        return titles

    def _read_rows(self, code, sheet):
        """Rows by the codes of their columns; a heading that is not known is refused, lest its cells be lost."""
        columns = self._sheets()[code][1]
        codes = {self._key(column.code): column.code for column in columns}
        for wizard in self._languages():
            codes.update({self._key(wizard._said(column.label)): column.code for column in columns})
        known = {heading: codes.get(self._key(heading.rstrip("* "))) for heading in sheet.headings}
        reason = self._key(self.env._("Reason"))
        unknown = [heading for heading, name in known.items()
                   if not name and self._key(heading) not in (reason, 'reason')]
        if unknown:
            raise UserError(self.env._(
                "“%(sheet)s” has a column “%(column)s” that is not known here. Delete it, or call it as in the "
                "account's workbook.", sheet=sheet.title, column=unknown[0]))
        return {number: {known[heading]: value for heading, value in cells.items() if known.get(heading)}
                for number, cells in sheet.rows.items()}

    # ------------------------------------------------------------------ one sheet
    def _import_sheet(self, code, rows):
        outcome = Outcome()
        if code in ('goals', 'categories') and any(rows.values()):
            self._need_plan()
        complete = self._take_complete(code, rows, outcome)
        getattr(self, f'_import_{code}')(complete, outcome)
        outcome.refused.sort(key=lambda refused: refused[0])
        return outcome

    def _need_plan(self):
        if not self.plan_id:
            self.env['kam.plan'].create({'partner_id': self.partner_id.id, 'company_id': self.company_id.id})
            self.invalidate_recordset(['plan_id'])
            self.partner_id.invalidate_recordset(['kam_plan_id'])

    def _take_complete(self, code, rows, outcome):
        """Rows that say what they must, once each; the others are refused."""
        columns = self._sheets()[code][1]
        complete, seen = {}, {}
        for number, cells in rows.items():
            missing = [self._said(column.label) for column in columns if column.required and column.code not in cells]
            identity = self._identity(code, cells)
            if not cells:
                continue
            if missing:
                self._refuse(outcome, number, cells, self.env._(
                    "Fill in “%(column)s”: without it the row says nothing.", column=missing[0]))
            elif identity in seen:
                self._refuse(outcome, number, cells, self.env._(
                    "Row %(number)s says the same already: keep one of the two.", number=seen[identity]))
            else:
                seen[identity] = number
                complete[number] = cells
        return complete

    def _identity(self, code, cells):
        """What makes two rows of a sheet the same."""
        other = {'people': 'email', 'actions': 'date'}.get(code)
        return (self._key(cells.get('name')), self._key(cells.get(other)))

    @staticmethod
    def _refuse(outcome, number, cells, reason):
        outcome.refused.append((number, cells, reason))

    def _import_goals(self, rows, outcome):
        self._import_plan_rows('goals', rows, outcome)

    def _import_categories(self, rows, outcome):
        self._import_plan_rows('categories', rows, outcome)

    def _import_plan_rows(self, code, rows, outcome):
        there = {self._key(record.name): record.id for record in self._records(code)}
        self._import_rows(code, rows, outcome, lambda cells: there.get(self._key(cells['name'])), {
            'plan_id/.id': str(self.plan_id.id)})

    def _import_actions(self, rows, outcome):
        found = defaultdict(dict)
        for action in self.env['kam.action'].search(
                [('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id)], order='id desc'):
            found[self._key(action.name)][self._key(action.date)] = action.id
            if action.state == 'planned':
                # One that was moved since is still the same.
                found[self._key(action.name)].setdefault('planned', action.id)

        def existing(cells):
            same = found[self._key(cells['name'])]
            return same.get(self._key(cells['date'])) or same.get('planned')
        self._import_rows('actions', rows, outcome, existing, {
            'partner_id/.id': str(self.partner_id.id), 'company_id/.id': str(self.company_id.id)})

    def _import_rows(self, code, rows, outcome, existing, defaults):
        """Import the rows of a sheet that has one record a row."""
        _title, columns, model = self._sheets()[code]
        directory = self._directory()
        ready = {}
        for number, cells in rows.items():
            try:
                values = {column.path: self._text(cells[column.code])
                          for column in columns if column.path and column.code in cells}
                values.update(self._looked_up(directory, cells))
            except ValueError as error:
                self._refuse(outcome, number, cells, str(error))
                continue
            record = existing(cells)
            ready[number] = (record, cells, {**({'.id': str(record)} if record else defaults), **values})

        def save(chosen):
            self._load(model, {number: values for number, (_record, _cells, values) in chosen.items()})
            return {number for number, (record, _cells, _values) in chosen.items() if not record}
        self._as_sets(ready, outcome, save)

    def _looked_up(self, directory, cells):
        """Values of the columns that name people."""
        values = {}
        if cells.get('contact'):
            values['contact_id/.id'] = str(self._find_person(directory, cells['contact']))
        if cells.get('owner'):
            values['owner_id/.id'] = str(self._find_colleague(cells['owner']))
        if cells.get('contacts'):
            values['contact_ids/.id'] = ",".join(
                str(self._find_person(directory, name)) for name in self._split(cells['contacts']))
        if cells.get('our_people'):
            values['counterpart_ids/.id'] = ",".join(
                str(self._find_colleague(name)) for name in self._split(cells['our_people']))
        if cells.get('next_step_who'):
            values['next_step_user_id/.id'] = str(self._find_colleague(cells['next_step_who']))
        return values

    # ------------------------------------------------------------------ sets
    def _as_sets(self, ready, outcome, save):
        """Save all rows at once; if that is refused, each alone, so that the good ones go in and the bad ones come
        back.

        :param ready: ``{number: (…, cells, …)}``; the second of each is its cells.
        :param save: saves such rows and returns the numbers of those that are new; raises ValueError with a reason.
        """
        def attempt(chosen):
            with self.env.cr.savepoint():
                new = save(chosen)
            outcome.added += len(new)
            outcome.updated += len(chosen) - len(new)

        try:
            if ready:
                attempt(ready)
        except (ValueError, UserError):
            for number, row in ready.items():
                try:
                    attempt({number: row})
                except (ValueError, UserError) as error:
                    self._refuse(outcome, number, row[1], str(error))

    def _load(self, model, rows):
        """Import rows through Odoo's own import; ``{number: id}``.

        Rows that fill in the same columns go together: an empty cell would empty the field.
        """
        groups = defaultdict(list)
        for number, values in rows.items():
            groups[tuple(values)].append(number)
        found = {}
        for names, numbers in groups.items():
            result = self.env[model].load(list(names), [list(rows[number].values()) for number in numbers])
            problems = [message['message'] for message in result['messages'] if message['type'] == 'error']
            if problems or not result['ids']:
                raise ValueError(problems[0] if problems else self.env._("This could not be imported."))
            found.update(zip(numbers, result['ids'], strict=True))
        return found

    # ------------------------------------------------------------------ what came back
    def _keep_refused(self, outcomes):
        """The refused rows as a workbook of its own, to be put right and imported again."""
        sheets = []
        for code, outcome in outcomes.items():
            if not outcome.refused:
                continue
            title, columns, _model = self._sheets()[code]
            sheets.append((
                title, [*self._columns(code), Column(self.env._("Reason"))],
                [[*(cells.get(column.code) for column in columns), reason]
                 for _number, cells, reason in outcome.refused]))
        self.refused_file = base64.b64encode(write_workbook(sheets)) if sheets else False
        self.refused_name = sheets and self.env._("%(account)s, to correct.xlsx", account=self.partner_id.name)
