import { registry } from "@web/core/registry";
import { ACCOUNT_TAB } from "./steps";

const line = (name) => `.modal .kam_sheet_line[data-name='${name}']`;

// Starts on the form of Nordwind Iberia; the same on a phone.
registry.category("web_tour.tours").add("kam_rating_sheet", {
    steps: () => [
        { content: "the tab", trigger: ACCOUNT_TAB, run: "click" },
        { content: "rate it", trigger: "button[name=action_rate_account]", run: "click" },
        { trigger: ".modal .modal-title:contains('Rate Nordwind Iberia')" },
        {
            content: "how much is known, and how much a score needs",
            trigger:
                ".modal .kam_sheet_group[data-name=position] .kam_sheet_known:contains('40% of the weight known; a score needs 50%')",
        },
        {
            content: "what a rating adds",
            trigger: `${line("Image with the customer")} .kam_sheet_effect:contains('Adds 30%')`,
        },
        {
            content: "how far the raters lay apart when it was published",
            trigger: `${line(
                "Knowledge of the customer"
            )} .kam_sheet_published:contains('3 apart')`,
        },
        {
            content: "what another person thinks",
            trigger: `${line(
                "Knowledge of the customer"
            )} .kam_sheet_others li:contains('Manager'):contains('8')`,
        },
        {
            content: "too old",
            trigger: `${line(
                "Strategic value"
            )} .kam_sheet_own:contains('20 months ago'):contains('no longer counts')`,
        },
        {
            content: "nothing is rated to begin with",
            trigger: ".modal:not(:has(.kam_step_on))",
        },
        {
            content: "a rating",
            trigger: `${line("Image with the customer")} .kam_rating_step[data-step='8']`,
            run: "click",
        },
        {
            content: "what it adds beside what is known",
            trigger: ".modal .kam_sheet_group[data-name=position]:has(.kam_known_added)",
        },
        {
            trigger: `${line("Image with the customer")} textarea`,
            run: "edit They recommended us",
        },
        {
            content: "the same as before, said again",
            trigger: `${line("Knowledge of the customer")} .kam_sheet_again`,
            run: "click",
        },
        { trigger: `${line("Knowledge of the customer")} .kam_step_chosen[data-step='5']` },
        {
            content: "a slip",
            trigger: `${line("Co-funding")} .kam_rating_step[data-step='1']`,
            run: "click",
        },
        { trigger: `${line("Co-funding")} .kam_sheet_clear`, run: "click" },
        { trigger: `${line("Co-funding")}:not(:has(.kam_step_on))` },
        { trigger: ".modal button[name=action_save]", run: "click" },
        { trigger: ".o_notification:contains('2 ratings saved'):contains('next refresh')" },
        {
            content: "back on the account, with the new opinions",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=kam_assessment_ids]:contains('They recommended us')",
        },
        {
            content: "once more, to keep it all",
            trigger: "button[name=action_rate_account]",
            run: "click",
        },
        {
            trigger: `${line(
                "Image with the customer"
            )} .kam_sheet_own:contains('8'):contains('today')`,
        },
        {
            content: "it counts with the next refresh",
            trigger: `${line(
                "Image with the customer"
            )} .kam_sheet_effect:contains('Rated already')`,
        },
        { trigger: ".modal button[name=action_save]", run: "click" },
        { trigger: ".o_notification:contains('everything stays as it was')" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("kam_opinions_too_old", {
    steps: () => [
        {
            content: "one that counts and one that does not",
            trigger: ".o_data_row:contains('20 months ago') .kam_badge:contains('too old')",
        },
        { trigger: ".o_data_row:contains('24 days ago'):not(:has(.kam_badge))" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        {
            trigger: ".o_filter_menu .o_menu_item:contains('No longer counts')",
            run: "click",
        },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains('24 days ago')))" },
        { trigger: ".o_data_row:contains('20 months ago')" },
    ],
});
