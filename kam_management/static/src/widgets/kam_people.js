/**
 * The people of an account at a glance: where they stand on power and support, and who of us knows whom.
 *
 * Both read the same answer of the server. On the map a card is dragged by its handle, or moved by its menu or with Alt
 * and an arrow, so that a keyboard or a phone is enough. Who is unknown in one of the two stands beside the map, never
 * in the middle of it.
 */
import { Component, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSortable } from "@web/core/utils/sortable_owl";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export const POWERS = ["high", "medium", "low"];
export const SUPPORTS = ["opponent", "sceptic", "neutral", "supporter", "champion"];

const NOBODY = {
    people: [],
    may_write: false,
    ours: [],
    theirs: [],
    cells: {},
    form: false,
    pairs: 0,
    pairs_needed: 0,
    missing_roles: [],
    trust_gap: false,
};

function powerLabel(power) {
    return { low: _t("Low power"), medium: _t("Medium power"), high: _t("High power") }[power];
}

function supportLabel(support) {
    return {
        opponent: _t("Against us"),
        sceptic: _t("Sceptical"),
        neutral: _t("Neutral"),
        supporter: _t("In favour"),
        champion: _t("Champions us"),
    }[support];
}

/** What map and grid have in common: the account, what the server says of its people, and ways to them. */
class KamPeople extends Component {
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ ...NOBODY });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.account) {
                return this.load(record.resId);
            }
        });
    }

    async load(account) {
        this.account = account;
        const people = account
            ? await this.orm.call("res.partner", "get_kam_people", [[account]])
            : NOBODY;
        Object.assign(this.state, people);
    }

    open(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kam.stakeholder",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    add(values = {}) {
        const context = { default_partner_id: this.account };
        for (const [name, value] of Object.entries(values)) {
            context[`default_${name}`] = value;
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kam.stakeholder",
            views: [[false, "form"]],
            context,
        });
    }
}

/** One person on the map. A component of its own: its menu is drawn later, and must not mean its neighbour then. */
export class KamPeopleCard extends Component {
    static template = "kam_management.PeopleCard";
    static components = { Dropdown, DropdownItem };
    static props = {
        person: Object,
        readonly: Boolean,
        onOpen: Function,
        onPlace: Function,
        onKey: Function,
    };

    setup() {
        this.powers = POWERS;
        this.supports = SUPPORTS;
        this.powerLabel = powerLabel;
        this.supportLabel = supportLabel;
    }

    /** What is known of somebody who can't be placed. */
    get known() {
        const { power, support } = this.props.person;
        return [
            power ? powerLabel(power) : _t("power unknown"),
            support ? supportLabel(support) : _t("support unknown"),
        ].join(", ");
    }

    place(values) {
        return this.props.onPlace(this.props.person.id, values);
    }
}

export class KamPeopleMap extends KamPeople {
    static template = "kam_management.PeopleMap";
    static components = { KamPeopleCard };

    setup() {
        super.setup();
        this.root = useRef("root");
        this.powers = POWERS;
        this.supports = SUPPORTS;
        this.powerLabel = powerLabel;
        this.supportLabel = supportLabel;
        useSortable({
            enable: () => this.state.may_write,
            ref: this.root,
            elements: ".kam_map_person",
            groups: ".kam_map_people",
            connectGroups: true,
            handle: ".kam_map_handle",
            cursor: "grabbing",
            placeholderClasses: ["kam_dafo_placeholder"],
            onDrop: ({ element, parent }) => {
                const { power, support } = parent?.dataset || {};
                if (parent) {
                    return this.place(Number(element.dataset.id), {
                        power: power || false,
                        support: support || false,
                    });
                }
            },
        });
    }

    at(power, support) {
        return this.state.people.filter(
            (person) => person.power === power && person.support === support
        );
    }

    get unplaced() {
        return this.state.people.filter(({ power, support }) => !power || !support);
    }

    async place(id, values) {
        const person = this.state.people.find((other) => other.id === id);
        const changes = {};
        for (const name of ["power", "support"]) {
            if (name in values && person[name] !== values[name]) {
                changes[name] = values[name];
            }
        }
        if (!this.state.may_write || !Object.keys(changes).length) {
            return;
        }
        Object.assign(person, changes);
        try {
            await this.orm.write("kam.stakeholder", [id], changes);
        } finally {
            // What the server has is shown, also when it refused.
            await this.load(this.account);
        }
    }

    /** Alt and an arrow: one step of power or support; from the unknown to the middle step. */
    async onKey(ev, person) {
        const step = {
            ArrowUp: ["power", POWERS, -1],
            ArrowDown: ["power", POWERS, 1],
            ArrowLeft: ["support", SUPPORTS, -1],
            ArrowRight: ["support", SUPPORTS, 1],
        }[ev.key];
        if (!step || !ev.altKey) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        const [name, scale, by] = step;
        const here = scale.indexOf(person[name]);
        const there = here === -1 ? (scale.length - 1) / 2 : here + by;
        if (scale[there]) {
            await this.place(person.id, { [name]: scale[there] });
            // The card is drawn anew in another cell: who moves it goes on from there.
            requestAnimationFrame(() =>
                this.root.el?.querySelector(`[data-id="${person.id}"] .kam_map_name`)?.focus()
            );
        }
    }
}

export class KamPeopleGrid extends KamPeople {
    static template = "kam_management.PeopleGrid";

    cell(ours, theirs) {
        return this.state.cells[`${ours.id}:${theirs.id}`] || [];
    }

    /** Nobody of ours knows anybody in that function of theirs. */
    isUnknown(theirs) {
        return !this.state.ours.some((ours) => this.cell(ours, theirs).length);
    }

    /**
     * What an empty cell means. `nobody`: one side has nobody there, so there is nothing to be filled. `gap`: somebody
     * is missing, because a function meets its like first, or because nobody of ours knows that function at all.
     * `empty`: both have people, who don't know each other and need not.
     */
    empty(ours, theirs) {
        if (this.cell(ours, theirs).length) {
            return false;
        }
        if (!theirs.people.length || !ours.people.length) {
            return "nobody";
        }
        const like = Boolean(theirs.id) && ours.id === theirs.id;
        return like || this.isUnknown(theirs) ? "gap" : "empty";
    }

    get chosen() {
        return this.props.record.data.kam_interaction_form;
    }

    get formLabel() {
        return {
            bow_tie: _t("a bow-tie: it goes through few, as manager to buyer"),
            diamond: _t("a diamond: function meets function"),
        }[this.state.form];
    }

    get pairsLabel() {
        return _t("%(pairs)s pairs of functions know each other; from %(needed)s on it is a diamond.", {
            pairs: this.state.pairs,
            needed: this.state.pairs_needed,
        });
    }

    /** Beside the form that was chosen: what shows is another one. */
    get differs() {
        return this.chosen && this.state.form && this.chosen !== this.state.form;
    }

    /** The form that people want, or live, asks for more trust than there is. */
    get warning() {
        return (this.chosen || this.state.form) === "diamond" && this.state.trust_gap;
    }

    openFunction(theirs) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: theirs.name,
            res_model: "kam.stakeholder",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["partner_id", "=", this.account],
                ["function_id", "=", theirs.id || false],
            ],
            context: { default_partner_id: this.account, default_function_id: theirs.id || false },
        });
    }
}

registry.category("view_widgets").add("kam_people_map", { component: KamPeopleMap });
registry.category("view_widgets").add("kam_people_grid", {
    component: KamPeopleGrid,
    fieldDependencies: [{ name: "kam_interaction_form", type: "selection" }],
});
