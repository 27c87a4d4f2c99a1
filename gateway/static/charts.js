// Charts are drawn from data beside them; each has its table.
(function () {
  "use strict";
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const line = () => ({ lineStyle: { color: style("--line") } });
  const names = (told, more) => ({ type: "category", data: told.names, axisTick: { show: false }, axisLine: { lineStyle: { color: style("--line-strong") } }, ...more });
  const values = (text) => ({ type: "value", axisLabel: { color: text.color, hideOverlap: true }, splitLine: line() });
  const grid = { left: 8, right: 40, top: 16, bottom: 8, containLabel: true };
  const tones = () => ["--accent", "--green", "--amber", "--red", "--blue", "--grey"].map(style);
  const kinds = {
    bar: (told, text) => ({
      grid, tooltip: { trigger: "axis", renderMode: "richText" }, xAxis: values(text),
      yAxis: names(told, { inverse: true, axisLabel: { color: text.color, width: 128, overflow: "truncate" } }),
      series: [{ type: "bar", data: told.values, barMaxWidth: 16, itemStyle: { color: style("--accent"), borderRadius: [0, 3, 3, 0] } }],
    }),
    line: (told, text) => ({
      grid, tooltip: { trigger: "axis", renderMode: "richText" }, yAxis: values(text), xAxis: names(told, { axisLabel: { color: text.color, hideOverlap: true } }),
      series: [{ type: "line", data: told.values, symbolSize: 6, itemStyle: { color: style("--accent") }, lineStyle: { width: 2 } }],
    }),
    pie: (told, text) => ({
      color: tones(), tooltip: { trigger: "item", renderMode: "richText" },
      series: [{
        type: "pie", radius: ["38%", "68%"], label: { color: text.color, formatter: "{b} {d}%", width: 120, overflow: "truncate" },
        itemStyle: { borderColor: style("--paper"), borderWidth: 2 }, data: told.names.map((name, at) => ({ name, value: told.values[at] })),
      }],
    }),
  };
  function draw() {
    document.querySelectorAll("[data-chart]:not([data-drawn])").forEach((place) => {
      place.dataset.drawn = "yes";
      const told = JSON.parse(place.dataset.chart);
      const chart = echarts.init(place, null, { renderer: "canvas" });
      const text = { color: style("--ink-2"), fontFamily: getComputedStyle(document.body).fontFamily };
      chart.setOption({ animation: false, textStyle: text, ...kinds[told.kind](told, text) });
      new ResizeObserver(() => chart.resize()).observe(place);
    });
  }
  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("htmx:afterSettle", draw);
})();
