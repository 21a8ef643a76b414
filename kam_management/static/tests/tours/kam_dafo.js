import { registry } from "@web/core/registry";

const quadrant = (code) => `.kam_dafo_quadrant[data-quadrant='${code}']`;

// Starts on the analysis of Nordwind Iberia; another one, of us, has the card “Fibre trays”.
registry.category("web_tour.tours").add("kam_dafo", {
    steps: () => [
        {
            content: "a card is written where it belongs",
            trigger: `${quadrant("threat")} .kam_dafo_add`,
            run: "edit Ready meals grow && press Enter",
        },
        {
            content: "it matters a lot",
            trigger: `${quadrant("threat")} .kam_dafo_card:nth-child(2) .kam_dafo_dot:nth-child(3)`,
            run: "click",
        },
        {
            content: "after all it is an opportunity: dragged there",
            isActive: ["desktop"],
            trigger: `${quadrant("threat")} .kam_dafo_card:nth-child(2) .kam_dafo_handle`,
            run: `drag_and_drop ${quadrant("opportunity")} .kam_dafo_cards`,
        },
        {
            content: "or moved there by its menu",
            isActive: ["mobile"],
            trigger: `${quadrant("threat")} .kam_dafo_card:nth-child(2) .kam_dafo_menu`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o-dropdown-item:contains('Move to Opportunities')",
            run: "click",
        },
        { trigger: `${quadrant("opportunity")} .kam_dafo_card:nth-child(2)` },
        {
            content: "a card is written anew",
            trigger: `${quadrant("strength")} .kam_dafo_card textarea`,
            run: "edit Own bakeries and kitchens && press Enter",
        },
        {
            content: "one is taken off",
            trigger: `${quadrant("threat")} .kam_dafo_card .kam_dafo_menu`,
            run: "click",
        },
        { trigger: ".o-dropdown-item:contains('Remove')", run: "click" },
        { trigger: `${quadrant("threat")}:not(:has(.kam_dafo_card))` },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_form_button_save:visible))" },
        { content: "cross it", trigger: "button[name=action_cross]", run: "click" },
        {
            content: "the cards of both analyses meet; what matters most comes first, and then what is older",
            trigger:
                ".kam_cross_grid tr:has(th:contains('Fibre trays')) td:nth-child(3) .kam_cross_add",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=kind]:contains('Offensive')",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Trays that go into the oven",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "the strategy stands in its cell",
            trigger: ".kam_cross_strategy:contains('Trays that go into the oven')",
            run: "click",
        },
        {
            content: "a phone keeps further buttons in a menu",
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button:has(.fa-ellipsis-v, .oi-ellipsis-v)",
            run: "click",
        },
        { trigger: "button[name=action_create_opportunity]", run: "click" },
        {
            isActive: ["mobile"],
            trigger:
                ".o_field_widget[name=kam_strategy_id] input:value('Trays that go into the oven')",
        },
        {
            content: "the opportunity says where it came from",
            isActive: ["desktop"],
            trigger: ".o_form_view button[name=action_open_kam_strategy]",
            run: "click",
        },
        {
            content: "and back: the strategy counts its opportunity",
            isActive: ["desktop"],
            trigger: ".o_form_view button[name=action_open_opportunities]:contains('1')",
        },
        { isActive: ["desktop"], trigger: "button[name=action_cross]", run: "click" },
        {
            isActive: ["desktop"],
            trigger: ".kam_cross_strategy:contains('Trays that go into the oven')",
        },
    ],
});
