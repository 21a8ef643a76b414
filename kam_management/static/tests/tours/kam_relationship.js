import { registry } from "@web/core/registry";

const line = (name) => `.modal .kam_sheet_line[data-name='${name}']`;
const gap = (code, met) => `.kam_gaps li[data-code='${code}'][data-met='${met}']`;

// Starts on the relation with Nordwind Iberia, which its manager alone has rated; the same on a phone.
registry.category("web_tour.tours").add("kam_relationship_sheet", {
    steps: () => [
        { content: "one person says nothing of the relation", trigger: ".alert:contains('There is no mean until')" },
        {
            content: "what the next stage asks for",
            trigger: ".o_field_widget[name=gaps_html]:contains('Cooperative asks for 5 things; 5 are missing')",
        },
        { trigger: `${gap("trust", "no")}:contains('rated 5 or more'):contains('unknown')` },
        { content: "rate it", trigger: "button[name=action_rate]", run: "click" },
        { trigger: ".modal .modal-title:contains('The relation with'):contains('Nordwind Iberia')" },
        {
            content: "what the manager said",
            trigger: `${line("Trust")} .kam_sheet_others li:contains('User'):contains('9')`,
        },
        { content: "words, not only numbers", trigger: `${line("Conflict")}:contains('Open dispute')` },
        { trigger: `${line("Trust")} .kam_rating_step[data-step='6']`, run: "click" },
        { trigger: `${line("Trust")} .kam_step_chosen[data-step='6']` },
        {
            trigger: `${line("Effective communication")} .kam_rating_step[data-step='4']`,
            run: "click",
        },
        { content: "a slip", trigger: `${line("Conflict")} .kam_rating_step[data-step='9']`, run: "click" },
        { trigger: `${line("Conflict")} .kam_sheet_clear`, run: "click" },
        { trigger: `${line("Conflict")}:not(:has(.kam_step_on))` },
        { trigger: ".modal .o_field_widget[name=comment] textarea", run: "edit They told us first" },
        { trigger: ".modal button[name=action_save]", run: "click" },
        { trigger: ".o_notification:contains('Saved')" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "two people make a mean, with what lies between them",
            trigger: ".kam_aspects tr[data-aspect=trust]:contains('7.5'):contains('6'):contains('9')",
        },
        {
            content: "what was not rated stays unknown",
            trigger: ".kam_aspects tr[data-aspect=conflict] .kam_unknown",
        },
        { content: "there is trust now", trigger: gap("trust", "yes") },
        { content: "and not enough of this", trigger: `${gap("effective_communication", "no")}:contains('4')` },
        { content: "nor of this", trigger: gap("functions", "no") },
        { trigger: ".o_field_widget[name=gaps_html]:contains('4 are missing')" },
    ],
});
