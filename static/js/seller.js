/* The seller's pages: a sound for new orders, boxes to tick all, and ticks that survive a list that brings itself up to date. */
(() => {
  "use strict";

  /* Sound: off until it is switched on, on this device. Two notes, made here. */
  const KEY = "seller-sound";
  let audio = null;

  function isOn() {
    try {
      return localStorage.getItem(KEY) === "on";
    } catch {
      return false; // forbidden
    }
  }

  function remember(on) {
    try {
      localStorage.setItem(KEY, on ? "on" : "off");
    } catch {
      // forbidden: it holds for this page
    }
  }

  function note(frequency, start) {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.5);
  }

  async function chime() {
    audio ??= new AudioContext();
    if (audio.state === "suspended") await audio.resume();
    note(659.25, audio.currentTime);
    note(880, audio.currentTime + 0.18);
    document.body.dataset.chimes = String(Number(document.body.dataset.chimes ?? 0) + 1);
  }

  function showSound() {
    document.querySelectorAll("[data-sound]").forEach((button) => button.setAttribute("aria-pressed", String(isOn())));
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-sound]")) return;
    remember(!isOn());
    showSound();
    if (isOn()) chime(); // so that it is known how it sounds
  });
  document.addEventListener("live-notification", ({ detail }) => {
    if (detail.type === "order.placed" && isOn()) chime();
  });
  // Browsers keep quiet until the page was touched once.
  document.addEventListener("pointerdown", () => { if (isOn()) audio ??= new AudioContext(); }, { once: true });

  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });

  /* Ticks */
  const boxes = () => [...document.querySelectorAll("[data-tick]")];

  function count() {
    const ticked = boxes().filter((box) => box.checked).length;
    document.querySelectorAll("[data-ticked]").forEach((place) => {
      place.textContent = ticked ? `${ticked} ticked` : "None ticked";
    });
    document.querySelectorAll("[data-tick-all]").forEach((all) => {
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
    });
  }

  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-tick-all]")) boxes().forEach((box) => { box.checked = target.checked; });
    if (target.matches("[data-tick-all], [data-tick]")) count();
  });

  let kept = new Set();
  document.addEventListener("htmx:beforeSwap", () => {
    kept = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
  });
  document.addEventListener("htmx:afterSwap", () => {
    boxes().forEach((box) => { box.checked = kept.has(box.value); });
    count();
    showSound();
  });

  /* A row of the list is saved by its own button, which shows up once something in the row is changed. */
  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("[data-dirty]");
    if (!form) return;
    const isChanged = (field) =>
      field instanceof HTMLSelectElement
        ? [...field.options].some((option) => option.selected !== option.defaultSelected)
        : field.value !== field.defaultValue;
    form.classList.toggle("is-dirty", [...form.elements].some((field) => field.name && isChanged(field)));
  });

  count();
  showSound();
})();
