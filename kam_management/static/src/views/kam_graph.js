/**
 * A graph in which an unknown number is a gap: no bar, a break in the line, "unknown" in the tooltip. Odoo's own
 * draws it as 0.
 */
import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";
import { isUnknown, unknownLabel } from "@kam_management/fields/unknown";

export class KamGraphModel extends GraphModel {
    _getProcessedDataPoints() {
        const dataPoints = super._getProcessedDataPoints();
        // Odoo fills the days between two refreshes with empty groups, which would break every line.
        return this.metaData.mode === "line"
            ? dataPoints.filter(({ count }) => count !== 0)
            : dataPoints;
    }

    _getData(dataPoints, forceUseAllDataPoints) {
        const result = super._getData(dataPoints, forceUseAllDataPoints);
        const isLine = this.metaData.mode === "line" && this.metaData.groupBy.length;
        for (const dataset of result.datasets) {
            // Chart.js leaves null out. Where a line has no group (no domain), Odoo has put a 0.
            dataset.data = dataset.data.map((value, index) =>
                isUnknown(value) || (isLine && !dataset.domains[index].length) ? null : value
            );
        }
        return result;
    }

    /** A line over the sums of the bars would join groups that have no order, and add up averages. */
    _getLineOverlayDataset() {
        return null;
    }
}

export class KamGraphRenderer extends GraphRenderer {
    formatValue(value, allIntegers = true, formatType = "") {
        if (isUnknown(value)) {
            return unknownLabel().toString();
        }
        return super.formatValue(value, allIntegers, formatType);
    }
}

registry.category("views").add("kam_graph", {
    ...graphView,
    Model: KamGraphModel,
    Renderer: KamGraphRenderer,
});

/** For indexes that are rolled up by the worker: as in the pivot, of several of them none is drawn. */
export class KamSingleGraphModel extends KamGraphModel {
    _getProcessedDataPoints() {
        const { fields, measure } = this.metaData;
        const dataPoints = super._getProcessedDataPoints();
        return fields[measure]?.aggregator !== "avg"
            ? dataPoints
            : dataPoints.map((point) => (point.count > 1 ? { ...point, value: false } : point));
    }

    /** With nothing to draw, the view says what to do instead of a legend of lines that are not there. */
    hasData() {
        return super.hasData() && this._getProcessedDataPoints().some(({ value }) => !isUnknown(value));
    }
}

registry.category("views").add("kam_graph_single", {
    ...graphView,
    Model: KamSingleGraphModel,
    Renderer: KamGraphRenderer,
});
