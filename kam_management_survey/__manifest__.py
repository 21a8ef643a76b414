{
    "name": "Key Account Management: Surveys",
    "summary": "Ask the people of an account how you are doing, and count what they answer",
    "version": "19.0.1.2.0",
    "category": "Sales/CRM",
    "author": "KAM Management contributors",
    "license": "LGPL-3",
    "depends": ["kam_management", "survey"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "security/kam_survey_rules.xml",
        "data/survey_data.xml",
        "data/kam_satisfaction_source_data.xml",
        "data/mail_template_data.xml",
        "views/kam_satisfaction_source_views.xml",
        "wizards/kam_survey_send_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
        "views/kam_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "kam_management_survey/static/src/*",
        ],
        "web.assets_tests": [
            "kam_management_survey/static/tests/tours/*.js",
        ],
    },
    "pre_init_hook": "pre_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
