"""The sheet on which a person rates all factors of an account at once.

It shows what the last refresh published (what is known, what the raters said together, how far they lie apart) and, as
they are at the moment, the ratings that the reader may see. Nothing is scored here. What is saved are opinions
(`kam.assessment`) in the user's own name, of those factors only in which a rating was chosen.
"""
from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..models.kam_score_factor import DIMENSIONS
from ..tools.scores import KNOWN_SHARE


class KamRatingSheet(models.TransientModel):
    _name = 'kam.rating.sheet'
    _description = "Ratings of an account"

    partner_id = fields.Many2one('res.partner', "Customer", required=True, readonly=True, ondelete='cascade')
    account_id = fields.Many2one('res.partner', "Account", compute='_compute_account_id')
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company, ondelete='cascade')
    date = fields.Date(
        required=True, default=fields.Date.context_today,
        help="The day that the ratings are of: today, unless you write down what you thought earlier.")
    line_ids = fields.One2many(
        'kam.rating.sheet.line', 'sheet_id', "Ratings", default=lambda self: self._default_line_ids())
    age = fields.Char(compute='_compute_published', export_string_translation=False)
    note = fields.Char(compute='_compute_published', export_string_translation=False)
    dimensions = fields.Json(compute='_compute_published', export_string_translation=False)

    @api.model
    def _default_line_ids(self):
        """One line per factor that people rate: by dimension, and last in each the factors without weight."""
        dimensions = [name for name, _label in DIMENSIONS]
        shares = self._get_shares(self.env.company)
        factors = self.env['kam.score.factor'].search([('source', '=', 'opinion')])
        factors = factors.sorted(lambda factor: (dimensions.index(factor.dimension), not shares.get(factor)))
        return [Command.create({'factor_id': factor.id, 'sequence': place}) for place, factor in enumerate(factors)]

    @api.depends('partner_id')
    def _compute_account_id(self):
        for sheet in self:
            sheet.account_id = sheet.partner_id.kam_account_id or sheet.partner_id

    @api.depends('account_id', 'company_id', 'line_ids.factor_id')
    @api.depends_context('uid', 'lang', 'tz')
    def _compute_published(self):
        for sheet in self:
            score = sheet._get_score()
            hidden = not score and not sheet._may_read_scores()
            sheet.age = score._age_sentence() if score else False
            sheet.note = sheet._note(score, hidden)
            explained = {row['code']: row for row in score._get_explanation()['dimensions']} if score else {}
            labels = dict(sheet.line_ids._fields['dimension']._description_selection(self.env))
            present = set(sheet.line_ids.mapped('dimension'))
            sheet.dimensions = [
                {'code': code, 'label': labels[code], 'needed': 100 * KNOWN_SHARE,
                 **sheet._known(False if hidden else explained.get(code, {}).get('known', 0))}
                for code, _label in DIMENSIONS if code in present]

    def _known(self, share):
        """How much of a dimension's weight was known when it was published; `share` is False where it is hidden."""
        if share is False:
            return {'known': False, 'text': False}
        values = {'known': self._percent(100 * share), 'needed': self._percent(100 * KNOWN_SHARE)}
        if not share:
            text = self.env._("Nothing known yet; a score needs %(needed)s of the weight", **values)
        elif share < KNOWN_SHARE:
            text = self.env._("%(known)s of the weight known; a score needs %(needed)s", **values)
        else:
            text = self.env._("%(known)s of the weight known", **values)
        return {'known': 100 * share, 'text': text}

    def _note(self, score, hidden):
        """What whoever rates should know of the account's scores."""
        if hidden:
            return self.env._(
                "The scores of this account are shown only to those who look after it. "
                "Your ratings count all the same.")
        if not score:
            return self.env._("Not scored yet: what you rate counts from the first refresh on.")
        if not score.is_compared:
            return self.env._(
                "Not assessed yet: with a rating of its strategic value, the next refresh assesses it.")
        return False

    def _percent(self, value):
        return self.env._("%(value)s%%", value=self.env['kam.score']._number(value))

    # ------------------------------------------------------------------ what there is
    @api.model
    def _get_shares(self, company):
        """How many percent of its dimension's weight each factor makes in a company: ``{factor: share}``."""
        weights = self.env['kam.score.weight'].search([('company_id', '=', company.id)])
        return {weight.factor_id: weight.share for weight in weights}

    def _get_score(self):
        """The account's scores in the company of the sheet, where the reader may see them."""
        return self.account_id.with_company(self.company_id).kam_score_id

    def _may_read_scores(self):
        """Whether the reader would see scores of this account if there were any: what is hidden is not unknown.

        The same as the rules of `kam.score` ask, here of the account, because there may be no score to ask about.
        """
        partners = self.env['res.partner'].with_context(active_test=False)
        visible = ~partners._kam_hidden_domain()
        if not self.env.user.has_group('kam_management.group_kam_manager'):
            visible &= partners._kam_own_domain()
        return bool(partners.search_count(Domain('id', '=', self.account_id.id) & visible))

    def _opinion_domain(self, factors):
        """Opinions that count for the account, on whichever of its contacts they were given."""
        contacts = self.env['res.partner'].with_context(active_test=False)._search(
            [('kam_account_id', '=', self.account_id.id)])
        return [('partner_id', 'in', contacts), ('company_id', '=', self.company_id.id),
                ('factor_id', 'in', factors.ids)]

    def _get_latest(self):
        """Each rater's latest opinion on each factor of the sheet, of those that the reader may see.

        :return: ``{factor: [opinion]}``, the newest first
        """
        opinions = self.env['kam.assessment'].search_fetch(
            self._opinion_domain(self.line_ids.factor_id), ['factor_id', 'user_id', 'value', 'date', 'comment'],
            order='date desc, id desc')
        latest = {}
        for opinion in opinions:
            latest.setdefault((opinion.factor_id, opinion.user_id), opinion)
        by_factor = {}
        for (factor, _rater), opinion in latest.items():
            by_factor.setdefault(factor, []).append(opinion)
        return by_factor

    def _published_sentence(self, score, row):
        """What the raters said together when it was last published, how far apart, and as of which day."""
        if not row or not row['known']:
            return False
        return self.env._("As of %(date)s: %(text)s", text=row['text'],
                          date=format_date(self.env, score.freshness_date or score.as_of))

    # ------------------------------------------------------------------ opening and saving
    @api.model
    def _open(self, partner):
        """A new sheet for the account of `partner`, in a window of its own."""
        self.env['kam.assessment']._refuse_hidden(partner.ids)
        sheet = self.create({'partner_id': partner.id})
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': sheet.id, 'views': [(False, 'form')],
            'name': self.env._("Rate %(account)s", account=sheet.account_id.display_name), 'target': 'new',
            'context': {'dialog_size': 'extra-large'},
        }

    def action_save(self):
        """Save what was rated, say so, and go back to the account."""
        self.ensure_one()
        rated = self.line_ids.filtered('value')
        saved = rated._save_opinions()
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'success' if saved else 'info', 'message': self._saved_sentence(rated, saved),
                'next': self._action_back(),
            },
        }

    def _saved_sentence(self, rated, saved):
        if not rated:
            return self.env._("You chose no rating: everything stays as it was.")
        if not saved:
            return self.env._("You had said the same that day: nothing changed.")
        if saved == 1:
            return self.env._("1 rating saved. The scores follow with the next refresh.")
        return self.env._("%(count)s ratings saved. The scores follow with the next refresh.", count=saved)

    def _action_back(self):
        """To where the sheet was opened; to the account if that was one of its companies, whose form has no scores."""
        if self.partner_id == self.account_id:
            return {'type': 'ir.actions.act_window_close'}
        return {'type': 'ir.actions.act_window', 'res_model': 'res.partner', 'res_id': self.account_id.id,
                'views': [(False, 'form')]}
