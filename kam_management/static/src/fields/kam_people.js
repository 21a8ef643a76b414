/**
 * People to tap: those one probably means as buttons, anybody else by their name. On a phone a tap per person.
 */
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import {
    Many2ManyTagsField,
    many2ManyTagsField,
} from "@web/views/fields/many2many_tags/many2many_tags_field";

export class KamPeopleField extends Many2ManyTagsField {
    static template = "kam_management.PeopleField";
    static props = { ...Many2ManyTagsField.props, offered: String };

    setup() {
        super.setup();
        const update = this.update;
        // Odoo's own knows only the tags that it shows.
        this.update = (people) => {
            const chosen = new Set(this.chosen.map((person) => person.resId));
            return update((people || []).filter((person) => !chosen.has(person.id)));
        };
    }

    get chosen() {
        return this.props.record.data[this.props.name].records;
    }

    get offered() {
        const chosen = new Set(this.chosen.map((person) => person.resId));
        return this.props.record.data[this.props.offered].records.map((person) => ({
            id: person.resId,
            name: person.data.display_name,
            isChosen: chosen.has(person.resId),
        }));
    }

    /** The chosen ones who have no button. */
    get tags() {
        const offered = new Set(this.offered.map((person) => person.id));
        return super.tags.filter((tag) => !offered.has(tag.resId));
    }

    async toggle(person) {
        const tag = this.chosen.find((record) => record.resId === person.id);
        return tag ? this.deleteTag(tag.id) : this.update([{ id: person.id }]);
    }
}

registry.category("fields").add("kam_people", {
    ...many2ManyTagsField,
    component: KamPeopleField,
    displayName: _t("People to tap"),
    supportedTypes: ["many2many"],
    extractProps: (info, dynamicInfo) => ({
        ...many2ManyTagsField.extractProps(info, dynamicInfo),
        offered: info.options.offered,
    }),
});
