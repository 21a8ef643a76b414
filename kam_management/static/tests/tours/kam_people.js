import { registry } from "@web/core/registry";
import { ACCOUNT_TAB } from "./steps";

const cell = (power, support) =>
    `.kam_map_people[data-power='${power}'][data-support='${support}']`;
const card = (name) => `.kam_map_person:contains('${name}')`;
const field = (name, tag = "input") => `.o_field_widget[name=${name}] ${tag}`;

/** To a place on the map, by the menu of the card: a phone has no drag and drop. */
const byMenu = (name, words) => [
    { trigger: `${card(name)} .kam_map_menu`, run: "click" },
    { trigger: `.o-dropdown-item:contains('${words}')`, run: "click" },
];

/** Puts a file into the workbook's dialog: the one that the test has left as an attachment, or words that are none. */
async function upload(anchor, name, content) {
    const file = new File([content], name);
    const transfer = new DataTransfer();
    transfer.items.add(file);
    const input = anchor.querySelector("input[type=file]");
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

const WORKBOOK = [
    { trigger: ACCOUNT_TAB, run: "click" },
    { trigger: ".o_notebook button[name=action_kam_workbook]", run: "click" },
    { content: "with what the account has", trigger: ".modal button[name=action_download]", run: "click" },
    {
        content: "a file that is none",
        trigger: ".modal .o_field_widget[name=file]",
        async run() {
            await upload(this.anchor, "people.xlsx", "name,mail");
        },
    },
    { trigger: ".modal .o_field_widget[name=file] input:value('people.xlsx')" },
    { trigger: ".modal button[name=action_import]", run: "click" },
    { trigger: ".o_error_dialog:contains('This file is no Excel workbook'), .modal:contains('This file is no Excel workbook')" },
    { trigger: ".modal:contains('This file is no Excel workbook') .modal-footer .btn-primary", run: "click" },
    {
        content: "ten people, and one whose row is wrong",
        trigger: "body:not(:has(.modal:contains('This file is no Excel'))) .modal .o_field_widget[name=file]",
        async run() {
            const response = await fetch("/web/content/kam_management.tour_workbook");
            await upload(this.anchor, "ten people.xlsx", await response.blob());
        },
    },
    { trigger: ".modal .o_field_widget[name=file] input:value('ten people.xlsx')" },
    { trigger: ".modal button[name=action_import]", run: "click" },
    { content: "ten are in", trigger: ".modal tr:contains('People'):contains('10'):contains('1')" },
    { content: "and why the other isn't", trigger: ".modal p:contains('Person X'):contains('Enormous')" },
    { content: "it comes back", trigger: ".modal .o_field_widget[name=refused_file]" },
    { trigger: ".modal .modal-footer button[special=cancel]:visible, .modal footer button:contains('Close'):visible", run: "click" },
    { trigger: "body:not(:has(.modal))" },
    { trigger: ".o_notebook button[name=action_kam_people]", run: "click" },
];

// Starts on the form of Nordwind Iberia, of which nobody is known: its ten people come in as a workbook.
registry.category("web_tour.tours").add("kam_people", {
    steps: () => [
        ...WORKBOOK,
        { content: "who is known stands on the map", trigger: `${cell("high", "neutral")} ${card("Person 0")}` },
        {
            content: "who is not stands beside it",
            trigger: `.kam_map_unknown ${card("Person 9")}:contains('power unknown, support unknown')`,
        },
        {
            content: "dragged to where they stand",
            isActive: ["desktop"],
            trigger: `.kam_map_unknown ${card("Person 9")} .kam_map_handle`,
            run: `drag_and_drop ${cell("high", "opponent")}`,
        },
        ...byMenu("Person 9", "High power").map((step) => ({ ...step, isActive: ["mobile"] })),
        { isActive: ["mobile"], trigger: `.kam_map_unknown ${card("Person 9")}:contains('High power')` },
        ...byMenu("Person 9", "Against us").map((step) => ({ ...step, isActive: ["mobile"] })),
        { trigger: `${cell("high", "opponent")} ${card("Person 9")}` },
        ...byMenu("Person 0", "In favour"),
        { trigger: `${cell("high", "supporter")} ${card("Person 0")}` },
        { content: "who knows whom", trigger: ".o_notebook_headers a[name=grid]", run: "click" },
        { content: "it goes through the manager", trigger: ".kam_grid_form:contains('a bow-tie')" },
        {
            content: "nobody knows quality",
            trigger: ".kam_grid_head.kam_grid_nobody:contains('Quality') .kam_grid_function",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:contains('Person 2') .o_data_cell[name=contact_id], .o_kanban_record:contains('Person 2')",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: field("counterpart_ids"),
            run: "edit Contributor",
        },
        {
            isActive: ["desktop"],
            trigger: ".o-autocomplete--dropdown-item:contains('Contributor')",
            run: "click",
        },
        { isActive: ["mobile"], trigger: field("counterpart_ids"), run: "click" },
        {
            isActive: ["mobile"],
            trigger: ".modal .o_kanban_record:contains('kam_contributor')",
            run: "click",
        },
        { trigger: "body:not(:has(.modal)) .o_field_widget[name=counterpart_ids] .o_tag" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_form_button_save:visible))" },
        { content: "back to the list", trigger: ".o_back_button, .breadcrumb-item:last", run: "click" },
        { trigger: ".o_list_view, .o_kanban_view" },
        { content: "and to the account", trigger: ".o_back_button, .breadcrumb-item:last", run: "click" },
        { trigger: ".o_notebook_headers a[name=grid]", run: "click" },
        {
            content: "now somebody does",
            trigger: ".kam_grid_cell[data-theirs=Quality] .kam_grid_tie:contains('Person 2')",
        },
    ],
});

// Starts on the map of Nordwind Iberia: the form is chosen, and asks for a trust that nobody has assessed.
registry.category("web_tour.tours").add("kam_people_form", {
    steps: () => [
        { trigger: ".o_notebook_headers a[name=grid]", run: "click" },
        { trigger: ".o_field_widget[name=kam_interaction_form]:not(:contains('Diamond'))" },
        {
            isActive: ["desktop"],
            trigger: ".o_field_widget[name=kam_interaction_form] input",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_select_menu_item:contains('Diamond')",
            run: "click",
        },
        {
            trigger: field("kam_interaction_reason", "textarea"),
            run: "edit Their plants decide",
        },
        { trigger: ".kam_grid_warning:contains('not assessed yet')" },
        { trigger: ".kam_grid_differs" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_form_button_save:visible))" },
    ],
});

// Starts on the map of Nordwind Iberia, where Luis reports to Nuria.
registry.category("web_tour.tours").add("kam_hierarchy", {
    steps: () => [
        { trigger: "button[name=action_kam_hierarchy]", run: "click" },
        { trigger: ".o_hierarchy_view .o_hierarchy_node:contains('Nuria')" },
        { content: "below her, who reports to her", trigger: ".o_hierarchy_row + .o_hierarchy_row .o_hierarchy_node:contains('Luis'), .o_hierarchy_row ~ .o_hierarchy_row .o_hierarchy_node:contains('Luis')", run: "click" },
        { content: "a click opens the person", trigger: ".o_form_view .o_field_widget[name=reports_to_id] input:value('Nuria')" },
    ],
});
