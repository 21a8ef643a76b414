"""What a source reads, as SQL built by the ORM: its answers, and who was asked.

Both are statements with one row per record, in terms of the origin: which contact, which day, which number. Whose
answer that is, and whether it counts, is decided afterwards and alike for all sources
(`kam_satisfaction_source_collect.py`).
An app whose records need more than paths overrides `_request_rows`, `_request_model` and `_refusal_cases`.
"""
from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

# Odoo's ratings and comments in a discussion are made and answered at once: nobody was asked for those.
AT_ONCE = '10 seconds'


class KamSatisfactionSource(models.Model):
    _inherit = 'kam.satisfaction.source'

    # ------------------------------------------------------------------ for other apps
    def _request_model(self):
        """The model whose records were asked, by which requests are known."""
        return self.model_name

    def _request_rows(self, company, since):
        """Who was asked, as SQL, or None where that is not known.

        :param company: the company whose days are meant
        :param since: only what changed after that moment is of interest; None: everything
        :return: columns ``origin_id, partner, company, day, answered_on``: number of the record of `_request_model`,
            contact, company that the record names (may be NULL), day of the question, day of the answer or NULL
        """
        self.ensure_one()
        if not self._asks():
            return None
        model = self._model()
        query = model._search(Domain(self._parse_domain(self.request_domain)))
        answered = model._search(Domain(self._parsed_domain())).subselect()
        asked, replied = self._path(model, query, self.request_date_field), self._path(model, query, self.date_field)
        number = SQL.identifier(query.table, 'id')
        if since:
            query.add_where(self._changed(model, query, since))
        if self._is_moment(model, self.request_date_field) and self._is_moment(model, self.date_field):
            query.add_where(SQL("(%s NOT IN %s OR %s > %s + %s::interval)", number, answered, replied, asked, AT_ONCE))
        return query.select(
            SQL("%s AS origin_id", number),
            SQL("%s AS partner", self._path(model, query, self.partner_path)),
            SQL("%s AS company", self._record_company(model, query)),
            SQL("%s AS day", self._day(model, query, self.request_date_field, company)),
            SQL("CASE WHEN %s IN %s THEN %s END AS answered_on", number, answered,
                self._day(model, query, self.date_field, company)),
        )

    def _refusal_cases(self, model, query):
        """More reasons why a record does not count: ``[(reason, condition as SQL)]``, asked before all others.

        `_path` gives the SQL of a field of the record. A new reason joins the selection of `kam.satisfaction.refusal`.
        """
        return []

    # ------------------------------------------------------------------ answers
    def _answer_rows(self, company, since, changed_after):
        """Records that are answers, one row each.

        :param since: leave out what did not change after that moment; None: everything
        :param changed_after: ``fresh`` says whether the record changed after that moment; None: it did not
        """
        model = self._model()
        query = model._search(Domain(self._parsed_domain()))
        number = SQL.identifier(query.table, 'id')
        cases = [SQL("WHEN %s THEN %s", condition, reason) for reason, condition in self._refusal_cases(model, query)]
        columns = [
            SQL("%s AS origin_id", number),
            SQL("%s AS partner", self._path(model, query, self.partner_path)),
            SQL("%s AS company", self._record_company(model, query)),
            SQL("%s AS day", self._day(model, query, self.date_field, company)),
            SQL("(%s)::float8 AS given", self._path(model, query, self.value_path)),
            SQL("NULLIF(trim(%s), '') AS words", self._path(model, query, self.comment_path))
            if self.comment_path else SQL("NULL::text AS words"),
            SQL("%s AS fresh", self._changed(model, query, changed_after) if changed_after else SQL("FALSE")),
            SQL("CASE %s END AS refused", SQL(" ").join(cases)) if cases else SQL("NULL::varchar AS refused"),
        ]
        if since:
            # What was dated in the future is looked at again when its day has come, whether it changed or not.
            query.add_where(SQL(
                """(%s OR %s IN (SELECT origin_id FROM kam_satisfaction_refusal
                                  WHERE source_id = %s AND reason = 'future' AND date <= %s))""",
                self._changed(model, query, since), number, self.id, company._kam_today()))
        return query.select(*columns)

    def _answer_ids(self):
        return self._model()._search(Domain(self._parsed_domain())).subselect()

    def _changed_ids(self, name, after):
        """Records of a model that changed after a moment, whether they count or not, as SQL."""
        model = self.env[name].sudo().with_context(active_test=False)
        query = model._search(Domain.TRUE)
        query.add_where(self._changed(model, query, after) if name == self.model_name else SQL(
            "%s > %s", self._written(model, query.table), after))
        return query.subselect()

    # ------------------------------------------------------------------ from definitions to SQL
    def _model(self):
        # In sudo: Odoo itself collects. Only system administrators say what, so nobody reads more than they may by it.
        return self.env[self.model_name].sudo()

    def _path(self, model, query, path):
        """The SQL of a field of a record, or of one that fields with dots between lead to."""
        alias = query.table
        *names, last = path.split('.')
        for name in names:
            model, alias = model._fields[name].join(model, alias, query)
        return model._field_to_sql(alias, last, query)

    def _record_company(self, model, query):
        return self._path(model, query, self.company_field) if self.company_field else SQL("NULL::integer")

    def _is_moment(self, model, path):
        *names, last = path.split('.')
        return self._follow(model, names)[0]._fields[last].type == 'datetime'

    def _day(self, model, query, path, company):
        column = self._path(model, query, path)
        if self._is_moment(model, path):
            # In sudo: whoever sets sources up need not read the contact of the company.
            return SQL("timezone(%s, timezone('UTC', %s))::date", company.sudo()._kam_timezone(), column)
        return SQL("%s", column)

    def _changed(self, model, query, after):
        """Whether a record, or one that the ways to its answer pass through, was written after a moment."""
        found = {}
        for path in self._ways():
            way, alias = model, query.table
            found[alias] = self._written(way, alias)
            for name in path.split('.')[:-1]:
                field = way._fields[name]
                if field.type != 'many2one' or not field.store:
                    break
                way, alias = field.join(way, alias, query)
                found[alias] = self._written(way, alias)
        return SQL("(%s)", SQL(" OR ").join(SQL("%s > %s", written, after) for written in found.values()))

    def _ways(self):
        paths = [self.partner_path, self.value_path, self.date_field, self.comment_path, self.company_field]
        for text in (self.domain, self.request_domain):
            paths += [condition.field_expr for condition in Domain(self._parse_domain(text)).iter_conditions()]
        return [path for path in paths if path]

    def _written(self, model, alias):
        # A model that keeps no dates may have changed at any time.
        return SQL.identifier(alias, 'write_date') if model._log_access else SQL("'infinity'::timestamp")
