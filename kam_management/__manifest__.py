{
    "name": "Key Account Management",
    "summary": "Run your key accounts inside CRM: scores that explain themselves, kept true by a worker",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "KAM Management contributors",
    "license": "LGPL-3",
    "depends": ["crm", "web_hierarchy"],
    "data": [
        "security/kam_groups.xml",
        "security/ir.model.access.csv",
        "security/kam_rules.xml",
        "security/kam_sync_rules.xml",
        "data/kam_kpi_data.xml",
        "data/kam_score_factor_data.xml",
        "data/kam_company_data.xml",
        "views/res_config_settings_views.xml",
        "views/kam_settings_views.xml",
    ],
    "demo": [
        "demo/kam_demo_users.xml",
        "demo/kam_demo_data.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "kam_management/static/src/fields/*.js",
        ],
    },
    "pre_init_hook": "pre_init_hook",
    "uninstall_hook": "uninstall_hook",
    "application": True,
    "installable": True,
}
