/**
 * The four quadrants of a SWOT analysis as a board of 2×2. Cards are written where they belong, dragged by their handle,
 * or moved by their menu or with Alt and an arrow, so that a keyboard or a phone is enough.
 */
import { Component, useRef, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutoresize } from "@web/core/utils/autoresize";
import { useSortable } from "@web/core/utils/sortable_owl";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export const IMPACTS = [1, 2, 3];
const STEP = 10;

export const QUADRANTS = [
    { code: "strength", internal: true, good: true, icon: "fa-plus-circle" },
    { code: "weakness", internal: true, good: false, icon: "fa-minus-circle" },
    { code: "opportunity", internal: false, good: true, icon: "fa-arrow-circle-up" },
    { code: "threat", internal: false, good: false, icon: "fa-exclamation-circle" },
];

function words(code) {
    return {
        strength: { label: _t("Strengths"), add: _t("Add a strength…") },
        weakness: { label: _t("Weaknesses"), add: _t("Add a weakness…") },
        opportunity: { label: _t("Opportunities"), add: _t("Add an opportunity…") },
        threat: { label: _t("Threats"), add: _t("Add a threat…") },
    }[code];
}

/** What each step of an impact means. */
export function impactLabel(impact) {
    return { 1: _t("Low impact"), 2: _t("Medium impact"), 3: _t("High impact") }[impact];
}

export class KamDafoCard extends Component {
    static template = "kam_management.DafoCard";
    static components = { Dropdown, DropdownItem };
    static props = {
        card: Object,
        quadrants: Array,
        readonly: Boolean,
        onMove: Function,
        onRemove: Function,
    };

    setup() {
        this.state = useState({ note: false });
        const text = useRef("text");
        useAutoresize(text, { minimumHeight: 24 });
        this.impacts = IMPACTS;
        this.impactLabel = impactLabel;
    }

    get data() {
        return this.props.card.data;
    }

    get others() {
        return this.props.quadrants.filter(({ code }) => code !== this.data.quadrant);
    }

    onText(ev) {
        const name = ev.target.value.replace(/\s+/g, " ").trim();
        if (name) {
            return this.props.card.update({ name });
        }
        // a card without words says nothing: what stood there stays
        ev.target.value = this.data.name;
    }

    onTextKey(ev) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            ev.target.blur();
        } else if (ev.key === "Escape") {
            ev.stopPropagation();
            ev.target.value = this.data.name;
            ev.target.blur();
        }
    }

    /** Alt and an arrow: to the quadrant that lies there. */
    onKey(ev) {
        if (!ev.altKey || this.props.readonly) {
            return;
        }
        const here = this.props.quadrants.find(({ code }) => code === this.data.quadrant);
        const aim = {
            ArrowLeft: { internal: here.internal, good: true },
            ArrowRight: { internal: here.internal, good: false },
            ArrowUp: { internal: true, good: here.good },
            ArrowDown: { internal: false, good: here.good },
        }[ev.key];
        if (aim) {
            ev.preventDefault();
            ev.stopPropagation();
            const there = this.props.quadrants.find(
                ({ internal, good }) => internal === aim.internal && good === aim.good
            );
            this.props.onMove(this.props.card, there.code);
        }
    }
}

export class KamDafoBoardField extends Component {
    static template = "kam_management.DafoBoardField";
    static components = { KamDafoCard };
    static props = { ...standardFieldProps };

    setup() {
        this.root = useRef("root");
        useSortable({
            enable: () => !this.props.readonly,
            ref: this.root,
            elements: ".kam_dafo_card",
            groups: ".kam_dafo_cards",
            connectGroups: true,
            handle: ".kam_dafo_handle",
            cursor: "grabbing",
            placeholderClasses: ["kam_dafo_placeholder"],
            onDrop: (params) => this.onDrop(params),
        });
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get quadrants() {
        return QUADRANTS.map((quadrant) => ({ ...quadrant, ...words(quadrant.code) }));
    }

    cards(code) {
        return this.list.records
            .filter(({ data }) => data.quadrant === code)
            .sort((one, other) => one.data.sequence - other.data.sequence);
    }

    async onAddKey(ev, code) {
        if (ev.key === "Enter" && !ev.isComposing) {
            ev.preventDefault();
            await this.add(ev.target, code);
        } else if (ev.key === "Escape") {
            ev.stopPropagation();
            ev.target.value = "";
        }
    }

    /** What was typed becomes a card, also when one leaves the line: nothing typed is lost. */
    async add(input, code) {
        const name = input.value.replace(/\s+/g, " ").trim();
        input.value = "";
        if (name) {
            await this.list.addNewRecord({
                mode: "readonly",
                position: "bottom",
                context: {
                    default_name: name,
                    default_quadrant: code,
                    default_impact: 2,
                    default_sequence: this.nextSequence(code),
                },
            });
        }
    }

    nextSequence(code) {
        return Math.max(0, ...this.cards(code).map(({ data }) => data.sequence)) + STEP;
    }

    move(card, code) {
        if (!this.props.readonly && card.data.quadrant !== code) {
            return card.update({ quadrant: code, sequence: this.nextSequence(code) });
        }
    }

    remove(card) {
        return this.list.delete(card);
    }

    async onDrop({ element, parent, previous }) {
        const card = this.list.records.find(({ id }) => id === element.dataset.id);
        const code = parent?.dataset.quadrant;
        if (!card || !code) {
            return;
        }
        const order = this.cards(code).filter((other) => other !== card);
        const after = order.findIndex(({ id }) => id === previous?.dataset.id);
        order.splice(after + 1, 0, card);
        for (const [index, other] of order.entries()) {
            const changes = {};
            if (other.data.sequence !== (index + 1) * STEP) {
                changes.sequence = (index + 1) * STEP;
            }
            if (other.data.quadrant !== code) {
                changes.quadrant = code;
            }
            if (Object.keys(changes).length) {
                await other.update(changes);
            }
        }
    }
}

export const kamDafoBoardField = {
    component: KamDafoBoardField,
    displayName: _t("SWOT board"),
    supportedTypes: ["one2many"],
    isEmpty: () => false,
    relatedFields: [
        { name: "name", type: "char", readonly: false },
        { name: "quadrant", type: "selection", readonly: false },
        { name: "impact", type: "integer", readonly: false },
        { name: "sequence", type: "integer", readonly: false },
        { name: "note", type: "text", readonly: false },
        { name: "strategy_count", type: "integer", readonly: true },
    ],
};

registry.category("fields").add("kam_dafo_board", kamDafoBoardField);
