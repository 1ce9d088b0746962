/* Draws a table as a chart: bars for this period, a line for the one before. What is under the pointer, or chosen with the arrow keys, is told below. */
(() => {
  "use strict";

  const HEIGHT = 240;
  const rupees = new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR", minimumFractionDigits: 0, maximumFractionDigits: 2 });
  const charts = new Map(); // place: chart

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function short(amount) {
    const [unit, sign] = amount >= 1e7 ? [1e7, " Cr"] : amount >= 1e5 ? [1e5, " L"] : amount >= 1e3 ? [1e3, "K"] : [1, ""];
    return `₹${Number((amount / unit).toFixed(2)).toLocaleString("en-IN")}${sign}`;
  }

  function read(table) {
    const rows = [...table.tBodies[0].rows];
    return {
      names: rows.map((row) => row.dataset.name),
      data: [
        rows.map((_, index) => index),
        rows.map((row) => Number(row.dataset.now)),
        rows.map((row) => Number(row.dataset.before)),
      ],
    };
  }

  function options(place, names) {
    const axis = { stroke: colour("--text-2"), font: "12px system-ui, sans-serif", ticks: { show: false } };
    const told = (_, value) => (value === null ? "–" : rupees.format(value));
    return {
      width: place.clientWidth,
      height: HEIGHT,
      padding: [8, 8, 0, 0],
      scales: {
        x: { time: false, range: [-0.6, names.length - 0.4] },
        y: { range: (_, low, high) => [0, (high || 100) * 1.05] },
      },
      axes: [
        {
          ...axis,
          size: 28,
          gap: 8,
          grid: { show: false },
          incrs: [1, 2, 3, 5, 7, 10, 14, 15, 30, 60],
          space: 84,
          values: (_, ticks) => ticks.map((tick) => (names[tick] ?? "").replace(/^[A-Z][a-z]{2} (?=\d)/, "").replace(/ \d{4}$/, "")),
        },
        { ...axis, size: 64, grid: { stroke: colour("--line"), width: 1 }, values: (_, ticks) => ticks.map(short) },
      ],
      series: [
        { label: "When", value: (_, index) => names[index] ?? "–" },
        {
          label: "Revenue",
          value: told,
          fill: colour("--brand-fill"),
          stroke: colour("--brand-fill"),
          width: 0,
          paths: uPlot.paths.bars({ size: [0.72, 44], radius: 0.12 }),
          points: { show: false },
        },
        {
          label: "Period before",
          value: told,
          stroke: colour("--accent"),
          width: 2,
          dash: [5, 4],
          points: { show: names.length === 1, size: 8, fill: colour("--accent") },
        },
      ],
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
      legend: { live: true },
    };
  }

  function draw(place) {
    charts.get(place)?.destroy();
    const table = document.getElementById(place.dataset.chart);
    if (!table || !place.clientWidth) return;
    const { names, data } = read(table);
    const chart = new uPlot(options(place, names), data, place);
    chart.root.querySelector(".u-wrap").setAttribute("aria-hidden", "true");
    chart.root.querySelector(".u-legend").setAttribute("aria-live", "polite");
    charts.set(place, chart);
  }

  function drawAll() {
    charts.forEach((chart, place) => { if (!place.isConnected) { chart.destroy(); charts.delete(place); } });
    document.querySelectorAll("[data-chart]").forEach((place) => { if (!charts.has(place)) draw(place); });
  }

  function drawAnew() {
    charts.forEach((_, place) => draw(place));
  }

  function choose(chart, index) {
    chart.setCursor({ left: chart.valToPos(index, "x"), top: 0 });
  }

  document.addEventListener("keydown", (event) => {
    const chart = charts.get(event.target);
    if (!chart) return;
    const last = chart.data[0].length - 1;
    const at = chart.cursor.idx;
    const next = { ArrowLeft: (at ?? last + 1) - 1, ArrowRight: (at ?? -1) + 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(chart, Math.min(Math.max(next, 0), last));
  });

  let waiting = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => charts.forEach((chart, place) => chart.setSize({ width: place.clientWidth, height: HEIGHT })));
  });
  new MutationObserver(drawAnew).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAnew);
  document.addEventListener("htmx:afterSettle", drawAll);
  drawAll();
})();
