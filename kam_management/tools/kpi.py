"""What a key figure can be: its kinds, areas, units, parts in the scores, and the figures that the worker rolls up.

One place for the words that Odoo, the frozen configuration and the worker share.
"""
KINDS = [('source', "Source"), ('figure', "Figure of the worker"), ('formula', "Formula")]
AREAS = [
    ('opportunities', "Opportunities"), ('sales', "Sales"), ('relationships', "Relationships"),
    ('satisfaction', "Satisfaction"), ('alerts', "Alerts"), ('supply', "Supply"), ('finance', "Finance"),
]
UNITS = [
    ('amount', "Amount"), ('count', "Number of records"), ('percent', "Percent"), ('days', "Days"),
    ('score', "Score (0 to 100)"), ('number', "Number"),
]
ROLES = [
    ('revenue_invoices', "Revenue: invoices"), ('revenue_orders', "Revenue: orders"),
    ('revenue_opportunities', "Revenue: won opportunities"), ('margin', "Margin"),
    ('margin_base', "Revenue that the margin is read from"), ('pipeline', "Pipeline"),
    ('cost_driver', "Cost driver"), ('won', "Won opportunities"), ('lost', "Lost opportunities"),
    ('open_qualified', "Open qualified pipeline"), ('debt', "Unpaid amounts by due date"),
]
GRAINS = [('month', "Month"), ('quarter', "Quarter"), ('year', "Year"), ('rolling', "Last 12 months")]
FIGURES = [
    ('nps', "NPS"), ('csat', "CSAT"), ('ces', "CES"), ('favourability', "Favourability"),
    ('satisfaction_index', "Satisfaction index"), ('response_rate', "Response rate"),
    ('relationship_strength', "Strength of the relationship"), ('coverage', "Coverage"),
    ('role_coverage', "Role coverage"), ('relationship_gap', "Relationship gap"),
    ('people_in_touch', "People in touch"), ('contacts_90', "Contacts in 90 days"),
    ('relationship_quality', "Relationship quality"),
    ('share_of_wallet', "Share of wallet"), ('white_space', "White space"),
    ('net_margin', "Net customer margin"), ('margin_percent', "Gross margin in percent"),
    ('cost_to_serve', "Cost to serve"), ('growth', "Growth"), ('gross_retention', "Gross retention"),
    ('net_retention', "Net retention"), ('win_rate', "Win rate"), ('overdue_amount', "Overdue amount"),
    ('overdue_days', "Days overdue"), ('cost_of_capital', "Cost of capital of overdue amounts"),
    ('pipeline_coverage', "Pipeline coverage"), ('health', "Health"),
    ('sales_attainment', "Sales against target"), ('budget_attainment', "Sales against budget"),
    ('sales_pace', "Pace of sales"),
]
# Figures that have a value in every period; of the others only today's is known.
DATED_FIGURES = ('win_rate', 'sales_attainment', 'budget_attainment', 'sales_pace')
