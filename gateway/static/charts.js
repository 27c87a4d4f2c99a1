// Charts are drawn from data beside them; each has its table.
(function () {
  "use strict";
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const line = () => ({ lineStyle: { color: style("--line") } });
  const names = (told, more) => ({ type: "category", data: told.names, axisTick: { show: false }, axisLine: { lineStyle: { color: style("--line-strong") } }, ...more });
  const values = (text) => ({ type: "value", axisLabel: { color: text.color, hideOverlap: true }, splitLine: line() });
  const grid = { left: 8, right: 40, top: 16, bottom: 8, containLabel: true };
  const tones = () => ["--accent", "--green", "--amber", "--blue", "--red", "--grey", "--line-strong"].map(style);
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
    // names stand around a pie where there is room, else below it
    pie: (told, text, place) => ({
      color: tones(), tooltip: { trigger: "item", renderMode: "richText" },
      legend: { show: place.clientWidth < 600, bottom: 0, textStyle: { color: text.color }, itemWidth: 12, itemHeight: 12 },
      series: [{
        type: "pie", radius: ["38%", "68%"], center: ["50%", place.clientWidth < 600 ? "38%" : "50%"],
        label: { show: place.clientWidth >= 600, color: text.color, formatter: (slice) => `${slice.name} ${Math.round(slice.percent)}%`, width: 240, overflow: "truncate" },
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
      chart.setOption({ animation: false, textStyle: text, ...kinds[told.kind](told, text, place) });
      new ResizeObserver(() => chart.resize()).observe(place);
    });
  }
  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("htmx:afterSettle", draw);
})();
