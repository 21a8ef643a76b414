import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const choose = (question, answer) => ({
    content: `${question} ${answer}`,
    trigger: `.js_question-wrapper:contains('${question}') label:contains('${answer}')`,
    run: "click",
});

// A contact opens the link of the mail, answers and hands it in. Nobody is logged in.
tours.add("kam_survey_answer", {
    steps: () => [
        { trigger: "h1:contains('How are we doing?')" },
        { content: "who will read it", trigger: "p:contains('with your name')" },
        { trigger: "button:contains('Start')", run: "click" },
        choose("recommend us", "9"),
        choose("All in all", "2"),
        choose("How easy", "7"),
        choose("last delivery", "Well: complete"),
        {
            trigger: ".js_question-wrapper:contains('What should we do better') textarea",
            run: "edit Keep Marta, and answer on Fridays",
        },
        { trigger: "button[value='finish']", run: "click" },
        { trigger: ".modal-footer button.btn-primary", run: "click" },
        { content: "what becomes of it", trigger: ".o_survey_finished:contains('come back to you')" },
    ],
});

// The same in Spanish, on a phone. What is not marked as asked for may be left out; what is may not.
tours.add("kam_survey_answer_es", {
    steps: () => [
        { trigger: "h1:contains('¿Cómo lo estamos haciendo?')" },
        { trigger: "button[type=submit]", run: "click" },
        choose("En conjunto", "5"),
        choose("¿Hasta qué punto le resulta fácil", "6"),
        choose("reclamación", "No como debíamos"),
        { trigger: "button[value='finish']", run: "click" },
        { trigger: ".modal-footer button.btn-primary", run: "click" },
        { content: "the first is missing", trigger: ".js_question-wrapper:contains('nos recomiende') .o_survey_question_error:not(:empty)" },
        {
            content: "nothing is wider than the phone",
            trigger: ".js_question-wrapper:contains('nos recomiende')",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth + 1) {
                    throw new Error("The survey is wider than the screen.");
                }
            },
        },
        choose("nos recomiende", "10"),
        { trigger: "button[value='finish']", run: "click" },
        { trigger: ".modal-footer button.btn-primary", run: "click" },
        { trigger: ".o_survey_finished:contains('se pondrán en contacto')" },
    ],
});

const dialog = ".modal .o_form_view";

// From the account: who is ticked, why somebody is not, a line of one's own, and off it goes.
tours.add("kam_survey_send", {
    steps: () => [
        {
            content: "the button, or the menu that holds it where the screen is narrow",
            trigger: ".o-form-buttonbox",
            async run({ click }) {
                if (!document.querySelector("button[name=action_kam_ask]")) {
                    await click(".o-form-buttonbox .o_button_more");
                }
            },
        },
        { trigger: "button[name=action_kam_ask]", run: "click" },
        { trigger: `${dialog} summary`, run: "click" },
        { content: "what it asks", trigger: `${dialog} [name=questions]:contains('How easy is it')` },
        { content: "Marc has no address", trigger: `${dialog} tr:contains('Marc'):contains('No e-mail address')` },
        {
            content: "and can't be ticked",
            trigger: `${dialog} tr:contains('Marc') .o_boolean_toggle input:disabled:not(:checked)`,
        },
        { trigger: `${dialog} tr:contains('Nuria'):contains('Español') .o_boolean_toggle input:checked` },
        { trigger: `${dialog} tr:contains('Luis') .o_boolean_toggle input:checked`, run: "click" },
        { trigger: `${dialog} tr:contains('Luis') .o_boolean_toggle input:not(:checked)` },
        { trigger: `${dialog} [name=note] textarea`, run: "edit It was good to see you" },
        { trigger: ".modal-footer button[name=action_send]", run: "click" },
        { trigger: ".o_notification:contains('The survey is on its way to Nuria.')" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

// And again: she is left in peace, and the sentence says until when.
tours.add("kam_survey_send_again", {
    steps: () => [
        {
            trigger: ".o-form-buttonbox",
            async run({ click }) {
                if (!document.querySelector("button[name=action_kam_ask]")) {
                    await click(".o-form-buttonbox .o_button_more");
                }
            },
        },
        { trigger: "button[name=action_kam_ask]", run: "click" },
        { trigger: `${dialog} tr:contains('Nuria'):contains('Asked on') .o_boolean_toggle input:disabled` },
        { trigger: `${dialog} tr:contains('Luis') .o_boolean_toggle input:checked`, run: "click" },
        { trigger: `${dialog} tr:contains('Luis') .o_boolean_toggle input:not(:checked)` },
        { trigger: ".modal-footer button[name=action_send]", run: "click" },
        { trigger: ".modal .modal-body:contains('Choose whom to ask')" },
    ],
});

// An administrator has a question of a survey counted: the rest fills itself in.
tours.add("kam_survey_source", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: "[name=name] input", run: "edit Fair" },
        { trigger: "[name=question_id] input", run: "edit Was the fair" },
        {
            content: "in the list of what was typed, not in the first one, which is about to be replaced",
            trigger: ".o-autocomplete--dropdown-menu:not(:contains('How likely')) a:contains('Was the fair')",
            run: "click",
        },
        { trigger: "[name=question_id] input:value('Was the fair worth it?')" },
        { content: "a scale from 1 to 5", trigger: "[name=kind] .o_selection_badge.active:contains('CSAT')" },
        { trigger: "[name=value_path] input:value('value_scale')" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_status_indicator_buttons:not(.invisible)))" },
        { trigger: "[name=state]:contains('Available')" },
    ],
});
