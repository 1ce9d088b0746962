/* Pictures of a product: files dropped or chosen go up one by one with their progress, and cards are dragged into order. */
(() => {
  "use strict";

  const TYPES = ["image/jpeg", "image/png", "image/webp"];
  const MOST_BYTES = 5 * 1024 * 1024;
  const THUMB = 160;

  /* A small view of a file, before anything is sent. */
  async function view(file) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = THUMB;
    canvas.className = "picture__image";
    try {
      const image = await createImageBitmap(file);
      const scale = Math.min(THUMB / image.width, THUMB / image.height);
      const [width, height] = [image.width * scale, image.height * scale];
      canvas.getContext("2d").drawImage(image, (THUMB - width) / 2, (THUMB - height) / 2, width, height);
      image.close();
    } catch {
      // no picture: the server says so
    }
    return canvas;
  }

  function element(tag, className, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function problemOf(file) {
    if (file.type && !TYPES.includes(file.type)) return "Choose a JPEG, PNG or WebP file.";
    if (file.size > MOST_BYTES) return "This file is larger than 5 MB. Choose a smaller one.";
    return "";
  }

  /* A new product: what was chosen is shown, and goes up with the form. */
  function preview(field) {
    const input = field.querySelector("input[type='file']");
    const list = element("ul", "pictures");
    list.setAttribute("aria-label", "Chosen pictures");
    const show = async () => {
      list.replaceChildren();
      field.append(list);
      for (const [number, file] of [...input.files].entries()) {
        const item = element("li", "picture");
        const frame = element("div", "picture__frame");
        frame.append(await view(file));
        if (number === 0) frame.append(element("span", "badge badge--brand picture__cover", "Cover"));
        const problem = number < 5 ? problemOf(file) : "A product has at most 5 pictures.";
        item.append(frame, element("p", "small picture__name", file.name));
        if (problem) item.append(element("p", "field__error", problem));
        list.append(item);
      }
    };
    input.onchange = show;
    if (input.files.length) show(); // the form came back with mistakes, the chosen files with it
    dropZone(field, (files) => {
      const all = new DataTransfer();
      [...files].forEach((file) => all.items.add(file));
      input.files = all.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  document.addEventListener("htmx:load", ({ detail }) => detail.elt.querySelectorAll("[data-preview]").forEach(preview));

  function dropZone(zone, take) {
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    zone.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      zone.classList.add("drop--over");
    });
    zone.addEventListener("dragleave", (event) => {
      if (!zone.contains(event.relatedTarget)) zone.classList.remove("drop--over");
    });
    zone.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      zone.classList.remove("drop--over");
      take(event.dataTransfer.files);
    });
  }

  const form = document.getElementById("picture-drop");
  if (!form) return;
  const input = document.getElementById("picture-files");
  const uploads = document.getElementById("picture-uploads");
  const status = document.getElementById("picture-status");
  const pictures = () => document.getElementById("product-pictures");
  const say = (text) => { status.textContent = text; };

  /* Uploads: one at a time, so that they keep their order. */
  let queue = Promise.resolve();

  function add(files) {
    uploads.querySelectorAll(".is-refused").forEach((item) => item.remove());
    for (const file of files) {
      const upload = card(file);
      uploads.append(upload.item);
      uploads.hidden = false;
      queue = queue.then(() => send(file, upload));
    }
  }

  function card(file) {
    const item = element("li", "picture");
    const frame = element("div", "picture__frame");
    const progress = element("progress", "meter");
    progress.max = 100;
    progress.value = 0;
    progress.setAttribute("aria-label", `Upload of ${file.name}`);
    item.append(frame, element("p", "small picture__name", file.name), progress);
    view(file).then((canvas) => frame.append(canvas));
    return { item, progress };
  }

  function refuse({ item, progress }, text) {
    item.classList.add("is-refused");
    progress.remove();
    item.append(element("p", "field__error", text));
    const close = element("button", "btn btn--s", "Dismiss");
    close.type = "button";
    close.addEventListener("click", () => done(item));
    item.append(close);
    say(`${item.querySelector(".picture__name").textContent}: ${text}`);
  }

  function done(item) {
    item.remove();
    uploads.hidden = !uploads.children.length;
  }

  async function send(file, upload) {
    const problem = problemOf(file);
    if (problem) return refuse(upload, problem);
    const { code, text } = await post(file, upload.progress);
    const answer = new DOMParser().parseFromString(text, "text/html").getElementById("product-pictures");
    if (!answer) return refuse(upload, code === 413 ? "This file is too large." : "This did not go up. Please try again.");
    const problems = [...answer.querySelectorAll("[data-problem]")];
    problems.forEach((each) => each.remove());
    show(answer);
    if (problems.length) return refuse(upload, problems[0].textContent.trim().replace(`${file.name}: `, ""));
    done(upload.item);
    say(`${file.name} added.`);
  }

  function post(file, progress) {
    const body = new FormData(form);
    body.set("images", file);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("HX-Request", "true");
      request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
        if (lengthComputable) progress.value = Math.round((loaded / total) * 100);
      });
      request.upload.addEventListener("load", () => progress.removeAttribute("value")); // now it is made smaller
      request.addEventListener("loadend", () => resolve({ code: request.status, text: request.responseText }));
      request.send(body);
    });
  }

  function show(answer) {
    pictures().replaceWith(answer);
    htmx.process(answer);
  }

  form.classList.add("is-live");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(input.files);
    form.reset();
  });
  input.addEventListener("change", () => form.requestSubmit());
  dropZone(form, add);

  /* Order, by dragging. The buttons do the same by keyboard. */
  let dragged = null;

  const cards = () => [...document.querySelectorAll("[data-picture]")];
  const order = () => cards().map((each) => each.dataset.picture).join(",");
  const arm = () => cards().forEach((each) => { each.querySelector(".picture__frame").draggable = cards().length > 1; });

  document.addEventListener("dragstart", (event) => {
    const frame = event.target.closest?.(".picture__frame[draggable='true']");
    dragged = frame && { card: frame.closest("[data-picture]"), before: order() };
    if (!dragged) return;
    dragged.card.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(frame, 20, 20);
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && event.target.closest?.("[data-picture]");
    if (!over) return;
    event.preventDefault();
    if (over === dragged.card) return;
    const isLater = cards().indexOf(over) > cards().indexOf(dragged.card);
    over[isLater ? "after" : "before"](dragged.card);
  });
  document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    const { card: moved, before } = dragged;
    dragged = null;
    moved.classList.remove("is-dragged");
    if (order() === before) return;
    htmx.ajax("POST", document.getElementById("picture-order").action, {
      source: "#picture-order",
      target: "#product-pictures",
      swap: "outerHTML",
      values: { order: order(), moved: moved.dataset.picture },
    });
  });

  /* What changed is told, and the focus stays with the picture that was moved. */
  let pressed = "";
  document.addEventListener("click", (event) => {
    pressed = event.target.closest?.("#product-pictures button[id]")?.id ?? "";
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target?.id !== "product-pictures" && detail.elt?.id !== "product-pictures") return;
    arm();
    say(pictures().dataset.said || pictures().querySelector("[data-problem]")?.textContent.trim() || "");
    const button = document.getElementById(pressed);
    const other = document.getElementById(pressed.replace(/left$|right$/, (side) => (side === "left" ? "right" : "left")));
    if (button) (button.disabled ? other : button).focus();
    else if (!document.activeElement || document.activeElement === document.body) input.focus();
  });
  new MutationObserver(arm).observe(form.closest("section"), { childList: true });
  arm();
})();
