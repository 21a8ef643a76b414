import { registry } from "@web/core/registry";
import { ACCOUNT_TAB } from "./steps";

// Starts on the form of Dune Market, a key account since today.
registry.category("web_tour.tours").add("kam_key_account", {
    steps: () => [
        { content: "the tab", trigger: ACCOUNT_TAB, run: "click" },
        {
            content: "its scores are still to come",
            trigger: ".kam_panel [name=kam_no_score_yet]:contains('with the next refresh')",
        },
        { content: "rate it", trigger: "button[name=action_rate_account]", run: "click" },
        {
            content: "what 7 means",
            trigger: ".modal [data-name='Strategic value'] .kam_anchors li:contains('Opens doors')",
        },
        {
            trigger: ".modal [data-name='Strategic value'] .kam_rating_step[data-step='7']",
            run: "click",
        },
        { trigger: ".modal [data-name='Strategic value'] .kam_step_chosen[data-step='7']" },
        { trigger: ".modal .kam_anchor_near:contains('Opens doors')" },
        { trigger: ".modal button[name=action_save]", run: "click" },
        {
            content: "it is on the tab",
            trigger:
                ".o_field_widget[name=kam_assessment_ids] .o_data_row:contains('Strategic value') [name=value]:contains('7')",
        },
        {
            content: "all key accounts",
            trigger: ".o_main_navbar .o_menu_toggle, .o_navbar_apps_menu button",
            run: "click",
        },
        { trigger: ".o_app[data-menu-xmlid='kam_management.menu_root']", run: "click" },
        {
            trigger: ".o_menu_sections [data-menu-xmlid='kam_management.menu_key_accounts']",
            run: "click",
        },
        {
            content: "the new one is there before its first scores",
            trigger: ".o_data_row:contains('Dune Market') [name=kam_health]:contains('unknown')",
        },
        {
            content: "one with scores",
            trigger: ".o_data_row:contains('Aurora Foods') td[name=complete_name]",
            run: "click",
        },
        { trigger: ".o_form_view .o_last_breadcrumb_item:contains('Aurora Foods')" },
        { trigger: ACCOUNT_TAB, run: "click" },
        {
            trigger:
                ".kam_panel .kam_tile[data-name=attractiveness] .kam_tile_value:contains('62')",
        },
        {
            content: "unknown is said in words",
            trigger: ".kam_panel .kam_tile[data-name=willingness] .kam_unknown:contains('unknown')",
        },
        { content: "how old they are", trigger: ".kam_panel [name=kam_age]:contains('today')" },
    ],
});
