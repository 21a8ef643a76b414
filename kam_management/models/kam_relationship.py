"""Where we stand with an account and where we want to: its stage in the relational pyramid, today and as a target.

One row per account and company, as confidential as the account, which is why it is no field of the contact. People
decide on the stage; the share of wallet only suggests one. What the next stage asks for stands in `tools/pyramid.py`.
"""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, formatLang

from ..tools.aspects import ASPECTS, GROUPS, INVERTED
from ..tools.fields import UnknownFloat
from ..tools.pyramid import conditions_of, next_stage, suggested_stage
from ..tools.relationship import is_alone, mean_of

STAGES = [
    ('basic', "Basic"),
    ('cooperative', "Cooperative"),
    ('interdependent', "Interdependent"),
    ('integrated', "Integrated"),
]


class KamRelationship(models.Model):
    _name = 'kam.relationship'
    _description = "Relation with an account"
    _inherit = ['mail.thread', 'kam.account.mixin', 'kam.unknown.mixin']
    _order = 'partner_id, id'
    _rec_names_search = ['partner_id']
    _mail_post_access = 'read'

    partner_id = fields.Many2one('res.partner', "Account", required=True, index=True, ondelete='restrict')
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='restrict', default=lambda self: self.env.company)
    stage = fields.Selection(STAGES, "Stage today", tracking=True, help="Where the relation stands today.")
    stage_date = fields.Date(
        "Since", compute='_compute_stage_date', store=True, readonly=False, tracking=True,
        help="Since when it is in this stage.")
    target_stage = fields.Selection(STAGES, "Target stage", tracking=True, help="Where we want the relation to be.")
    target_date = fields.Date("Target by", tracking=True, help="By when we want to be there.")
    note = fields.Text("What makes us think so", tracking=True)
    kam_manager_id = fields.Many2one(related='partner_id.kam_manager_id')
    kam_tier_id = fields.Many2one(related='partner_id.kam_tier_id')

    suggested_stage = fields.Selection(STAGES, "Suggested by the share of wallet", compute='_compute_suggestion')
    suggestion = fields.Char("Suggestion", compute='_compute_suggestion')
    quality = UnknownFloat(
        "Relationship quality", compute='_compute_suggestion', help="As last published, from 0 to 100.")
    gaps_html = fields.Html("For the next stage", compute='_compute_gaps_html', sanitize=False)
    aspects_html = fields.Html("What the raters say", compute='_compute_aspects_html', sanitize=False)

    # A Constraint and no UniqueIndex: the wizard that merges contacts knows only the former.
    _partner_company_unique = models.Constraint(
        'UNIQUE(partner_id, company_id)', "This account has its row already: open that one.")

    # ------------------------------------------------------------------ computes
    @api.depends('partner_id')
    def _compute_display_name(self):
        for relation in self:
            relation.display_name = relation.partner_id.display_name

    @api.depends('stage')
    def _compute_stage_date(self):
        today = self.env.company._kam_today()
        for relation in self:
            relation.stage_date = bool(relation.stage) and today

    @api.depends('partner_id', 'company_id')
    @api.depends_context('uid', 'lang', 'tz')
    def _compute_suggestion(self):
        scores = self._find_scores()
        labels = dict(self._fields['stage']._description_selection(self.env))
        for relation in self:
            score = scores.get(relation._key())
            share = score.share_of_wallet if score else False
            stage = suggested_stage(share, relation._cuts())
            relation.suggested_stage = stage
            relation.quality = score.relationship_quality if score else False
            if stage:
                relation.suggestion = self.env._(
                    "%(stage)s, from a share of wallet of %(share)s%% on %(date)s", stage=labels[stage],
                    share=formatLang(self.env, 100 * share, digits=0),
                    date=format_date(self.env, score.freshness_date or score.as_of))
            else:
                relation.suggestion = self.env._("unknown: no share of wallet has been published yet")

    @api.depends('partner_id', 'company_id', 'stage')
    @api.depends_context('uid', 'lang')
    def _compute_gaps_html(self):
        labels = dict(self._fields['stage']._description_selection(self.env))
        facts = self._find_facts()
        for relation in self:
            stage = next_stage(relation.stage)
            rows = conditions_of(stage, facts[relation], relation._cuts()) if stage else []
            relation.gaps_html = self.env['ir.qweb']._render('kam_management.relationship_gaps', {
                'is_top': relation.stage and not stage,
                'rows': [{**row, **relation._condition_words(row)} for row in rows],
                'summary': self.env._(
                    "%(stage)s asks for %(count)s things; %(missing)s are missing.", stage=labels.get(stage),
                    count=len(rows), missing=sum(not row['met'] for row in rows))})

    @api.depends('partner_id', 'company_id')
    @api.depends_context('uid', 'lang', 'tz')
    def _compute_aspects_html(self):
        said = self._find_assessments()
        for relation in self:
            found = said[relation]
            manager = relation.partner_id.kam_manager_id
            alone = bool(found) and is_alone(found.user_id, manager)
            relation.aspects_html = self.env['ir.qweb']._render('kam_management.relationship_aspects', {
                'groups': [(relation._group_label(group), [
                    relation._aspect_row(aspect, found._ratings_of(aspect), manager) for aspect in aspects])
                    for group, aspects in GROUPS.items()],
                'raters': len(found.user_id), 'number': self.env['kam.score']._number,
                'alone': alone and self.env._(
                    "Only %(manager)s, who manages the account, has rated it. There is no mean until a second person "
                    "rates it.", manager=manager.name)})

    def _aspect_row(self, aspect, ratings, manager):
        """One aspect as the panel shows it: mean and spread of the raters' latest, and each of them."""
        latest = {rater: rating for rater, (rating, _before) in ratings.items()}
        return {
            'aspect': aspect, 'label': self.env['kam.relationship.assessment']._label(aspect),
            'inverted': aspect in INVERTED, 'mean': mean_of(latest, manager),
            'lowest': min(latest.values(), default=False), 'highest': max(latest.values(), default=False),
            'raters': [
                {'id': rater.id, 'name': rater.name, 'rating': rating, 'before': before,
                 'moved': before is not False and rating - before}
                for rater, (rating, before) in ratings.items()],
        }

    @api.model
    def _group_label(self, group):
        return {
            'bond': self.env._("Trust and bond"),
            'ground': self.env._("Common ground"),
            'work': self.env._("Working together"),
        }[group]

    # ------------------------------------------------------------------ what is known
    def _key(self):
        return (self.partner_id._origin.id, self.company_id._origin.id)

    def _cuts(self):
        # Settings are for users to read; the cuts belong to whoever reads the stage.
        return self.company_id.sudo().kam_settings_id._stage_cuts()

    def _find_scores(self):
        """``{(account id, company id): score}``, as far as the reader may see them."""
        scores = self.env['kam.score'].search([
            ('partner_id', 'in', self.partner_id._origin.ids), ('company_id', 'in', self.company_id._origin.ids)])
        return {(score.partner_id.id, score.company_id.id): score for score in scores}

    def _find_assessments(self):
        """``{relation: assessments that count, the newest first}``."""
        model = self.env['kam.relationship.assessment']
        found = {}
        for company in self.company_id:
            own = self.filtered(lambda relation, company=company: relation.company_id == company)
            by_account = model._find_counting(own.partner_id, company)
            found.update({relation: by_account.get(relation.partner_id._origin, model) for relation in own})
        return {relation: found.get(relation, model) for relation in self}

    def _find_facts(self):
        """What the conditions of the next stage ask for: ``{relation: {code: number, False while unknown}}``."""
        scores, said, counts = self._find_scores(), self._find_assessments(), self._find_counts()
        facts = {}
        for relation in self:
            manager = relation.partner_id.kam_manager_id
            score = scores.get(relation._key())
            facts[relation] = {
                'share_of_wallet': score.share_of_wallet if score else False,
                **{aspect: mean_of(
                    {rater: rating for rater, (rating, _before) in said[relation]._ratings_of(aspect).items()}, manager)
                   for aspect in ASPECTS},
                **{code: found.get(relation._key(), 0) for code, found in counts.items()},
            }
        return facts

    def _find_counts(self):
        """What is counted for the conditions: ``{code: {(account id, company id): number}}``. More files add theirs."""
        accounts = self.partner_id._origin
        members = self.env['kam.team.member'].search([('partner_id', 'in', accounts.ids)]).filtered('is_current')
        functions, sponsors = {}, {}
        for member in members:
            for company in self.company_id._origin:
                key = (member.partner_id.id, company.id)
                if member.function_id:
                    functions.setdefault(key, set()).add(member.function_id.id)
                if member.role == 'sponsor':
                    sponsors[key] = 1
        cocreated = [('kind_code', '=', 'cocreation'), ('state', '=', 'done')]
        return {
            'functions': {key: len(found) for key, found in functions.items()},
            'sponsor': sponsors,
            'goals': self._count_by_account('kam.plan.goal', 'plan_id.partner_id', [('whose', '!=', 'us')]),
            'joint_actions': self._count_by_account('kam.action', 'partner_id', cocreated),
            'backed_actions': self._count_by_account(
                'kam.action', 'partner_id', [*cocreated, ('answer', '=', 'backed')]),
            'kept_by_customer': self._count_by_account(
                'kam.plan.commitment', 'plan_id.partner_id',
                [('owed_by', '=', 'customer'), ('date_done', '!=', False)]),
        }

    def _count_by_account(self, model, path, domain):
        rows = self.env[model]._read_group(
            [(path, 'in', self.partner_id._origin.ids), *domain], [path, 'company_id'], ['__count'])
        return {(partner.id, company.id): count for partner, company, count in rows}

    def _condition_words(self, row):
        """A condition in words: what is needed, and what there is of it."""
        code, found = row['code'], row['found']
        number = self.env['kam.score']._number
        if code in ASPECTS:
            label = self.env['kam.relationship.assessment']._label(code)
            if code in INVERTED:
                text = self.env._("%(aspect)s rated %(needed)s or less", aspect=label, needed=row['needed'])
            else:
                text = self.env._("%(aspect)s rated %(needed)s or more", aspect=label, needed=row['needed'])
            return {'text': text, 'state': self.env._("unknown") if found is False else number(found)}
        if code == 'share_of_wallet':
            return {
                'text': self.env._("Share of wallet of %(needed)s%% or more", needed=number(row['needed'])),
                'state': self.env._("unknown") if found is False else self.env._(
                    "%(value)s%%", value=number(100 * found))}
        text = {
            'goals': self.env._("Goals or needs of the customer stand in the account plan: %(needed)s or more",
                                needed=row['needed']),
            'functions': self.env._("Functions of ours in the account team: %(needed)s or more", needed=row['needed']),
            'pairs': self.env._(
                "Functions in touch on both sides, ours with theirs: %(needed)s pairs or more", needed=row['needed']),
            'sponsor': self.env._("An executive sponsor in the account team"),
            'joint_actions': self.env._("Something made together: a co-creation done"),
            'backed_actions': self.env._("A co-creation that the customer backs"),
            'kept_by_customer': self.env._("A commitment that the customer has kept"),
        }[code]
        return {'text': text, 'state': number(found)}

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id')
    def _check_partner_id(self):
        self.partner_id._kam_require_account()

    @api.constrains('stage', 'target_stage')
    def _check_target_stage(self):
        order = [stage for stage, _label in STAGES]
        labels = dict(self._fields['stage']._description_selection(self.env))
        for relation in self:
            stage, target = relation.stage, relation.target_stage
            if stage and target and order.index(target) < order.index(stage):
                raise ValidationError(self.env._(
                    "The target “%(target)s” lies below the stage “%(stage)s” of today. Aim at the same stage or a "
                    "higher one, or correct the stage of today.", target=labels[target], stage=labels[stage]))

    @api.constrains('stage_date')
    def _check_stage_date(self):
        today = self.env.company._kam_today()
        for relation in self:
            if relation.stage_date and relation.stage_date > today:
                raise ValidationError(self.env._(
                    "The relation can't be in its stage since %(date)s, which is yet to come. Choose today or a day "
                    "before.", date=format_date(self.env, relation.stage_date)))

    # ------------------------------------------------------------------ ways
    def action_rate(self):
        self.ensure_one()
        return self.env['kam.relationship.sheet'].with_company(self.company_id)._open(self.partner_id)

    def action_open_assessments(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_relationship_assessment_action'),
            'domain': [('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id)],
            'context': {'default_partner_id': self.partner_id.id},
        }

    def action_open_account(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'res.partner', 'res_id': self.partner_id.id,
                'views': [(False, 'form')]}

    def action_take_suggestion(self):
        """The stage becomes the one that the share of wallet suggests."""
        for relation in self.filtered('suggested_stage'):
            relation.stage = relation.suggested_stage
