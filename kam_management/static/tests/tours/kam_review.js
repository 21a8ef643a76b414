import { registry } from "@web/core/registry";
import { ACCOUNT_TAB } from "./steps";

let clicks = 0;
/** A click of the person who holds the review: they are counted. */
const click = (content, trigger) => ({
    content,
    trigger,
    async run(helpers) {
        clicks += 1;
        await helpers.click();
    },
});
const objective = (name) => `.kam_review_objective[data-name='${name}']`;

// Starts on the form of Nordwind Iberia, of which 40 things have changed; the same on a phone.
registry.category("web_tour.tours").add("kam_review", {
    steps: () => [
        {
            trigger: ".o_form_view",
            run() {
                clicks = 0;
            },
        },
        click("the tab", ACCOUNT_TAB),
        click("review it", ".o_notebook button[name=action_kam_review]"),
        { content: "seven", trigger: ".kam_changes:has(.kam_change:nth-child(7)):not(:has(.kam_change:nth-child(8)))" },
        { content: "what matters most", trigger: ".kam_change:first-child[data-kind=health]:contains('70 → 50')" },
        click("the others", ".kam_changes_fold:contains('33 more')"),
        { trigger: ".kam_change:nth-child(40)" },
        click("drop one", `${objective("Drop it")} [data-decision=drop]`),
        {
            trigger: `${objective("Drop it")} textarea`,
            run: "edit The customer has stopped it",
        },
        click("change one", `${objective("Change it")} [data-decision=change]`),
        { trigger: `${objective("Change it")} .kam_review_detail label:last-child input`, run: "edit 80" },
        click("keep the rest", "button[name=action_keep_rest]"),
        { trigger: `${objective("Keep it")} [data-decision=keep][aria-checked=true]` },
        click("a decision", ".o_field_widget[name=decision_ids] .o_field_x2many_list_row_add a, .o_field_widget[name=decision_ids] .o-kanban-button-new"),
        {
            trigger: ".o_field_widget[name=decision_ids] .o_data_row .o_field_widget[name=name] input, .modal .o_field_widget[name=name] input",
            run: "edit Ask for the forecast",
        },
        ...(window.innerWidth < 768 ? [click("that is it", ".modal .o_form_button_save")] : []),
        click("close it", "button[name=action_close]"),
        { trigger: ".o_form_view:not(:has(button[name=action_close])):has(.kam_review_objectives)" },
        {
            content: "in twelve clicks or less",
            trigger: ".o_form_view",
            run() {
                if (clicks > 12) {
                    throw new Error(`It took ${clicks} clicks to hold the review`);
                }
            },
        },
    ],
});
