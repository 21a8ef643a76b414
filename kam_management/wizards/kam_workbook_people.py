"""The workbook's sheet of people: who is meant by a row, and what is saved of them.

An e-mail and a name together say who it is; the name alone where one of the two sides gives no e-mail. Where a row
could mean two people it comes back: taking one person for another would overwrite what is known of them.
"""
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

# The fields of a contact, by the column of the sheet of people.
CONTACT = {'name': 'name', 'job_title': 'function', 'email': 'email', 'phone': 'phone'}


class KamWorkbook(models.TransientModel):
    _inherit = 'kam.workbook'

    def _import_people(self, rows, outcome):
        stakeholders = {row.contact_id.id: row.id for row in self._records('people')}
        ready, saved = self._find_people(rows, outcome), {}
        self._as_sets(ready, outcome, lambda chosen: self._save_people(chosen, stakeholders, saved))
        refused = {number for number, _cells, _reason in outcome.refused}
        self._import_hierarchy(
            {number: row[1] for number, row in ready.items() if number not in refused}, saved, outcome)

    # ------------------------------------------------------------------ who is meant
    def _find_people(self, rows, outcome):
        """Whom each row means: ``{number: (contact, empty for somebody new, its cells, values of what it names)}``."""
        there, gone = self._known_people()
        known = self._index(there, 'name'), self._index(there, 'email')
        gone = self._index(gone, 'name')
        # People of the same name whom the file itself tells apart by their e-mails.
        told = {(self._key(cells['name']), self._key(cells.get('email'))) for cells in rows.values()}
        ready, taken = {}, {}
        for number, cells in rows.items():
            try:
                person = self._find_known(cells, *known, told)
                if not person:
                    self._refuse_gone(cells, gone)
                self._refuse_again(number, cells, person, taken)
                ready[number] = (person, cells, self._looked_up({}, cells))
            except ValueError as error:
                self._refuse(outcome, number, cells, str(error))
        return ready

    def _known_people(self):
        """The people of the account, and those who were."""
        people = self.env['res.partner'].with_context(active_test=False).search(
            [('kam_account_id', '=', self.partner_id.id), ('is_company', '=', False)])
        left = self.env['kam.stakeholder'].with_context(active_test=False).search(
            [('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id),
             ('state', '=', 'left')]).contact_id
        there = people.filtered('active') - left
        return there.with_env(self.env), ((people | left) - there).with_env(self.env)

    def _index(self, people, name):
        """``{name or e-mail in small letters: people}``"""
        found = defaultdict(self.env['res.partner'].browse)
        for person in people:
            found[self._key(person[name])] |= person
        return found

    def _find_known(self, cells, by_name, by_mail, told):
        """Who of the account's people a row means, none if it is somebody new; raises ValueError where that isn't
        certain."""
        name, email = self._key(cells['name']), self._key(cells.get('email'))
        found, same_mail = by_name[name], by_mail[email] if email else None
        values = {'name': cells['name'], 'email': cells.get('email'), 'account': self.partner_id.display_name}
        if same_mail:
            found &= same_mail
            if not found:
                raise ValueError(self.env._(
                    "“%(email)s” is the e-mail of %(person)s. Write that name if it is the same person; if they share "
                    "the mailbox, leave the e-mail of %(name)s empty.", person=same_mail[0].name, **values))
        elif email:
            others = found.filtered(lambda person: person.email and (name, self._key(person.email)) not in told)
            found = found.filtered(lambda person: not person.email)
            if others and not found:
                raise ValueError(self.env._(
                    "There is a %(name)s at %(account)s already, with the e-mail %(known)s. If it is the same person, "
                    "change the e-mail there first; if it is somebody else, add a second surname.",
                    known=others[0].email, **values))
        if len(found) > 1:
            raise ValueError(self.env._(
                "There are several people called “%(name)s” at %(account)s: write the e-mail of the one you mean.",
                name=values['name'], account=values['account']))
        return found

    def _refuse_gone(self, cells, gone):
        """Raise ValueError where a row means somebody who is at the account no longer."""
        found = gone[self._key(cells['name'])][:1]
        if not found:
            return
        values = {'person': found.name, 'account': self.partner_id.display_name}
        if found.active or self.env['kam.stakeholder'].with_context(active_test=False).search_count(
                [('contact_id', '=', found.id), ('partner_id', '=', self.partner_id.id)], limit=1):
            raise ValueError(self.env._(
                "%(person)s has left %(account)s. Use “Is back” on that stakeholder first if it is so; else delete the "
                "row.", **values))
        raise ValueError(self.env._(
            "The contact %(person)s of %(account)s is archived. Restore it first, or delete the row.", **values))

    def _refuse_again(self, number, cells, person, taken):
        """Raise ValueError where an earlier row means the same person; note whom this one means."""
        name, email = self._key(cells['name']), self._key(cells.get('email'))
        if person:
            same = taken.get(person)
        else:
            same = taken.get((name, email)) or taken.get((name, "") if email else (name, None))
            if email and taken.get(email):
                raise ValueError(self.env._(
                    "Row %(number)s has this e-mail too, with another name. If they share the mailbox, leave the "
                    "e-mail empty here.", number=taken[email]))
        if same:
            raise ValueError(self.env._(
                "Row %(number)s says the same already: keep one of the two.", number=same))
        if person:
            taken[person] = number
        else:
            taken.update(dict.fromkeys([(name, email), (name, None)], number))
            if email:
                taken[email] = number

    # ------------------------------------------------------------------ what is saved
    def _save_people(self, chosen, stakeholders, saved):
        """Save contacts and what makes them stakeholders; returns the numbers of those that are new.

        :param chosen: as :meth:`_find_people` returns it
        :param saved: is told the stakeholder of each row
        :raises ValueError: with the reason, if one is refused.
        """
        found = self._save_contacts(chosen)
        people = {}
        for number, (_contact, cells, looked_up) in chosen.items():
            values = {column.path: self._text(cells[column.code])
                      for column in self._sheets()['people'][1] if column.path and column.code in cells}
            there = stakeholders.get(found[number])
            head = {'.id': str(there)} if there else {
                'contact_id/.id': str(found[number]), 'partner_id/.id': str(self.partner_id.id),
                'company_id/.id': str(self.company_id.id)}
            people[number] = {**head, **values, **looked_up}
        loaded = self._load('kam.stakeholder', people)
        new = {number for number in chosen if found[number] not in stakeholders}
        stakeholders.update({found[number]: loaded[number] for number in chosen})
        saved.update(loaded)
        return new

    def _save_contacts(self, chosen):
        """The contacts of these rows, new or brought up to date; ``{number: id}``.

        Not through Odoo's import, which reads all fields of a contact, also those of apps that the user has no part in.
        """
        found, new = {}, {}
        for number, (contact, cells, _looked_up) in chosen.items():
            values = {CONTACT[name]: self._text(value) for name, value in cells.items() if name in CONTACT}
            if contact:
                # The name is what they were found by: as it stands, it is written with more care than here.
                contact.write({name: value for name, value in values.items() if name != 'name'})
                found[number] = contact.id
            else:
                new[number] = {**values, 'parent_id': self.partner_id.id, 'is_company': False}
        added = self.env['res.partner'].create(list(new.values()))
        return {**found, **dict(zip(new, added.ids, strict=True))}

    def _import_hierarchy(self, rows, saved, outcome):
        """Who reports to whom, once everybody is there."""
        directory = self._directory()
        by_contact = {row.contact_id.id: row for row in self._records('people')}
        for number, cells in rows.items():
            person = self.env['kam.stakeholder'].browse(saved[number])
            known = person.reports_to_id.contact_id
            if not cells.get('reports_to') or self._key(cells['reports_to']) in (
                    self._key(known.name), self._key(known.email)):
                continue
            try:
                boss = by_contact.get(self._find_person(directory, cells['reports_to']))
                if not boss:
                    raise ValueError(self.env._(
                        "“%(name)s” is a contact of %(account)s, and none of its stakeholders yet: add a row for them "
                        "to the sheet of people.", name=cells['reports_to'], account=self.partner_id.display_name))
                with self.env.cr.savepoint():
                    person.reports_to_id = boss
            except (ValueError, UserError) as error:
                self._refuse(outcome, number, cells, str(error))
