import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import type { Draw } from "./figure.ts";

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** Draws without a browser. What only a living chart needs, its hover styles and marks for events, is taken out. */
export const draw: Draw = (name, option, size) => {
  const chart = init(null, null, { renderer: "svg", ssr: true, ...size });
  try {
    chart.setOption(option);
    return chart
      .renderToSVGString()
      .replace(/<style[^>]*>.*?<\/style>/gs, "")
      .replace(/ (class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*"|xml:space="preserve")/g, "")
      .replace(/\bzr\d+-/g, `${name}-`);
  } finally {
    chart.dispose();
  }
};
