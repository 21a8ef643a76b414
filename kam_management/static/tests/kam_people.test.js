import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Account extends models.Model {
    _name = "test.account";

    kam_interaction_form = fields.Selection({
        selection: [
            ["bow_tie", "Bow-tie"],
            ["diamond", "Diamond"],
        ],
    });
    power = fields.Selection({ selection: [["high", "High"]] });
    _records = [{ id: 1, kam_interaction_form: false, power: false }];
}

defineMailModels();
defineModels([Account]);

function person(id, name, power, support) {
    return { id, name, title: "Buyer", roles: ["Buyer"], power, support };
}

function side(id, name, people, required = false) {
    return { id, name, people, required };
}

/** What the server says; it takes what the map writes, as the server does. */
function answer(changes = {}) {
    return {
        people: [
            person(1, "Ana", "high", "neutral"),
            person(2, "Luis", "medium", "champion"),
            person(3, "Eva", "high", false),
        ],
        may_write: true,
        ours: [side(1, "Sales", ["Marta"]), side(2, "Logistics", ["Pablo"])],
        theirs: [
            side(3, "Purchasing", ["Ana"]),
            side(2, "Logistics", ["Luis"]),
            side(4, "Quality", [], true),
        ],
        cells: { "1:3": [{ id: 1, person: "Ana", user: "Marta" }] },
        form: "bow_tie",
        pairs: 1,
        pairs_needed: 3,
        missing_roles: [],
        trust_gap: "unknown",
        ...changes,
    };
}

async function mountPeople(widget, changes = {}) {
    const people = answer(changes);
    const written = [];
    onRpc("res.partner", "get_kam_people", ({ args }) => {
        expect(args).toEqual([[1]]);
        return people;
    });
    onRpc("kam.stakeholder", "write", ({ args: [[id], values] }) => {
        written.push([id, values]);
        Object.assign(
            people.people.find((other) => other.id === id),
            values
        );
        return true;
    });
    await mountView({
        type: "form",
        resModel: "test.account",
        resId: 1,
        arch: `<form><field name="kam_interaction_form"/><widget name="${widget}"/></form>`,
    });
    return written;
}

const cell = (power, support) =>
    `.kam_map_people[data-power=${power}][data-support=${support}]`;

test("people stand where power and support put them, the unknown aside", async () => {
    await mountPeople("kam_people_map");
    expect(queryAllTexts(`${cell("high", "neutral")} .kam_map_name`)).toEqual(["Ana"]);
    expect(queryAllTexts(`${cell("medium", "champion")} .kam_map_name`)).toEqual(["Luis"]);
    expect(".kam_map_grid .kam_map_person").toHaveCount(2);
    expect(queryAllTexts(".kam_map_unknown .kam_map_name")).toEqual(["Eva"]);
    expect(".kam_map_unknown .kam_map_known").toHaveText("High power, support unknown");
});

test("a card that is dragged changes both", async () => {
    const written = await mountPeople("kam_people_map");
    await contains(`${cell("high", "neutral")} .kam_map_handle`).dragAndDrop(
        cell("low", "opponent")
    );
    await animationFrame();
    expect(written).toEqual([[1, { power: "low", support: "opponent" }]]);
    expect(queryAllTexts(`${cell("low", "opponent")} .kam_map_name`)).toEqual(["Ana"]);
});

test("the unknown is dragged onto the map, and back", async () => {
    const written = await mountPeople("kam_people_map");
    await contains(".kam_map_unknown .kam_map_handle").dragAndDrop(cell("high", "supporter"));
    await animationFrame();
    expect(written).toEqual([[3, { support: "supporter" }]]);
    expect(queryAllTexts(`${cell("high", "supporter")} .kam_map_name`)).toEqual(["Eva"]);
    expect(".kam_map_unknown").toHaveText(/Everybody is on the map/);
});

test("the menu and the keyboard do the same", async () => {
    const written = await mountPeople("kam_people_map");
    await contains(`${cell("high", "neutral")} .kam_map_menu`).click();
    await contains(".o-dropdown-item:contains('In favour')").click();
    await contains(`${cell("high", "supporter")} .kam_map_name`).focus();
    await press(["alt", "ArrowDown"]);
    await animationFrame();
    await contains(".kam_map_unknown .kam_map_name").focus();
    await press(["alt", "ArrowLeft"]);
    await animationFrame();
    expect(written).toEqual([
        [1, { support: "supporter" }],
        [1, { power: "medium" }],
        [3, { support: "neutral" }],
    ]);
});

test("of several at one place, the menu means its own", async () => {
    const written = await mountPeople("kam_people_map", {
        people: [person(1, "Ana", "high", "neutral"), person(2, "Luis", "high", "neutral")],
    });
    await contains(`.kam_map_person[data-id="1"] .kam_map_menu`).click();
    await contains(".o-dropdown-item:contains('Low power')").click();
    expect(written).toEqual([[1, { power: "low" }]]);
    expect(queryAllTexts(`${cell("high", "neutral")} .kam_map_name`)).toEqual(["Luis"]);
});

test("a map that is only read has nothing to move", async () => {
    await mountPeople("kam_people_map", { may_write: false });
    expect(".kam_map_handle, .kam_map_menu").toHaveCount(0);
});

test("the grid: ties, what is empty, and what nobody knows", async () => {
    await mountPeople("kam_people_grid");
    const at = (ours, theirs) => `.kam_grid_cell[data-ours=${ours}][data-theirs=${theirs}]`;
    expect(`${at("Sales", "Purchasing")} .kam_grid_tie`).toHaveText("Marta Ana");
    expect(at("Logistics", "Logistics")).toHaveText("Empty: should know each other");
    // both have people, and need not know each other
    expect(at("Logistics", "Purchasing")).toHaveText("Empty");
    // nobody is there to be known: neither a word nor a mark
    expect(at("Sales", "Quality")).toHaveText("–");
    expect(at("Sales", "Quality")).not.toHaveClass("kam_grid_empty");
    // of a function that nobody of ours knows every cell is a gap
    expect(at("Sales", "Logistics")).toHaveText("Empty: should know each other");
    expect(at("Logistics", "Logistics")).toHaveClass("kam_grid_empty");
    expect(at("Sales", "Purchasing")).not.toHaveClass("kam_grid_empty");
    expect(at("Logistics", "Purchasing")).not.toHaveClass("kam_grid_empty");
    expect(queryAllTexts(".kam_grid_gap")).toEqual([
        "Nobody of ours knows them",
        "Nobody there yet; the tier asks for it",
    ]);
    expect(".kam_grid_form").toHaveText(/a bow-tie.*1 pairs.*from 3 on/);
    expect(".kam_grid_warning, .kam_grid_differs").toHaveCount(0);
});

test("a diamond that was chosen asks for trust: unknown is not too low", async () => {
    Account._records[0].kam_interaction_form = "diamond";
    await mountPeople("kam_people_grid");
    expect(".kam_grid_warning").toHaveText(/not assessed yet/);
    expect(".kam_grid_differs").toHaveCount(1);
});

test("too little trust for a diamond", async () => {
    Account._records[0].kam_interaction_form = "diamond";
    await mountPeople("kam_people_grid", { form: "diamond", trust_gap: "low" });
    expect(".kam_grid_warning").toHaveText(/more trust than there is/);
    expect(".kam_grid_differs").toHaveCount(0);
});

test("enough trust: no warning", async () => {
    Account._records[0].kam_interaction_form = "diamond";
    await mountPeople("kam_people_grid", { form: "diamond", trust_gap: false });
    expect(".kam_grid_warning").toHaveCount(0);
});

test("a choice that nobody made is unknown", async () => {
    await mountView({
        type: "form",
        resModel: "test.account",
        resId: 1,
        arch: `<form><field name="power" widget="kam_choice" readonly="1"/></form>`,
    });
    expect(".o_field_widget[name=power]").toHaveText("unknown");
});
