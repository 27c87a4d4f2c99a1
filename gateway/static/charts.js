// Charts are drawn from data beside them; each has its table.
(function () {
  "use strict";
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  function draw() {
    document.querySelectorAll("[data-chart]:not([data-drawn])").forEach((place) => {
      place.dataset.drawn = "yes";
      const told = JSON.parse(place.dataset.chart);
      const chart = echarts.init(place, null, { renderer: "canvas" });
      const text = { color: style("--ink-2"), fontFamily: getComputedStyle(document.body).fontFamily };
      chart.setOption({
        animation: false, textStyle: text, grid: { left: 8, right: 40, top: 8, bottom: 8, containLabel: true }, tooltip: { trigger: "axis" },
        xAxis: { type: "value", axisLabel: { color: text.color, hideOverlap: true }, splitLine: { lineStyle: { color: style("--line") } } },
        yAxis: { type: "category", inverse: true, data: told.names, axisLabel: { color: text.color, width: 128, overflow: "truncate" }, axisTick: { show: false }, axisLine: { lineStyle: { color: style("--line-strong") } } },
        series: [{ type: told.kind, data: told.values, barMaxWidth: 16, itemStyle: { color: style("--accent"), borderRadius: [0, 3, 3, 0] } }],
      });
      new ResizeObserver(() => chart.resize()).observe(place);
    });
  }
  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("htmx:afterSettle", draw);
})();
