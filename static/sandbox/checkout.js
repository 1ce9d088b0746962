// The sandbox gateway's stand-in for Razorpay's checkout.js: the same `window.Razorpay`, the page in a frame.
(() => {
  "use strict";

  const base = new URL(".", document.currentScript.src);

  const backdrop = new CSSStyleSheet();
  backdrop.replaceSync("dialog.razorpay-container::backdrop { background: rgb(8 14 30 / 60%); }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, backdrop];

  // Options become the names that the form-POST page takes too: prefill[name], notes[key], theme[color] …
  const parameters = (options) => {
    const names = ["order_id", "amount", "currency", "name", "description", "image", "callback_url", "timeout"];
    const query = new URLSearchParams({ key_id: options.key, origin: location.origin });
    const add = (name, value) => {
      if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
    };
    for (const name of names) add(name, options[name]);
    for (const [name, value] of Object.entries(options.prefill ?? {})) add(`prefill[${name}]`, value);
    for (const [name, value] of Object.entries(options.notes ?? {})) add(`notes[${name}]`, value);
    add("theme[color]", options.theme?.color);
    add("retry", typeof options.retry === "object" ? options.retry?.enabled : options.retry);
    add("modal[confirm_close]", options.modal?.confirm_close);
    add("modal[escape]", options.modal?.escape);
    return query;
  };

  const submit = (url, fields) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = url;
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  };

  const errorFields = (error) => Object.fromEntries(
    Object.entries(error).map(([name, value]) => [
      `error[${name}]`, typeof value === "object" ? JSON.stringify(value) : value,
    ]),
  );

  class Razorpay {
    #options;
    #listeners = new Map();
    #dialog = null;
    #frame = null;
    #overflow = "";

    constructor(options) {
      if (!options?.key) throw new Error("`key` is mandatory");
      this.#options = options;
    }

    on(event, listener) {
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
      return this;
    }

    open() {
      if (this.#dialog) return;
      const { name } = this.#options;
      this.#frame = document.createElement("iframe");
      this.#frame.title = `Payment to ${name ?? "the shop"}`;
      this.#frame.src = `${new URL("checkout/public", base)}?${parameters(this.#options)}`;
      this.#frame.className = "razorpay-checkout-frame";
      const isPhone = window.matchMedia("(max-width: 520px)").matches;
      Object.assign(this.#frame.style, {
        display: "block", width: "100%", height: "100%", border: "0", background: "#fff",
        borderRadius: isPhone ? "0" : "16px", colorScheme: "normal",
      });
      this.#dialog = document.createElement("dialog");
      this.#dialog.className = "razorpay-container";
      this.#dialog.setAttribute("aria-label", this.#frame.title);
      this.#dialog.setAttribute("aria-busy", "true");
      Object.assign(this.#dialog.style, {
        width: isPhone ? "100vw" : "440px", height: isPhone ? "100dvh" : "min(720px, calc(100dvh - 32px))",
        maxWidth: "100vw", maxHeight: "100dvh", margin: "auto", padding: "0", border: "0", overflow: "hidden",
        background: "transparent", borderRadius: isPhone ? "0" : "16px",
      });
      this.#dialog.append(this.#frame);
      this.#dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        if (this.#options.modal?.escape !== false) this.#dismiss();
      });
      if (this.#options.modal?.backdropclose) {
        this.#dialog.addEventListener("click", (event) => {
          if (event.target === this.#dialog) this.#dismiss();
        });
      }
      window.addEventListener("message", this.#hear);
      this.#overflow = document.documentElement.style.overflow;
      document.documentElement.style.overflow = "hidden";
      document.body.append(this.#dialog);
      this.#dialog.showModal();
      this.#frame.addEventListener("load", () => {
        this.#dialog?.removeAttribute("aria-busy");
        this.#frame?.contentWindow.focus(); // focusing the frame itself would take it from the field inside
      });
    }

    close() {
      if (this.#dialog) this.#dismiss();
    }

    #remove() {
      window.removeEventListener("message", this.#hear);
      document.documentElement.style.overflow = this.#overflow;
      this.#dialog.close();
      this.#dialog.remove();
      this.#dialog = this.#frame = null;
    }

    #dismiss() {
      this.#remove();
      this.#options.modal?.ondismiss?.();
    }

    #emit(event, data) {
      for (const listener of this.#listeners.get(event) ?? []) listener(data);
    }

    #hear = (message) => {
      if (message.source !== this.#frame?.contentWindow || message.origin !== base.origin) return;
      if (message.data?.from !== "sandbox-gateway") return;
      const { event, data } = message.data;
      const { callback_url: callback, redirect, handler } = this.#options;
      if (event === "dismiss") {
        this.#dismiss();
      } else if (event === "payment.success") {
        this.#remove();
        if (callback && (redirect || !handler)) submit(callback, data);
        else handler?.(data);
        this.#emit("payment.success", data);
      } else if (event === "payment.failed") {
        this.#emit("payment.failed", data);
        if (callback && redirect) submit(callback, errorFields(data.error));
      }
    };
  }

  window.Razorpay = Razorpay;
})();
