import { registry } from "@web/core/registry";
import { choose } from "./steps";

const card = (name) => `.o_kanban_record:contains('${name}')`;
const pick = (menu, label) => [
    { trigger: ".o_searchview_dropdown_toggler", run: "click" },
    { trigger: `${menu} .o-dropdown-item:contains('${label}')`, run: "click" },
    { trigger: ".o_searchview_dropdown_toggler", run: "click" },
];

// Starts on the pipeline of whoever sells to Nordwind Iberia and to Solo Shop.
registry.category("web_tour.tours").add("kam_pipeline", {
    steps: () => [
        {
            content: "a subsidiary's card: a key, the account it belongs to, and its tier",
            trigger: `${card("For Logistics")} .kam_card_account:has(.kam_key):contains('Nordwind Iberia'):contains('Tier One')`,
        },
        {
            content: "the account's own card does not say its name twice",
            trigger: `${card("For Iberia")} .kam_card_account:has(.kam_key):contains('Tier One'):not(:contains('Nordwind'))`,
        },
        {
            content: "any other customer's card is as ever",
            trigger: `${card("For Solo")}:not(:has(.kam_key)):not(:has(.badge))`,
        },
        ...pick(".o_filter_menu", "My key accounts"),
        { trigger: `.o_kanban_renderer:not(:has(${card("For Solo")})):has(${card("For Iberia")})` },
        ...pick(".o_group_by_menu", "Tier"),
        {
            content: "one column per tier",
            trigger: `.o_kanban_group:has(.o_column_title:contains('Tier One')):has(${card("For Iberia")}):has(${card("For Logistics")})`,
        },
        { content: "open it", trigger: card("For Logistics"), run: "click" },
        {
            content: "beside the customer, the account",
            trigger: ".o_form_view .kam_form_account:has(.kam_key):contains('Nordwind Iberia'):contains('Tier One')",
        },
        // what it is to the customer
        ...choose("kam_opportunity_type_id", "Line extension", { typed: "Line" }),
        {
            content: "who asked for it",
            trigger: ".o_field_widget[name=kam_asked_by_customer] input",
            run: "check",
        },
        {
            content: "it is qualified now",
            trigger: ".o_statusbar_status button:contains('offer')",
            run: "click",
        },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains('offer')" },
        { trigger: ".o_notebook_headers a[name=lead]", run: "click" },
        {
            content: "since when",
            trigger: ".o_field_widget[name=kam_date_qualified]:contains(':')",
        },
        { trigger: ".o_form_view:not(:has(.o_form_button_save:visible))" },
    ],
});
