import { registry } from "@web/core/registry";

const TAB = ".o_notebook .o_notebook_headers a[name=kam_satisfaction]";
const moment = (name) => `.kam_journey_moment:contains('${name}')`;

// Starts on Nordwind Iberia, of whom nobody has answered: the tab says what to do, and does it.
registry.category("web_tour.tours").add("kam_satisfaction_empty", {
    steps: () => [
        { trigger: TAB, run: "click" },
        { trigger: ".kam_satisfaction[data-state=empty]:contains('Nobody has answered yet') button", run: "click" },
        { content: "of this account", trigger: "[name=partner_id] input:value('Nordwind Iberia')" },
        { trigger: "[name=kind] .o_selection_badge:contains('NPS')", run: "click" },
        { trigger: "[name=value] input", run: "edit 9" },
        { trigger: "[name=contact_id] input", run: "edit Nuria" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Nuria'):contains('Nordwind Iberia')", run: "click" },
        { trigger: "[name=partner_id]:contains('Nordwind Iberia')" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_status_indicator_buttons:not(.invisible)))" },
        { trigger: ".o_back_button, .breadcrumb-item:last", run: "click" },
        { trigger: TAB, run: "click" },
        { trigger: ".kam_satisfaction_waiting:contains('with the next refresh')" },
    ],
});

// Starts on Nordwind Iberia with figures, a delivery that goes badly, and two comments.
registry.category("web_tour.tours").add("kam_satisfaction", {
    steps: () => [
        { trigger: TAB, run: "click" },
        { trigger: ".kam_satisfaction_index:contains('72'):contains('from 8 answers of 5 people')" },
        { trigger: ".kam_satisfaction_move:contains('7 points less than 90 days ago')" },
        { content: "the line is drawn, and told", trigger: ".kam_satisfaction_canvas canvas[aria-label*='unknown']" },
        { trigger: ".kam_verbatim:contains('They answer the same day'):contains('NPS: 10')" },
        { trigger: ".kam_distribution_bar[aria-label='Promoters, 9 and 10: 1']" },
        { content: "grey where nobody answered", trigger: `${moment("Invoice")}[data-tone=unknown]:contains('No answers')` },
        { trigger: `${moment("Delivery")}[data-tone=bad]:contains('Goes badly')`, run: "click" },
        { content: "its answers, and no others", trigger: ".o_breadcrumb:contains('Delivery')" },
        { trigger: ".o_data_row:contains('Luis'), .o_kanban_record:contains('Luis')" },
        { trigger: ".o_view_controller:not(:contains('They answer the same day'))" },
        { trigger: ".o_back_button, .breadcrumb-item:last", run: "click" },
        { trigger: TAB, run: "click" },
        { trigger: ".kam_verbatim:contains('A day late')", run: "click" },
        { trigger: ".o_form_view [name=comment]:has(textarea)" },
    ],
});
