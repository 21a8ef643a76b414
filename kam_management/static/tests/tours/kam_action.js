import { registry } from "@web/core/registry";
import { choose } from "./steps";

const field = (name, tag = "input") => `.o_field_widget[name=${name}] ${tag}`;
const tab = (name) => ({ trigger: `.o_notebook_headers a[name=${name}]`, run: "click" });
const type = (name, text, tag) => ({ trigger: field(name, tag), run: `edit ${text}` });

// Starts on the list of actions: a negotiation is planned, refused without its result, and ends with it.
registry.category("web_tour.tours").add("kam_negotiation", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        type("name", "Agreement for the trays", "textarea"),
        ...choose("partner_id", "Nordwind Iberia"),
        ...choose("kind_id", "Negotiation"),
        { content: "the kind fills in the hat", trigger: `${field("hat_id")}:value('Seller')` },
        type("approach", "Two years, not under 6%", "textarea"),
        tab("value"),
        type("value_us_expected", "50000"),
        { content: "done", trigger: "button[name=action_done]", run: "click" },
        { content: "not without its result", trigger: ".modal .modal-body:contains('write its result')" },
        { trigger: ".modal .modal-footer button.btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        tab("result"),
        type("conceded", "Ten days of stock", "textarea"),
        type("gained", "Two years", "textarea"),
        type("result", "Signed", "textarea"),
        { content: "now", trigger: "button[name=action_done]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Done')" },
        { content: "when", trigger: ".o_field_widget[name=date_done]" },
    ],
});

// Starts on a plan with two actions that carry value, one of them confirmed.
registry.category("web_tour.tours").add("kam_value_report", {
    steps: () => [
        tab("timeline"),
        {
            content: "what is done and what is planned, over the months",
            trigger: ".kam_timeline_row[data-name='Pallets reused']:has(.kam_timeline_done)",
        },
        { trigger: ".kam_timeline_row[data-name='Faster line']:has(.kam_timeline_open)" },
        { content: "for us", trigger: "button[name=action_value_report]", run: "click" },
        { trigger: ":iframe .kam_value_report td[data-total=value_customer_obtained]:contains('12,000')" },
        { trigger: ":iframe .kam_value_report td[data-total=value_us_obtained]:contains('2,500')" },
        { trigger: ":iframe .kam_value_report tr:contains('Pallets reused'):contains('Nuria')" },
        { content: "back to the plan", trigger: ".o_back_button a", run: "click" },
        {
            content: "for the customer",
            trigger: "button[name=action_value_report_customer]",
            run: "click",
        },
        { trigger: ":iframe .kam_value_report:contains('Promised to you'):not(:contains('2,500'))" },
        { trigger: ":iframe .kam_value_report tr:contains('Faster line'):contains('unknown')" },
    ],
});
