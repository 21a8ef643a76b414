import { registry } from "@web/core/registry";
import { ACCOUNT_TAB, choose } from "./steps";

const { DateTime } = luxon;
// What a flagged account with a purchase history may ask of somebody until its plan is active.
const MOST_FIELDS = 40;

let filled = 0;
/** The steps, and a count behind each that fills a field: typed, or chosen, which begins with typing. */
const counted = (steps) => {
    filled = 0;
    return steps.flatMap((step) =>
        /^(edit|fill|check|select)/.test(step.run)
            ? [
                  step,
                  {
                      trigger: "body",
                      run: () => {
                          filled += 1;
                      },
                  },
              ]
            : [step]
    );
};
const field = (name, tag = "input") => `.o_field_widget[name=${name}] ${tag}`;
const type = (name, text, tag) => ({ trigger: field(name, tag), run: `edit ${text}` });
const tab = (name) => ({ trigger: `.o_notebook_headers a[name=${name}]`, run: "click" });
const list = (name) => `.o_field_widget[name=${name}]`;
const addTo = (name) => ({ trigger: `${list(name)} .o_field_x2many_list_row_add a`, run: "click" });
const inMonths = (months) => DateTime.now().plus({ months }).toFormat("MM/dd/yyyy");

/** A row of the priorities, typed and left: what follows begins once the list has taken it. */
const priority = (number, text) => [
    addTo("priority_ids"),
    {
        trigger: `${list("priority_ids")} .o_data_row:nth-child(${number}).o_selected_row [name=name] input`,
        run: `edit ${text}`,
    },
    { trigger: ".o_notebook_content p:contains('Up to five')", run: "click" },
    {
        trigger: `${list("priority_ids")} .o_data_row:nth-child(${number}):not(.o_selected_row):contains('${text}')`,
    },
];

/** An objective of one's own, from the plan to its start and back. Account, plan, owner and start stand there already. */
const objective = (name, { unit, baseline, target, resources, goal, months }) => [
    tab("objectives"),
    { content: name, trigger: "button[name=action_create_objective]", run: "click" },
    { trigger: `${field("partner_id")}:value('Nordwind Iberia')` },
    { trigger: `${field("plan_id")}:value('Nordwind Iberia')` },
    type("name", name, "textarea"),
    type("unit", unit),
    type("baseline", baseline),
    type("target", target),
    type("resources", resources, "textarea"),
    type("goal", goal),
    type("date_deadline", inMonths(months)),
    { content: "its owner starts it, and agrees by that", trigger: "button[name=action_start]", run: "click" },
    { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Running')" },
    { trigger: ".o_back_button a", run: "click" },
    { trigger: ".o_form_view button[name=action_activate]" },
];

const ROW = `${list("action_ids")} .o_selected_row`;
/** What comes next, with whom of the customer and when. The kind fills in the rest, the owner is oneself. */
const action = (name, { kind, person, months }) => [
    addTo("action_ids"),
    { trigger: `${ROW} [name=name] input`, run: `edit ${name}` },
    { trigger: `${ROW} [name=contact_ids] input`, run: `edit ${person}` },
    {
        trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains('${person}')`,
        run: "click",
    },
    { trigger: `${ROW} [name=contact_ids] .o_tag:contains('${person}')` },
    { content: "today to start with", trigger: `${ROW} [name=date] button`, run: "click" },
    { trigger: `${ROW} [name=date] input`, run: `edit ${inMonths(months)}` },
    ...choose("kind_id", kind, { root: ROW }),
    { trigger: ".o_notebook_content p:contains('What, who and when')", run: "click" },
    { trigger: `${list("action_ids")} .o_data_row:not(.o_selected_row):contains('${name}')` },
];

/** One choice out of a short list, which is a field that is filled as well. */
const pick = (name, choice) => [
    { trigger: field(name), run: "click" },
    { trigger: `.o_select_menu_item:contains('${choice}')`, run: "click" },
    {
        trigger: `${field(name)}:value('${choice}')`,
        run: () => {
            filled += 1;
        },
    },
];

/** Somebody who matters: four things make one. */
const person = (name, { role, power, support }) => [
    { trigger: ".kam_empty button:contains('Add a person')", run: "click" },
    ...choose("contact_id", name),
    { trigger: field("role_ids"), run: `edit ${role}` },
    {
        trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains('${role}')`,
        run: "click",
    },
    { trigger: `.o_field_widget[name=role_ids] .o_tag:contains('${role}')` },
    ...pick("power", power),
    ...pick("support", support),
    { trigger: ".o_form_button_save", run: "click" },
    { trigger: ".o_form_view:not(:has(.o_form_button_save:visible))" },
    { trigger: ".o_back_button a", run: "click" },
    { content: "on the map", trigger: `.kam_map_person:contains('${name}')` },
    { trigger: ".o_back_button a", run: "click" },
    { trigger: ACCOUNT_TAB, run: "click" },
];

// Starts on the form of Nordwind Iberia, of the tier Key, which has bought before and has no plan. Ends with all that
// the tier requires.
registry.category("web_tour.tours").add("kam_plan", {
    steps: () => [
        ...counted([
            { trigger: ACCOUNT_TAB, run: "click" },
            {
                content: "who decides",
                trigger: ".o_notebook_content button[name=action_kam_people]",
                run: "click",
            },
            ...person("Nuria", { role: "Decider", power: "High", support: "Neutral" }),
            { content: "from nothing", trigger: "button[name=action_kam_plan]", run: "click" },
            {
                content: "light first: what the tier doesn't ask for is folded away",
                trigger: ".o_form_view:has(.o_notebook_headers a[name=priorities]):not(:has(a[name=wallet]))",
            },
            ...priority(1, "Win the trays"),
            ...priority(2, "Renew the agreement on boxes"),
            ...priority(3, "Know who decides on packaging"),
            { trigger: ".o_form_button_save", run: "click" },
            {
                content: "what is still asked for",
                trigger: ".kam_plan_progress p:contains('Objectives'):contains('Next steps')",
            },
            ...objective("Half of its trays are ours", {
                unit: "%",
                baseline: "20",
                target: "50",
                resources: "An engineer for a quarter",
                goal: "No plastics by 2028",
                months: 12,
            }),
            ...objective("The agreement on boxes for two years", {
                unit: "years",
                baseline: "0",
                target: "2",
                resources: "Stock for ten days",
                goal: "No gaps on the shelf",
                months: 6,
            }),
            ...objective("Four people who decide know us", {
                unit: "people",
                baseline: "1",
                target: "4",
                resources: "Two visits of our management",
                goal: "Fewer suppliers, and closer ones",
                months: 9,
            }),
            tab("actions"),
            ...action("See the line with their buyer", { kind: "Visit", person: "Luis", months: 1 }),
            ...action("Price for two years", { kind: "Offer", person: "Nuria", months: 2 }),
            ...action("Our management meets theirs", { kind: "Sponsor meeting", person: "Nuria", months: 3 }),
            { content: "it begins", trigger: "button[name=action_activate]", run: "click" },
        ]),
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Active')" },
        ...["Priorities", "Objectives", "People", "Next steps"].map((part) => ({
            content: "the stages show what is there",
            trigger: `.kam_plan_progress .kam_plan_line:contains('${part}') .fa-check-circle`,
        })),
        {
            content: "nothing that the tier requires is missing",
            trigger: ".kam_plan_progress:not(:has(.fa-circle-o)):not(:contains('also asks for'))",
            run: () => {
                if (filled > MOST_FIELDS) {
                    throw new Error(`${filled} fields had to be filled: ${MOST_FIELDS} are the most`);
                }
                console.log(`kam_plan: ${filled} fields filled`);
            },
        },
    ],
});

// Starts on a plan of the same account: what a light tier folds away is one click off, and the history writes itself.
registry.category("web_tour.tours").add("kam_plan_more", {
    steps: () => [
        { content: "more", trigger: field("show_more"), run: "check" },
        tab("profile"),
        {
            trigger: "details[name=business] summary",
            run: () => {
                document.querySelector("details[name=business]").open = true;
            },
        },
        type("industry", "Food retail", "textarea"),
        tab("wallet"),
        addTo("category_ids"),
        { trigger: ".modal .o_field_widget[name=name] input", run: "edit Boxes" },
        { trigger: ".modal .o_field_widget[name=our_sales] input", run: "edit 400" },
        { trigger: ".modal .o_field_widget[name=potential] input", run: "edit 1000" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "our share of it, and what is left",
            trigger: `${list("category_ids")} .o_data_row:contains('Boxes'):contains('40'):contains('600')`,
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_form_button_save:visible))" },
        tab("history"),
        {
            content: "what was won, lost and ordered was there before anybody wrote",
            trigger: ".kam_plan_history:contains('1,500'):contains('800')",
        },
        { trigger: `${list("won_lead_ids")} .o_data_row:contains('Boxes'):contains('1,500')` },
        { trigger: `${list("lost_lead_ids")} .o_data_row:contains('Lids'):contains('800')` },
    ],
});
