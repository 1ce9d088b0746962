// Inside the gateway's page: tells the shop's overlay what happened and makes the forms a little quicker.
(() => {
  "use strict";

  const body = document.body;
  const isFramed = window.parent !== window;
  document.documentElement.classList.toggle("in-frame", isFramed);

  // Only the origin that opened the session hears of payments; closing tells nobody anything.
  const tell = (event, data) => {
    if (!isFramed) return;
    const target = body.dataset.origin || (event === "dismiss" ? "*" : "");
    if (target) window.parent.postMessage({ from: "sandbox-gateway", event, data }, target);
  };

  const message = document.getElementById("message");
  if (message) {
    const { event, data } = JSON.parse(message.textContent);
    tell(event, data);
  }

  const ask = document.getElementById("ask-close");
  const dismiss = () => {
    if (!isFramed) return;
    if (!ask) tell("dismiss");
    else if (!ask.open) ask.showModal();
  };
  ask?.addEventListener("close", () => {
    if (ask.returnValue === "leave") tell("dismiss");
    ask.returnValue = "";
  });
  for (const button of document.querySelectorAll("[data-dismiss]")) button.addEventListener("click", dismiss);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && body.dataset.escape !== "false" && !ask?.open) {
      event.preventDefault();
      dismiss();
    }
  });

  // The shop's colour, with the ink that can be read on it.
  const colour = body.dataset.colour;
  if (colour && !window.matchMedia("(prefers-color-scheme: dark)").matches) {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    const isLight = 0.299 * red + 0.587 * green + 0.114 * blue > 150;
    document.documentElement.style.setProperty("--brand", colour);
    document.documentElement.style.setProperty("--on-brand", isLight ? "#14213d" : "#fff");
  }

  const clock = document.querySelector("[data-expires]");
  if (clock) {
    const end = Number(clock.dataset.expires) * 1000;
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left`;
      clock.classList.toggle("is-short", left <= 60);
      if (left > 0) return;
      clearInterval(timer);
      if (isFramed) tell("dismiss");
      else location.reload();
    };
    const timer = setInterval(tick, 1000);
    tick();
  }

  for (const form of document.querySelectorAll("form[data-autosubmit]")) {
    const timer = setTimeout(() => form.requestSubmit(form.querySelector(".button")), Number(form.dataset.autosubmit));
    form.addEventListener("submit", () => clearTimeout(timer));
  }

  // A second click must not start a second payment.
  for (const form of document.querySelectorAll("form[method=post]")) {
    let isSent = false;
    form.addEventListener("submit", (event) => {
      if (isSent) event.preventDefault();
      isSent = true;
    });
    window.addEventListener("pageshow", () => { isSent = false; });
  }

  const number = document.getElementById("id_card_number");
  for (const button of document.querySelectorAll("[data-fill]")) {
    button.addEventListener("click", () => {
      number.value = button.dataset.fill;
      document.getElementById("id_card_expiry").value ||= "12/30";
      document.getElementById("id_card_cvv").value ||= "123";
      number.focus();
    });
  }
  number?.addEventListener("input", () => {
    if (number.selectionEnd !== number.value.length) return;
    number.value = number.value.replace(/\D/g, "").slice(0, 19).replace(/(.{4})(?=.)/g, "$1 ");
  });

  const focus = document.querySelector("[aria-invalid=true]") || document.querySelector("[data-focus]") ||
    document.querySelector("input[name=method]:checked") || document.querySelector(".button");
  focus?.focus();
})();
