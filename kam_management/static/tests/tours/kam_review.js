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
/** What is typed where the cursor isn't yet counts as the click that puts it there. */
const type = (content, trigger, text) => ({
    content,
    trigger,
    async run(helpers) {
        clicks += 1;
        await helpers.edit(text);
        await helpers.press("Tab");
    },
});
const DECISION = ".o_field_widget[name=decision_ids] .o_data_row";
/** The first of May of the year after next. */
const NEXT = `05/01/${new Date().getFullYear() + 2}`;
const phone = () => window.innerWidth < 768;
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
        { content: "a person among them", trigger: ".kam_change[data-kind=person_left]:contains('Marc')" },
        click("the others", ".kam_changes_fold:contains('33 more')"),
        { trigger: ".kam_change:nth-child(40)" },
        click("drop one", `${objective("Drop it")} [data-decision=drop]`),
        type("why", `${objective("Drop it")} textarea`, "The customer has stopped it"),
        click("change one", `${objective("Change it")} [data-decision=change]`),
        type("its new target", `${objective("Change it")} .kam_review_detail label:last-child input`, "80"),
        click("keep the rest", "button[name=action_keep_rest]"),
        { trigger: `${objective("Keep it")} [data-decision=keep][aria-checked=true]` },
        click("a decision", ".o_field_widget[name=decision_ids] .o_field_x2many_list_row_add a, .o_field_widget[name=decision_ids] .o-kanban-button-new"),
        // The owner is whoever holds the review and the next date follows from the cadence: on a phone they stay.
        ...(phone()
            ? [
                  type("what", ".modal .o_field_widget[name=name] input", "Ask for the forecast"),
                  click("that is it", ".modal .o_form_button_save"),
              ]
            : [
                  {
                      content: "what: the cursor is there",
                      trigger: `${DECISION} .o_field_widget[name=name] input:focus`,
                      run: "edit Ask for the forecast",
                  },
                  {
                      content: "whose it is",
                      trigger: `${DECISION} .o_field_widget[name=owner_id] input`,
                      async run(helpers) {
                          clicks += 1;
                          await helpers.edit("Contributor");
                      },
                  },
                  {
                      content: "with the keyboard, once it alone is offered",
                      trigger: ".o-autocomplete--dropdown-item:first-child:contains('Contributor')",
                      async run(helpers) {
                          await helpers.press("Enter");
                      },
                  },
                  { trigger: `${DECISION} .o_field_widget[name=owner_id] input:value('Contributor')` },
                  click("when next", ".o_field_widget[name=next_date] button"),
                  {
                      trigger: ".o_field_widget[name=next_date] input",
                      run: `edit ${NEXT} && press Tab`,
                  },
              ]),
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
