import { expect, test } from "@odoo/hoot";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

const DIMENSIONS = [
    { code: "attractiveness", label: "Attractiveness", known: 70, needed: 50, text: "70% known" },
    { code: "position", label: "Position", known: 30, needed: 50, text: "30% known" },
];

function opinion(user, name, value, options = {}) {
    return { user, name, value, age: "5 days ago", own: false, too_old: false, ...options };
}

class Sheet extends models.Model {
    _name = "test.sheet";

    dimensions = fields.Json();
    line_ids = fields.One2many({ relation: "test.sheet.line" });
    _records = [{ id: 1, dimensions: DIMENSIONS, line_ids: [1, 2, 3] }];
}

class Line extends models.Model {
    _name = "test.sheet.line";

    name = fields.Char();
    description = fields.Text();
    dimension = fields.Selection({
        selection: [
            ["attractiveness", "Attractiveness"],
            ["position", "Position"],
        ],
    });
    anchor_1 = fields.Char();
    anchor_4 = fields.Char();
    anchor_7 = fields.Char();
    anchor_10 = fields.Char();
    value = fields.Integer();
    comment = fields.Text();
    share = fields.Float();
    opinions = fields.Json();
    published = fields.Char();
    effect = fields.Char();
    effect_text = fields.Char();
    _records = [
        {
            id: 1,
            name: "Strategic value",
            dimension: "attractiveness",
            anchor_7: "Opens doors",
            share: 30,
            effect: "known",
            effect_text: "30% of the weight",
            opinions: [
                opinion(1, "Me", 7, { own: true }),
                opinion(2, "Helena", 4),
                opinion(3, "Claire", 2, { too_old: true }),
            ],
        },
        {
            id: 2,
            name: "Image",
            dimension: "position",
            share: 40,
            effect: "adds",
            effect_text: "Adds 40%",
            opinions: false,
        },
        {
            id: 3,
            name: "Wallet",
            dimension: "position",
            share: 0,
            effect: "none",
            effect_text: "No weight",
            opinions: false,
        },
    ];
}

defineMailModels();
defineModels([Sheet, Line]);

const LINE = (name) => `.kam_sheet_line[data-name='${name}']`;

async function mountSheet() {
    onRpc("test.sheet", "web_save", ({ args }) => {
        // a rating that was taken back is sent as 0, which is none
        const chosen = args[1].line_ids.filter(([, , values]) => values.value);
        expect.step(JSON.stringify(chosen));
    });
    await mountView({
        type: "form",
        resModel: "test.sheet",
        resId: 1,
        arch: /* xml */ `
            <form>
                <field name="dimensions" invisible="1"/>
                <field name="line_ids" widget="kam_rating_sheet"/>
            </form>`,
    });
}

test("each dimension has its factors, and nothing is rated to begin with", async () => {
    await mountSheet();
    expect(".kam_sheet_group").toHaveCount(2);
    expect(".kam_sheet_group[data-name=position] .kam_sheet_line").toHaveCount(2);
    expect(".kam_sheet_group[data-name=position] .kam_sheet_known").toHaveText("30% known");
    expect(".kam_step_on, .kam_sheet_rated, textarea").toHaveCount(0);
    expect(`${LINE("Wallet")}.kam_sheet_idle`).toHaveCount(1);
    expect(`${LINE("Image")} .kam_anchors`).toHaveCount(0);
    expect(`${LINE("Image")} .kam_unknown`).toHaveText("You have not rated it yet");
    expect(`${LINE("Image")} .kam_sheet_again`).toHaveCount(0);
});

test("everybody stands where they rated; the band leaves out what is too old", async () => {
    await mountSheet();
    const strip = `${LINE("Strategic value")} .kam_strip`;
    expect(`${strip} .kam_strip_step:eq(6) img.kam_own`).toHaveCount(1);
    expect(`${strip} .kam_strip_step:eq(3) img[title='Helena: 4, 5 days ago']`).toHaveCount(1);
    expect(`${strip} .kam_strip_step:eq(1) img.kam_too_old`).toHaveCount(1);
    expect(`${strip} .kam_strip_between`).toHaveCount(4);
    expect(`${LINE("Strategic value")} li:contains(Claire) .kam_badge`).toHaveText(
        "no longer counts"
    );
    expect(`${LINE("Strategic value")} li:contains(Helena) .kam_badge`).toHaveCount(0);
});

test("only what was chosen is saved, with its comment", async () => {
    await mountSheet();
    await contains(`${LINE("Image")} .kam_rating_step[data-step='8']`).click();
    expect(`${LINE("Image")} .kam_step_chosen`).toHaveText("8");
    expect("textarea").toHaveCount(1);
    await contains("textarea").edit("They asked for us");
    await clickSave();
    expect.verifySteps([JSON.stringify([[1, 2, { value: 8, comment: "They asked for us" }]])]);
});

test("what was chosen can be taken back, and said again in one click", async () => {
    await mountSheet();
    await contains(`${LINE("Image")} .kam_rating_step[data-step='8']`).click();
    await contains(`${LINE("Image")} .kam_sheet_clear`).click();
    expect(".kam_step_on, textarea").toHaveCount(0);
    await contains(`${LINE("Strategic value")} .kam_sheet_again`).click();
    expect(`${LINE("Strategic value")} .kam_step_chosen`).toHaveText("7");
    await clickSave();
    expect.verifySteps([JSON.stringify([[1, 1, { value: 7 }]])]);
});

test("beside what is known stands what a rating adds", async () => {
    await mountSheet();
    const group = ".kam_sheet_group[data-name=position]";
    expect(`${group} .kam_known_part`).toHaveStyle({ width: "30%" }, { inline: true });
    expect(".kam_known_added").toHaveCount(0);
    await contains(`${LINE("Image")} .kam_rating_step[data-step='8']`).click();
    expect(`${group} .kam_known_added`).toHaveStyle({ width: "40%" }, { inline: true });
    // known already, or without weight: it adds nothing
    await contains(`${LINE("Strategic value")} .kam_rating_step[data-step='8']`).click();
    await contains(`${LINE("Wallet")} .kam_rating_step[data-step='8']`).click();
    expect(".kam_known_added").toHaveCount(1);
});
