import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryAllValues } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
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

class Analysis extends models.Model {
    _name = "test.analysis";

    item_ids = fields.One2many({ relation: "test.card" });
    letters = fields.Json();
    _records = [
        {
            id: 1,
            item_ids: [1, 2, 3],
            letters: [
                { letter: "s", label: "Specific", missing: false },
                { letter: "m", label: "Measurable", missing: "say how one will see it." },
            ],
        },
    ];
}

class Card extends models.Model {
    _name = "test.card";

    name = fields.Char();
    quadrant = fields.Selection({
        selection: [
            ["strength", "Strengths"],
            ["weakness", "Weaknesses"],
            ["opportunity", "Opportunities"],
            ["threat", "Threats"],
        ],
    });
    impact = fields.Integer();
    sequence = fields.Integer();
    note = fields.Text();
    strategy_count = fields.Integer();
    _records = [
        { id: 1, name: "Own bakeries", quadrant: "strength", impact: 3, sequence: 10 },
        { id: 2, name: "Own logistics", quadrant: "strength", impact: 1, sequence: 20 },
        { id: 3, name: "Tax on plastics", quadrant: "threat", impact: 2, sequence: 10 },
    ];
}

defineMailModels();
defineModels([Analysis, Card]);

const quadrant = (code) => `.kam_dafo_quadrant[data-quadrant=${code}]`;

/** Mounts the board; what is saved is the list of commands on its cards. */
async function mountBoard(attributes = "") {
    const saved = [];
    onRpc("test.analysis", "web_save", ({ args }) => {
        saved.push(args[1].item_ids);
    });
    await mountView({
        type: "form",
        resModel: "test.analysis",
        resId: 1,
        arch: `<form><field name="item_ids" widget="kam_dafo_board" ${attributes}/></form>`,
    });
    return saved;
}

test("cards lie in their quadrants, with their impact", async () => {
    await mountBoard();
    expect(queryAllValues(`${quadrant("strength")} textarea`)).toEqual([
        "Own bakeries",
        "Own logistics",
    ]);
    expect(`${quadrant("strength")} .kam_dafo_card:first .kam_dot_on`).toHaveCount(3);
    expect(`${quadrant("weakness")} .kam_dafo_card`).toHaveCount(0);
    expect(queryAllTexts(".kam_dafo_header h3")).toEqual([
        "Strengths",
        "Weaknesses",
        "Opportunities",
        "Threats",
    ]);
});

test("a card is written anew, and never emptied", async () => {
    const saved = await mountBoard();
    await contains(`${quadrant("threat")} textarea`).edit("Tax on plastics from 2027");
    await contains(`${quadrant("strength")} textarea:first`).edit("   ");
    await contains(`${quadrant("threat")} .kam_dafo_dot:last`).click();
    expect(`${quadrant("strength")} textarea:first`).toHaveValue("Own bakeries");
    await clickSave();
    expect(saved).toEqual([[[1, 3, { name: "Tax on plastics from 2027", impact: 3 }]]]);
});

test("what is typed becomes a card of that quadrant", async () => {
    const saved = await mountBoard();
    await contains(`${quadrant("weakness")} .kam_dafo_add`).edit("No engineers", {
        confirm: "enter",
    });
    expect(`${quadrant("weakness")} .kam_dafo_card`).toHaveCount(1);
    expect(`${quadrant("weakness")} .kam_dafo_add`).toHaveValue("");
    await clickSave();
    const [[command]] = saved;
    expect([command[0], command[2].name, command[2].quadrant, command[2].impact]).toEqual([
        0,
        "No engineers",
        "weakness",
        2,
    ]);
});

test("a card is dragged to another quadrant, to its place there", async () => {
    const saved = await mountBoard();
    await contains(`${quadrant("threat")} .kam_dafo_handle`).dragAndDrop(
        `${quadrant("strength")} .kam_dafo_card:first`
    );
    expect(`${quadrant("strength")} .kam_dafo_card`).toHaveCount(3);
    expect(`${quadrant("threat")} .kam_dafo_card`).toHaveCount(0);
    await clickSave();
    const moved = saved[0].find(([, id]) => id === 3);
    expect(moved[2].quadrant).toBe("strength");
});

test("the keyboard and the menu move it too", async () => {
    await mountBoard();
    await contains(`${quadrant("threat")} .kam_dafo_dot:first`).focus();
    await press(["alt", "ArrowUp"]);
    await animationFrame();
    expect(queryAllValues(`${quadrant("weakness")} textarea`)).toEqual(["Tax on plastics"]);
    await contains(`${quadrant("weakness")} .kam_dafo_menu`).click();
    await contains(".o-dropdown-item:contains('Move to Opportunities')").click();
    expect(queryAllValues(`${quadrant("opportunity")} textarea`)).toEqual(["Tax on plastics"]);
    await contains(`${quadrant("opportunity")} .kam_dafo_menu`).click();
    await contains(".o-dropdown-item:contains('Remove')").click();
    expect(".kam_dafo_card").toHaveCount(2);
});

test("a board that is only read has nothing to edit", async () => {
    await mountBoard('readonly="1"');
    expect(queryAllTexts(`${quadrant("strength")} .kam_dafo_text`)).toEqual([
        "Own bakeries",
        "Own logistics",
    ]);
    for (const part of [".kam_dafo_add", ".kam_dafo_handle", ".kam_dafo_menu", "textarea"]) {
        expect(part).toHaveCount(0);
    }
    expect(".kam_dafo_dot:disabled").toHaveCount(9);
});

test("letters fill, and the others say what they ask for", async () => {
    await mountView({
        type: "form",
        resModel: "test.analysis",
        resId: 1,
        arch: `<form><field name="letters" widget="kam_smart" options="{'explain': True}"/></form>`,
    });
    expect(".kam_smart_letter").toHaveCount(2);
    expect(".kam_smart_letter[data-letter=s]").toHaveClass("kam_smart_holds");
    expect(".kam_smart_letter[data-letter=m]").not.toHaveClass("kam_smart_holds");
    expect(".kam_smart_missing").toHaveText("Measurable: say how one will see it.");
});
