"""One factor on the sheet: the rating that is chosen, and beside it what is known already."""
from odoo import api, fields, models


class KamRatingSheetLine(models.TransientModel):
    _name = 'kam.rating.sheet.line'
    _description = "Rating of a factor of an account"
    _inherit = ['kam.rating.line.mixin', 'kam.unknown.mixin']
    _rec_name = 'factor_id'

    sheet_id = fields.Many2one(
        'kam.rating.sheet', required=True, readonly=True, index=True, ondelete='cascade',
        export_string_translation=False)
    factor_id = fields.Many2one('kam.score.factor', "Factor", required=True, readonly=True, ondelete='cascade')
    name = fields.Char(related='factor_id.name')
    description = fields.Text(related='factor_id.description')
    dimension = fields.Selection(related='factor_id.dimension')
    anchor_1 = fields.Char(related='factor_id.anchor_1')
    anchor_4 = fields.Char(related='factor_id.anchor_4')
    anchor_7 = fields.Char(related='factor_id.anchor_7')
    anchor_10 = fields.Char(related='factor_id.anchor_10')

    @api.depends('sheet_id', 'factor_id')
    @api.depends_context('uid', 'lang', 'tz', 'allowed_company_ids')
    def _compute_state(self):
        """`share` in percent of the dimension's weight; `opinions`: each person's latest, the reader's own first."""
        for sheet in self.sheet_id:
            score = sheet._get_score()
            hidden = not score and not sheet._may_read_scores()
            explained = score._get_explanation()['dimensions'] if score else []
            rows = {row['code']: row for dimension in explained for row in dimension['rows']}
            shares, latest = sheet._get_shares(sheet.company_id), sheet._get_latest()
            for line in self.filtered(lambda line, sheet=sheet: line.sheet_id == sheet):
                row = rows.get(line.factor_id.code)
                line.share = shares.get(line.factor_id, False)
                opinions = latest.get(line.factor_id, [])
                line._set_said([(opinion, opinion.value, opinion.comment) for opinion in opinions])
                line.published = sheet._published_sentence(score, row)
                line.effect = line._get_effect(row, opinions, hidden)
                line.effect_text = line._effect_sentence()

    def _get_effect(self, row, opinions, hidden):
        """What a rating of this factor would do. `row` is its row in the published explanation, if it has one.

        :return: ``none``: it has no weight; ``hidden``: the reader may not see the scores; ``known``: it joins a part
            that is known; ``rated``: somebody rated it since, so it will be known anyway; ``adds``: it makes it known
        """
        if not self.share:
            return 'none'
        if hidden:
            return 'hidden'
        if row and row['known']:
            return 'known'
        return 'rated' if any(not opinion.is_too_old for opinion in opinions) else 'adds'

    def _effect_sentence(self):
        dimension = dict(self._fields['dimension']._description_selection(self.env))[self.dimension]
        values = {'share': self.sheet_id._percent(self.share or 0), 'dimension': dimension}
        if self.effect == 'none':
            return self.env._("Has no weight in %(dimension)s at present.", **values)
        if self.effect == 'adds':
            return self.env._("Adds %(share)s to what is known of %(dimension)s.", **values)
        if self.effect == 'rated':
            return self.env._(
                "Rated already: the next refresh adds %(share)s to what is known of %(dimension)s.", **values)
        return self.env._("%(share)s of the weight of %(dimension)s.", **values)

    # ------------------------------------------------------------------ saving
    def _save_opinions(self):
        """Make the ratings of these lines opinions of the user, of the day of the sheet.

        An opinion of that day is changed rather than doubled, and one that says the same is left alone.

        :return: how many opinions were created or changed
        """
        present = self._get_opinions_of_the_day()
        changed, new = 0, []
        for line in self:
            opinion = present.get(line.factor_id)
            if not opinion:
                new.append(line._opinion_values())
                continue
            values = line._differences(opinion)
            if values:
                opinion.write(values)
                changed += 1
        self.env['kam.assessment'].create(new)
        return changed + len(new)

    def _get_opinions_of_the_day(self):
        """What the user said of the account on the day of the sheet: ``{factor: opinion}``.

        Of several, given on different contacts of the account, the latest, because it is the one that counts. One that
        was archived is taken up again: there can be no second one of the same day.
        """
        sheet = self.sheet_id
        opinions = self.env['kam.assessment'].with_context(active_test=False).search([
            *sheet._opinion_domain(self.factor_id), ('user_id', '=', self.env.uid), ('date', '=', sheet.date)])
        usable = opinions.filtered(lambda opinion: opinion.active or opinion.partner_id == sheet.account_id)
        return {opinion.factor_id: opinion for opinion in usable.sorted(lambda opinion: (opinion.active, opinion.id))}

    def _opinion_values(self):
        sheet = self.sheet_id
        return {
            'partner_id': sheet.account_id.id, 'factor_id': self.factor_id.id, 'user_id': self.env.uid,
            'value': self.value, 'date': sheet.date, 'comment': self.comment, 'company_id': sheet.company_id.id}

    def _differences(self, opinion):
        """What must be written so that `opinion` says what this line does; an empty comment takes none away."""
        values = {'value': self.value, 'active': True}
        if self.comment:
            values['comment'] = self.comment
        return {name: value for name, value in values.items() if opinion[name] != value}
