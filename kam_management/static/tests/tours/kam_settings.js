import { registry } from "@web/core/registry";
import { openApp } from "./kam_portfolio";

const WEIGHTS = ".o_field_widget[name=kam_attractiveness_weight_ids]";

function openSettings() {
    return [
        {
            trigger: "button[data-menu-xmlid='kam_management.menu_configuration']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='kam_management.menu_settings']",
            run: "click",
        },
        { trigger: `.o_setting_container ${WEIGHTS} .o_data_row:contains('Gross margin')` },
    ];
}

function setWeight(factor, weight, field = WEIGHTS) {
    return [
        {
            content: `weight of ${factor}`,
            trigger: `${field} .o_data_row:contains('${factor}') td[name=weight]`,
            run: "click",
        },
        {
            // The row before it may still be the edited one.
            trigger: `${field} .o_selected_row:contains('${factor}') [name=weight] input`,
            run: `edit ${weight}`,
        },
    ];
}

const save = { content: "save", trigger: ".o_form_button_save", run: "click" };

function refused(sentence) {
    return [
        save,
        { trigger: `.modal .o_error_dialog, .modal-body:contains('${sentence}')` },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "give it up", trigger: ".o_form_button_cancel", run: "click" },
        {
            content: "as it was",
            trigger: `${WEIGHTS} .o_data_row:contains('Gross margin') td[name=weight]:contains('140')`,
        },
    ];
}

registry.category("web_tour.tours").add("kam_settings", {
    steps: () => [
        ...openApp,
        ...openSettings(),
        {
            content: "before: 40 of 100",
            trigger: `${WEIGHTS} .o_data_row:contains('Gross margin') td[name=share]:contains('40')`,
        },
        ...setWeight("Gross margin", 140),
        {
            content: "tell why",
            trigger: ".o_field_widget[name=kam_change_reason] input",
            run: "edit Margin matters more this year",
        },
        // Odoo loads the page again after its settings were saved.
        { ...save, expectUnloadPage: true },
        { trigger: "body:not(:has(.o_form_button_save.o_dirty))" },
        ...openSettings(),
        {
            content: "its share of 100%: 140 of 200",
            trigger: `${WEIGHTS} .o_data_row:contains('Gross margin') td[name=share]:contains('70')`,
        },
        ...setWeight("Gross margin", -1),
        ...refused("can't be negative"),
        ...setWeight("Gross margin", 0),
        ...setWeight("Expected growth", 0),
        ...setWeight("Strategic value", 0),
        ...refused("At least one factor must count"),
        { content: "the history", trigger: "button[name=action_kam_history]", run: "click" },
        {
            trigger:
                ".o-mail-Message:contains('Margin matters more this year'):contains('40 → 140')",
        },
        {
            content: "back to the defaults",
            trigger: "button[name=action_restore_defaults]",
            run: "click",
        },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o-mail-Message:contains('140 → 40')" },
    ],
});
