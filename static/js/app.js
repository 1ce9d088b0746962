/* Small comforts on top of pages that work without them. Everything listens on the document, so swapped-in parts need no set-up. */
(() => {
  "use strict";

  const root = document.documentElement;
  const on = (type, handler, options) => document.addEventListener(type, handler, options);
  const onClick = (selector, handler) =>
    on("click", (event) => {
      const element = event.target.closest(selector);
      if (element) handler(element, event);
    });

  /* Toasts: from Django's messages, from the HX-Trigger event "toast", from errors of the network. */
  const TOAST_ICONS = { success: "circle-check", warning: "triangle-alert", error: "circle-alert" };
  const TOAST_TIME = 7000;

  function fade(toast) {
    if (toast.matches(".toast--error, .toast--warning")) return; // what went wrong stays until it is dismissed
    const wait = () => setTimeout(() => (toast.matches(":hover, :focus-within") ? wait() : toast.remove()), TOAST_TIME);
    wait();
  }

  function showToast({ text, level = "info", href, label }) {
    const region = document.getElementById("toasts");
    const template = document.getElementById("toast-template");
    if (!region || !template || !text) return;
    const toast = template.content.firstElementChild.cloneNode(true);
    toast.className = `toast toast--${level}`;
    const use = toast.querySelector("use");
    if (TOAST_ICONS[level]) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${TOAST_ICONS[level]}`));
    const line = toast.querySelector(".toast__text");
    line.textContent = text;
    if (href) {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = label || "View";
      line.append(" ", link);
    }
    [...region.querySelectorAll(".toast:not([data-stays])")].slice(0, -3).forEach((old) => old.remove());
    region.append(toast);
    fade(toast);
  }

  on("toast", (event) => showToast(event.detail));
  onClick("[data-close-toast]", (button) => button.closest(".toast").remove());
  // Live regions speak of what is added: take the messages that came with the page out and put them back.
  const early = [...document.querySelectorAll("#toasts > .toast")];
  setTimeout(() => early.forEach((toast) => (toast.parentNode.append(toast), fade(toast))), 150);

  /* Menus (details) and panels opened by a link: one open at a time, Escape and a click elsewhere close. */
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  const openPanels = () => document.querySelectorAll("[data-panel][aria-expanded='true']");

  function setPanel(opener, open) {
    const panel = document.getElementById(opener.dataset.panel);
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) openMenus().forEach((menu) => (menu.open = false));
  }

  document.querySelectorAll("[data-panel]").forEach((opener) => {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-expanded", "false");
    opener.setAttribute("aria-controls", opener.dataset.panel);
  });

  on("click", (event) => {
    const opener = event.target.closest("[data-panel]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      setPanel(opener, opener.getAttribute("aria-expanded") !== "true");
    }
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    openPanels().forEach((other) => {
      const panel = document.getElementById(other.dataset.panel);
      if (other !== opener && !panel.contains(event.target)) setPanel(other, false);
    });
  });

  on("keydown", (event) => {
    if (event.key === " " && event.target.matches("[data-panel]")) {
      event.preventDefault();
      event.target.click();
    }
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    openPanels().forEach((opener) => { setPanel(opener, false); opener.focus(); });
    if (document.querySelector(".filters:target")) location.hash = "#results";
  });

  on("focusout", (event) => {
    const menu = event.target.closest("details.menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });

  /* Dialogs: a link to the anchor of a dialog opens it as a modal one. */
  function dialogOf(link) {
    const target = link.hash && link.pathname === location.pathname && document.getElementById(link.hash.slice(1));
    return target instanceof HTMLDialogElement ? target : null;
  }

  onClick("a[href*='#']", (link, event) => {
    const dialog = dialogOf(link);
    if (!dialog) return;
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
  });
  on("click", (event) => {
    const dialog = event.target.closest("dialog[open]");
    if (!dialog || !(event.target === dialog || event.target.closest("[data-close]"))) return;
    event.preventDefault();
    dialog.close();
  });
  const targeted = location.hash && document.getElementById(location.hash.slice(1));
  if (targeted instanceof HTMLDialogElement) targeted.showModal();

  /* The filter sheet takes the focus when it opens. */
  addEventListener("hashchange", () => document.querySelector(".filters:target")?.focus());

  /* Fields */
  onClick("[data-reveal]", (button) => {
    const input = document.getElementById(button.dataset.reveal);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    input.focus();
  });

  onClick("[data-step]", (button) => {
    const input = button.parentNode.querySelector("input");
    if (Number(button.dataset.step) > 0) input.stepUp();
    else input.stepDown();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  on("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  // A form posts once, however often its button is pressed; coming back with the back button makes it fresh.
  on("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  /* The strip of account pages begins with the one that is shown. */
  const strip = document.querySelector(".account__nav");
  const shown = strip?.querySelector("[aria-current]");
  if (shown) strip.scrollLeft = shown.offsetLeft - strip.offsetLeft - 16;

  /* Without a network: a page of our own (templates/sw.js). */
  if ("serviceWorker" in navigator && isSecureContext) {
    addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
  }

  /* Theme: the system's, or the choice that the cookie remembers (base.html reads it, so nothing flashes). */
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches);

  function showTheme() {
    document.querySelectorAll("[data-theme-toggle]").forEach((button) => button.setAttribute("aria-pressed", String(isDark())));
  }

  onClick("[data-theme-toggle]", () => {
    const dark = !isDark();
    if (dark === prefersDark.matches) delete root.dataset.theme;
    else root.dataset.theme = dark ? "dark" : "light";
    const age = root.dataset.theme ? 31536000 : 0;
    document.cookie = `theme=${root.dataset.theme ?? ""}; path=/; max-age=${age}; samesite=lax`;
    showTheme();
  });
  prefersDark.addEventListener("change", showTheme);
  showTheme();

  /* Gallery: thumbnails turn the stage without touching the address. */
  onClick(".gallery__thumb[href^='#']", (thumb, event) => {
    const slide = document.getElementById(thumb.hash.slice(1));
    if (!slide) return;
    event.preventDefault();
    slide.parentNode.scrollTo({ left: slide.offsetLeft - slide.parentNode.offsetLeft });
  });
  on("scroll", (event) => {
    const stage = event.target;
    if (!(stage instanceof Element) || !stage.matches(".gallery__stage")) return;
    const current = Math.round(stage.scrollLeft / stage.clientWidth);
    stage.closest(".gallery").querySelectorAll(".gallery__thumb").forEach((thumb, index) => {
      if (index === current) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    });
  }, true);

  /* Search: a combobox over what catalog:suggest answers. */
  const search = document.getElementById("search-input");
  const list = document.getElementById("suggest");
  if (search && list) {
    const options = () => [...list.querySelectorAll("[role='option']")];
    const selected = () => list.querySelector("[aria-selected='true']");

    const select = (option) => {
      selected()?.setAttribute("aria-selected", "false");
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      if (option) search.setAttribute("aria-activedescendant", option.id);
      else search.removeAttribute("aria-activedescendant");
    };
    const show = (open) => {
      list.hidden = !open;
      search.setAttribute("aria-expanded", String(open));
      if (!open) select(null);
    };

    search.setAttribute("role", "combobox");
    search.setAttribute("aria-autocomplete", "list");
    search.setAttribute("aria-controls", "suggest");
    show(false);

    list.addEventListener("htmx:afterSwap", () => show(document.activeElement === search && options().length > 0));
    search.addEventListener("htmx:beforeRequest", (event) => {
      if (search.value.trim().length >= 2) return;
      event.preventDefault();
      show(false);
    });
    search.addEventListener("focus", () => show(options().length > 0 && search.value.trim().length >= 2));
    search.form.addEventListener("submit", () => show(false));
    on("click", (event) => { if (!event.target.closest(".search")) show(false); });
    search.addEventListener("blur", (event) => { if (!list.contains(event.relatedTarget)) setTimeout(() => show(false), 150); });

    search.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const all = options();
      const at = all.indexOf(selected());
      if (event.key === "ArrowDown") select(all[at + 1] ?? null);
      else if (event.key === "ArrowUp") select(at < 0 ? all.at(-1) : all[at - 1] ?? null);
      else if (event.key === "Enter" && at >= 0) all[at].click();
      else if (event.key === "Escape") show(false);
      else return;
      event.preventDefault();
    });
  }

  /* Of the results of a search, which one was opened first (catalog.search_log). */
  const tellOpened = (event) => {
    const link = event.target.closest("[data-search] .product-card__link");
    if (!link || event.button > 1) return;
    const grid = link.closest("[data-search]");
    const position = [...grid.querySelectorAll(".product-card__link")].indexOf(link) + 1;
    navigator.sendBeacon(grid.dataset.openedUrl, new URLSearchParams({ search: grid.dataset.search, position }));
    delete grid.dataset.search;
  };
  on("click", tellOpened);
  on("auxclick", tellOpened);

  /* htmx: a thin bar while it loads, words when it fails, and never a whole page inside a part of one. */
  let running = 0;
  on("htmx:beforeSend", (event) => {
    if (event.target === search) return;
    running += 1;
    root.classList.remove("is-loaded");
    root.classList.add("is-loading");
  });
  on("htmx:afterRequest", (event) => {
    if (event.target === search || running === 0) return;
    running -= 1;
    if (running > 0) return;
    root.classList.replace("is-loading", "is-loaded");
    setTimeout(() => root.classList.remove("is-loaded"), 300);
  });

  on("htmx:responseError", ({ detail: { xhr } }) => {
    if (xhr.getResponseHeader("HX-Trigger")) return; // the server has said it in its own words
    const text = {
      403: "This page is out of date. Please reload it and try again.",
      404: "That is not there any more.",
      429: "That was a bit fast. Please wait a moment and try again.",
    }[xhr.status] ?? "Something went wrong on our side. Nothing was changed; please try again.";
    showToast({ text, level: "error" });
  });
  on("htmx:sendError", () => showToast({ text: "No connection. Please check your network and try again.", level: "error" }));
  on("htmx:timeout", () => showToast({ text: "That took too long. Please try again.", level: "error" }));

  // htmx gives the focus back to what has an id. Else it goes to the same control of the new part, or to the part itself.
  const labelOf = (element) => element.ariaLabel || (element.matches("a, button") ? element.textContent.trim() : "");
  let asking = null; // what had the focus then: a button that is disabled meanwhile loses it
  let focused = null;
  on("htmx:beforeRequest", () => { asking = document.activeElement; });
  on("htmx:beforeSwap", ({ detail: { target } }) => {
    const element = document.activeElement === document.body ? asking : document.activeElement;
    const isInside = element && element !== document.body && target.contains(element);
    focused = isInside ? { part: target.id, tag: element.tagName, name: element.name, label: labelOf(element) } : null;
  });
  on("htmx:afterSettle", ({ detail: { elt } }) => {
    const part = focused && document.getElementById(focused.part);
    if (!part?.contains(elt) || document.activeElement !== document.body) return;
    const { tag, name, label } = focused;
    const twin = [...part.querySelectorAll(tag)].find((one) => one.name === name && labelOf(one) === label && !one.disabled);
    if (!twin) part.tabIndex = -1;
    (twin ?? part).focus({ preventScroll: true });
    focused = null;
  });

  on("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!/^\s*<!doctype/i.test(xhr.responseText) || event.detail.target === document.body) return;
    event.detail.shouldSwap = false;
    const url = new URL(xhr.responseURL || requestConfig.path, location.href);
    if (url.pathname === new URL(requestConfig.path, location.href).pathname) {
      console.error(`${url.pathname} answered with a whole page where a part was due.`);
      return;
    }
    // Sent elsewhere: to the login page, most often, after the session has ended.
    if (url.searchParams.has("next")) url.searchParams.set("next", location.pathname + location.search);
    location.assign(url);
  });
})();
