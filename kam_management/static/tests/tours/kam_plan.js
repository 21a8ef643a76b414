import { registry } from "@web/core/registry";

let filled = 0;
/** Type into a field, and count that somebody had to. */
const fill = (content, trigger, text) => [
    { content, trigger, run: `edit ${text}` },
    {
        trigger: "body",
        run: () => {
            filled += 1;
        },
    },
];
const tab = (name) => ({ trigger: `.o_notebook_headers a[name=${name}]`, run: "click" });
const list = (name) => `.o_field_widget[name=${name}]`;
const addTo = (name) => ({ trigger: `${list(name)} .o_field_x2many_list_row_add a`, run: "click" });

/** A row of the priorities, typed and left: what follows begins once the list has taken it. */
const priority = (number, content, text) => [
    addTo("priority_ids"),
    ...fill(
        content,
        `${list("priority_ids")} .o_data_row:nth-child(${number}).o_selected_row [name=name] input`,
        text
    ),
    { trigger: ".o_notebook_content p:contains('Up to five')", run: "click" },
    {
        trigger: `${list("priority_ids")} .o_data_row:nth-child(${number}):not(.o_selected_row):contains('${text}')`,
    },
];

// Starts on the form of Nordwind Iberia, of the tier Key, which has won business and no plan.
registry.category("web_tour.tours").add("kam_plan", {
    steps: () => [
        tab("kam_account"),
        { content: "from nothing", trigger: "button[name=action_kam_plan]", run: "click" },
        {
            content: "light first: what the tier doesn't ask for is folded away",
            trigger: ".o_form_view:has(.o_notebook_headers a[name=priorities]):not(:has(a[name=wallet]))",
        },
        ...priority(1, "a priority", "Win the trays"),
        ...priority(2, "another", "Renew the agreement"),
        { content: "more", trigger: ".o_field_widget[name=show_more] input", run: "check" },
        tab("profile"),
        {
            trigger: "details[name=business] summary",
            run: () => {
                document.querySelector("details[name=business]").open = true;
            },
        },
        ...fill("its industry", ".o_field_widget[name=industry] textarea", "Food retail"),
        tab("wallet"),
        addTo("category_ids"),
        ...fill("a category", ".modal .o_field_widget[name=name] input", "Boxes"),
        ...fill("what we sell", ".modal .o_field_widget[name=our_sales] input", "400"),
        ...fill("what it buys", ".modal .o_field_widget[name=potential] input", "1000"),
        { trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "our share of it, and what is left",
            trigger: `${list("category_ids")} .o_data_row:contains('Boxes'):contains('40'):contains('600')`,
        },
        { content: "it begins", trigger: "button[name=action_activate]", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Active')" },
        { content: "the stages show what is there", trigger: ".kam_plan_progress .kam_plan_line:contains('Priorities') .fa-check-circle" },
        tab("history"),
        {
            content: "the history was there before anybody wrote",
            trigger: ".kam_plan_history:contains('1,500')",
            run: () => {
                if (filled > 40) {
                    throw new Error(`${filled} fields had to be filled`);
                }
            },
        },
    ],
});
