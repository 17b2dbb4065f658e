import type { BarSeriesOption, LineSeriesOption } from "echarts/charts";
import type { GridComponentOption, LegendComponentOption } from "echarts/components";
import type { ComposeOption } from "echarts/core";

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption
>;

/** In the units of the drawing, which scales with the page. */
export interface Size {
  width: number;
  height: number;
}

export interface Drawing {
  option: ChartOption;
  size: Size;
}

const WIDTH = 960;
const PANEL = 250;
const [ABOVE, BELOW, LEFT, RIGHT] = [70, 56, 86, 30];
/** Beyond so many points, marks would hide the line. */
const MOST_MARKS = 40;

/** Below such a span of milliseconds the axis of time names months, beyond it years. */
const MONTHLY = 4 * 365 * 86_400_000;

/** Lines differ in colour, dash and mark, so that they can be told apart in grey as well. */
const LINES = [
  { type: "solid", symbol: "circle" },
  { type: "dashed", symbol: "rect" },
  { type: "dotted", symbol: "triangle" },
  { type: [10, 3, 2, 3], symbol: "diamond" },
  { type: "solid", symbol: "emptyCircle" },
] as const;

/** Colours are the page's, which has them for light, dark and paper. */
const INK = "var(--ink)";
const RULE = "var(--rule)";
const TEXT = { color: INK, fontSize: 14, fontFamily: "sans-serif" };
const AXIS = {
  nameTextStyle: TEXT,
  axisLabel: { ...TEXT, fontSize: 13 },
  axisLine: { lineStyle: { color: INK } },
  axisTick: { lineStyle: { color: INK } },
};
const GRIDLINES = { splitLine: { lineStyle: { color: RULE } } };
const ALL = { animation: false, useUTC: true, textStyle: TEXT } as const;
const LEGEND = { top: 0, left: LEFT, itemWidth: 44, textStyle: TEXT, selectedMode: false, icon: "inherit" } as const;

/** An amount as the charts show it, in millions of dollars. */
export function inMillions(units: bigint): number {
  return Number(units) / 1e12;
}

export interface Line {
  name: string;
  /** Which of the panels, from 0. */
  panel?: number;
  /** Whether a value holds until the next. */
  holds?: boolean;
  /** Time in seconds, and value. */
  points: readonly (readonly [number, number])[];
}

/** Lines over time, in panels above each other that share the time. `units` names the upright axis of each panel. */
export function linesOverTime(units: readonly string[], lines: readonly Line[]): Drawing {
  const panels = units.map((_, i) => ABOVE + i * (PANEL + 50));
  const last = panels.length - 1;
  const times = lines.flatMap(({ points }) => points.map(([time]) => time * 1000));
  const [min, max] = [Math.min(...times), Math.max(...times)];
  const option: ChartOption = {
    ...ALL,
    legend: { ...LEGEND, data: lines.map(({ name }) => name) },
    grid: panels.map((top) => ({ top, height: PANEL, left: LEFT, right: RIGHT })),
    xAxis: panels.map((_, i) => ({
      ...AXIS,
      ...{ type: "time", gridIndex: i, min, max, splitNumber: 7, name: i === last ? "date" : "" },
      ...{ nameLocation: "middle", nameGap: 32 },
      axisLabel: {
        ...AXIS.axisLabel,
        show: i === last,
        hideOverlap: true,
        formatter: max - min < MONTHLY ? "{MMM} {yyyy}" : "{yyyy}",
      },
    })),
    yAxis: units.map((name, i) => ({ ...AXIS, ...GRIDLINES, ...upright(name), gridIndex: i })),
    series: lines.map(({ name, panel = 0, holds = false, points }, i) => {
      const { type, symbol } = LINES[i % LINES.length] ?? LINES[0];
      const color = `var(--line-${i % LINES.length})`;
      return {
        ...{ type: "line", name, xAxisIndex: panel, yAxisIndex: panel, silent: true, symbol, symbolSize: 8 },
        showSymbol: points.length <= MOST_MARKS,
        ...(holds && { step: "end" as const }),
        lineStyle: { color, width: 2.5, type: type as "solid" },
        itemStyle: { color },
        data: points.map(([time, value]) => [time * 1000, value]),
      };
    }),
  };
  return { option, size: { width: WIDTH, height: (panels[last] ?? 0) + PANEL + BELOW } };
}

export interface Bars {
  name: string;
  /** One for each category. */
  values: readonly number[];
}

/** Columns over categories, stacked if there are several series, the first at the foot. */
export function columns(across: string, unit: string, categories: readonly string[], series: readonly Bars[]): Drawing {
  const rows = Math.ceil(series.length / 6);
  const top = ABOVE + (rows - 1) * 24;
  const option: ChartOption = {
    ...ALL,
    legend: { ...LEGEND, itemWidth: 18, show: series.length > 1, right: RIGHT },
    grid: { top, height: PANEL + 60, left: LEFT, right: RIGHT },
    xAxis: { ...AXIS, type: "category", data: [...categories], name: across, nameLocation: "middle", nameGap: 32 },
    yAxis: { ...AXIS, ...GRIDLINES, ...upright(unit) },
    series: series.map(({ name, values }, i) => ({
      ...{ type: "bar", name, stack: "all", silent: true, barMaxWidth: 48, data: [...values] },
      itemStyle: { color: `var(--shade-${i % 8})`, borderColor: "var(--paper)", borderWidth: 1 },
    })),
  };
  return { option, size: { width: WIDTH, height: top + PANEL + 60 + BELOW } };
}

/** Lying bars, each with its value written behind it; a missing value has no bar. */
export function bars(
  down: string,
  unit: string,
  categories: readonly string[],
  series: readonly Gaps[],
  decimals = 2,
): Drawing {
  const top = series.length > 1 ? ABOVE : 34;
  const height = categories.length * (series.length > 1 ? 44 : 24) + 10;
  const widest = Math.max(...categories.map((text) => text.length), 4);
  const option: ChartOption = {
    ...ALL,
    legend: { ...LEGEND, left: 10, itemWidth: 18, show: series.length > 1 },
    grid: { top, height, left: Math.min(360, 24 + widest * 7.5), right: 110 },
    xAxis: { ...AXIS, ...GRIDLINES, type: "value", name: unit, nameLocation: "middle", nameGap: 32 },
    yAxis: {
      ...{ ...AXIS, type: "category", data: [...categories], inverse: true, axisTick: { show: false } },
      ...{ name: down, nameLocation: "start" },
    },
    series: series.map(({ name, values }, i) => ({
      ...{ type: "bar", name, silent: true, barMaxWidth: 18, data: values.map((value) => value ?? "-") },
      itemStyle: { color: `var(--shade-${i * 5})`, borderColor: INK, borderWidth: i === 0 ? 0 : 1 },
      label: {
        ...TEXT,
        fontSize: 13,
        show: true,
        position: "right",
        formatter: ({ value }) => rounded(Number(value), decimals),
      },
    })),
  };
  return { option, size: { width: WIDTH, height: top + height + BELOW } };
}

export interface Gaps {
  name: string;
  values: readonly (number | undefined)[];
}

function upright(name: string) {
  return { type: "value", name, nameLocation: "end", nameGap: 14, nameTextStyle: { ...TEXT, align: "left" } } as const;
}

function rounded(value: number, decimals: number): string {
  return value.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
