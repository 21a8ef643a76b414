import { registry } from "@web/core/registry";

const dialog = ".modal .kam_log";

// On a phone, on an account: its people as buttons, one line, the next step.
registry.category("web_tour.tours").add("kam_contact_log_phone", {
    steps: () => [
        { content: "in one tap, without scrolling", trigger: "button[name=action_kam_log_contact]", run: "click" },
        {
            content: "the dialog fills the phone",
            trigger: ".modal.o_modal_full .kam_log",
            run() {
                const width = document.querySelector(".modal .modal-content").offsetWidth;
                if (width !== window.innerWidth) {
                    throw new Error(`The dialog is ${width} wide on a phone of ${window.innerWidth}`);
                }
                const narrow = [...document.querySelectorAll(".kam_person, .modal-footer .btn")].filter(
                    (button) => button.offsetHeight < 36
                );
                if (narrow.length) {
                    throw new Error(`Too low for a thumb: ${narrow.map((one) => one.textContent)}`);
                }
            },
        },
        { trigger: `${dialog} .kam_person:contains('Nuria')`, run: "click" },
        { content: "she is ticked", trigger: `${dialog} .kam_person_chosen:contains('Nuria')` },
        { trigger: `${dialog} .kam_person:contains('Marc')`, run: "click" },
        { trigger: `${dialog} .kam_person_chosen:contains('Marc')` },
        { trigger: `${dialog} [name=name] textarea`, run: "edit They want the trays in May" },
        {
            content: "no next step yet: nothing is asked of it",
            trigger: `${dialog} .kam_log_next .kam_log_how:not(:visible)`,
        },
        {
            content: "while it is being written, when and who appear",
            trigger: `${dialog} [name=next_name] input`,
            run({ anchor }) {
                anchor.focus();
                document.execCommand("insertText", false, "S");
            },
        },
        { content: "when", trigger: `${dialog} [name=next_name] input:focus` },
        { trigger: `${dialog} [name=next_date]:visible` },
        { content: "and me", trigger: `${dialog} [name=next_owner_id]:visible` },
        { trigger: `${dialog} [name=next_name] input`, run: "edit Send the samples" },
        { content: "log it", trigger: ".modal-footer button[name=action_log]", run: "click" },
        { content: "said", trigger: ".o_notification:contains('The next step is planned')" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

// From the menu, before there is an account; somebody new is added on the way, and a day to come is refused.
registry.category("web_tour.tours").add("kam_contact_log_menu", {
    steps: () => [
        { trigger: ".o_menu_sections button[data-menu-xmlid='kam_management.menu_customer_people']", run: "click" },
        { trigger: "a[data-menu-xmlid='kam_management.menu_log_contact']", run: "click" },
        { trigger: `${dialog} [name=contact_ids] input`, run: "edit Luis" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Luis'):contains('Iberia Logistics')", run: "click" },
        { content: "his account is found", trigger: `${dialog} [name=partner_id] input:value('Nordwind Iberia')` },
        { trigger: `${dialog} .kam_person_chosen:contains('Luis')` },
        { trigger: `${dialog} [name=contact_ids] input`, run: "edit Petra" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Create')", run: "click" },
        { trigger: `${dialog} .o_tag:contains('Petra')` },
        { trigger: `${dialog} .o_selection_badge:contains('Call')`, run: "click" },
        { content: "nothing is said yet", trigger: ".modal-footer button[name=action_log]", run: "click" },
        { trigger: ".modal .modal-body:contains('Write in a line what happened')" },
        { trigger: ".modal:has(.modal-body:contains('Write in a line')) .modal-footer button", run: "click" },
        { trigger: `${dialog} [name=name] textarea`, run: "edit Lorries on Mondays" },
        { trigger: ".modal-footer button[name=action_log]", run: "click" },
        { trigger: ".o_notification:contains('Logged.')" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

// A moment of truth by hand: what was asked, how it went, and of whom.
registry.category("web_tour.tours").add("kam_satisfaction_response", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: "[name=kind] .o_selection_badge:contains('Moment of truth')", run: "click" },
        { trigger: "[name=verdict] .o_selection_badge:contains('Unfavourable')", run: "click" },
        { trigger: "[name=contact_id] input", run: "edit Nuria" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Nuria'):contains('Nordwind Iberia')", run: "click" },
        { content: "the account follows", trigger: "[name=partner_id]:contains('Nordwind Iberia')" },
        { trigger: "[name=touchpoint_id] input", run: "edit Delivery" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Delivery')", run: "click" },
        { trigger: "[name=comment] textarea", run: "edit A day late" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_status_indicator_buttons:not(.invisible)))" },
        { trigger: ".o_breadcrumb:contains('Moment of truth of Nuria')" },
    ],
});
