import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

export const openApp = [
    stepUtils.showAppsMenuItem(),
    {
        content: "open Key Accounts",
        trigger: ".o_app[data-menu-xmlid='kam_management.menu_root']",
        run: "click",
    },
];

registry.category("web_tour.tours").add("kam_portfolio", {
    steps: () => [
        ...openApp,
        {
            content: "an unknown revenue is unknown, and not 0",
            trigger:
                ".o_data_row:contains('Cirrus Café') [name=revenue]:contains('unknown'):not(:contains('0'))",
        },
        {
            content: "an account that was not compared is not assessed",
            trigger:
                ".o_data_row:contains('Cirrus Café') [name=attractiveness]:contains('not assessed')",
        },
        {
            content: "an unknown score is not red",
            trigger:
                ".o_data_row:contains('Aurora Foods') [name=position]:contains('unknown'):not(:has(.text-danger))",
        },
        {
            content: "a band is a word beside its colour",
            trigger: ".o_data_row:contains('Borealis Bakery') [name=health]:contains('31 Red')",
        },
        {
            content: "open the filters",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "filter class A",
            trigger: ".o_filter_menu .o_menu_item:contains('Class A')",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:not(:contains('Cirrus Café')) .o_data_row:contains('Borealis Bakery')",
        },
        { content: "as cards", trigger: ".o_switch_view.o_kanban", run: "click" },
        {
            content: "a card says what is unknown",
            trigger:
                ".o_kanban_record:contains('Aurora Foods') .kam_card_score:contains('Willingness'):contains('unknown')",
        },
        { content: "as a pivot", trigger: ".o_switch_view.o_pivot", run: "click" },
        {
            content: "an average of nothing known is unknown",
            trigger: ".o_pivot_cell_value:contains('31')",
        },
        { content: "as a graph", trigger: ".o_switch_view.o_graph", run: "click" },
        { trigger: ".o_graph_canvas_container canvas" },
        { content: "back to the list", trigger: ".o_switch_view.o_list", run: "click" },
        {
            content: "open an account",
            trigger: ".o_data_row:contains('Aurora Foods') td[name=partner_id]",
            run: "click",
        },
        {
            content: "its score, to be read from afar",
            trigger: ".o_form_view .kam_tile[data-name=attractiveness]:contains('62')",
        },
        {
            content: "an unknown one",
            trigger: ".kam_tile[data-name=position] .kam_unknown:contains('unknown')",
        },
        {
            content: "why it is less than last week",
            trigger: ".kam_moved li:contains('Attractiveness is 5 less than on')",
        },
        {
            content: "why it is what it is",
            trigger:
                ".kam_part[data-name=attractiveness] tr[data-name=strategic_value]:contains('+23.3')",
        },
        {
            content: "what is missing, and why",
            trigger:
                ".kam_part[data-name=attractiveness] tr[data-name=expected_growth]:contains('there are no figures')",
        },
        { content: "to the customer", trigger: "button[name=action_open_partner]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=name]:has(:value('Aurora Foods'))" },
    ],
});
