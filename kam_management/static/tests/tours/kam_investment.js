import { registry } from "@web/core/registry";
import { choose } from "./steps";

const field = (name, tag = "input") => `.o_field_widget[name=${name}] ${tag}`;
const state = (label) => ({
    trigger: `.o_statusbar_status .o_arrow_button_current:contains('${label}')`,
});

// A manager writes down what the customer needs, decides on it, and sees what it costs.
registry.category("web_tour.tours").add("kam_investment", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: field("name", "textarea"), run: "edit Moulds for its bakeries" },
        ...choose("partner_id", "Nordwind Iberia", {
            holds: ["Nordwind Group", "Nordwind Iberia"],
        }),
        ...choose("type_id", "Tailored product"),
        { content: "as is usual for the type", trigger: `${field("life")}:value(36)` },
        { trigger: field("amount"), run: "edit 36500" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: "button[name=action_approve]", run: "click" },
        state("Approved"),
        { trigger: "button[name=action_make]", run: "click" },
        state("Made"),
        {
            content: "its first day",
            trigger: ".o_field_widget[name=cost_to_date]:contains('33')",
        },
        {
            content: "nobody knows yet what it brings",
            trigger: `${field("obtained_return")}[placeholder=unknown]`,
        },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: ".o_data_row:contains('Moulds for its bakeries'):contains('unknown')" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot th:contains('Cost so far')" },
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_record:contains('Moulds for its bakeries'):contains('36')" },
    ],
});
