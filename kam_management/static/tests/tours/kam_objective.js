import { registry } from "@web/core/registry";
import { choose } from "./steps";

const field = (name, tag = "input") => `.o_field_widget[name=${name}] ${tag}`;
const refused = (sentence) => [
    { content: "start it", trigger: "button[name=action_start]", run: "click" },
    { trigger: `.modal .modal-body:contains('${sentence}')` },
    { trigger: ".modal .modal-footer button.btn-primary", run: "click" },
    { trigger: "body:not(:has(.modal))" },
];
const holds = (letter) => ({
    trigger: `.o_form_view .kam_smart_letter[data-letter=${letter}].kam_smart_holds`,
});

registry.category("web_tour.tours").add("kam_objective", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: field("name", "textarea"), run: "edit Half of its trays are ours" },
        // Other apps may put its group's name before it.
        ...choose("partner_id", "Nordwind Iberia"),
        { content: "nobody's yet", trigger: field("owner_id"), run: "clear" },
        ...refused("Specific: say whose it is"),
        ...choose("owner_id", "User"),
        holds("s"),
        ...refused("Measurable: say how one will see it"),
        { trigger: field("unit"), run: "edit %" },
        { trigger: field("baseline"), run: "edit 20" },
        { trigger: field("target"), run: "edit 50" },
        { trigger: field("resources", "textarea"), run: "click" },
        holds("m"),
        ...refused("Achievable: say what it takes"),
        { trigger: field("resources", "textarea"), run: "edit An engineer for a quarter" },
        { trigger: field("owner_agreed"), run: "check" },
        holds("a"),
        ...refused("Relevant: say what it is for"),
        { trigger: field("goal"), run: "edit No plastics by 2028" },
        { trigger: field("need"), run: "click" },
        holds("r"),
        ...refused("Time-bound: say from when until when"),
        { trigger: field("date_deadline"), run: "edit 12/31/2030" },
        { trigger: field("need"), run: "click" },
        holds("t"),
        { trigger: "button[name=action_start]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Running')" },
        {
            content: "where it stands",
            trigger: ".o_field_widget[name=checkin_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        { trigger: ".o_field_widget[name=checkin_ids] td[name=value] input", run: "edit 35" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_form_button_save:visible))" },
        {
            content: "half of the way on its first day",
            trigger: ".o_field_widget[name=health]:contains('On track')",
        },
    ],
});
