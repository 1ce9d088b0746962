/*
 * Live notifications over /ws. Pages are whole without this: every notification is in the inbox as well.
 *
 * What a tab has shown it remembers as ids, and asks for what came after the tenth newest of them: transactions may
 * commit in another order than they took their ids, so the newest id alone would skip some.
 */
const OVERLAP = 10;
const REMEMBERED = 100;
const MAX_DELAY = 30;
const MAX_TRIES = 5;
const PING_EVERY = 25_000;
const PONG_WITHIN = 10_000;
const PING_APART = 2_000; // the server does not answer faster ones
const BATCH = 150; // what arrives together is shown together
const FEW = 3; // toasts at once; more become one
const NOT_LOGGED_IN = 4401;
const NOT_ACTIVE = 4403;
const LEVELS = { "order.paid": "success", "order.placed": "success" };

const { live: path, liveUser, liveSeen = "" } = document.body.dataset;
const storageKey = `live-seen:${liveUser}`;

/* What this tab has shown, newest last. */
const seen = new Set();

function remember(ids) {
  ids.forEach((id) => seen.add(id));
  const newest = [...seen].sort((a, b) => a - b).slice(-REMEMBERED);
  seen.clear();
  newest.forEach((id) => seen.add(id));
  try {
    sessionStorage.setItem(storageKey, newest.join());
  } catch {
    // storage is full or forbidden: this page still remembers
  }
}

function recall() {
  let stored = "";
  try {
    stored = sessionStorage.getItem(storageKey) ?? "";
  } catch {
    // forbidden
  }
  remember(`${stored},${liveSeen}`.split(",").map(Number).filter(Boolean));
}

const cursor = () => [...seen].at(-OVERLAP) ?? 0;

/* Showing */
const badge = () => document.getElementById("bell-badge");

function setCount(count) {
  if (badge()) badge().textContent = count > 99 ? "99+" : count || "";
}

const tell = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

let batch = [];

function show() {
  if (!batch.length) return;
  const news = batch;
  batch = [];
  setCount((Number.parseInt(badge()?.textContent, 10) || 0) + news.length);
  if (news.length > FEW) {
    tell("toast", { text: `You have ${news.length} new notifications.`, href: document.getElementById("bell")?.href });
  } else {
    news.forEach(({ type, title, body, url }) =>
      tell("toast", { level: LEVELS[type] ?? "info", text: [title, body].filter(Boolean).join(". "), href: url }));
  }
  news.forEach((notification) => tell("live-notification", notification));
  new Set(news.map(({ number }) => number).filter(Boolean)).forEach((number) => tell("order-changed", { number }));
  tell("notifications-changed");
}

function receive(frame) {
  if (frame.type === "pong") {
    clearTimeout(pongTimer);
    tries = 0;
    const isNew = !settled;
    settled = true;
    show(); // they are in the count
    if (isNew) tell("live-connected"); // what the page shows may be older than the notifications it knows
    setCount(frame.unread_count);
  } else if (frame.id && !seen.has(frame.id)) {
    remember([frame.id]);
    batch.push(frame);
    if (settled) setTimeout(show, BATCH); // else it is a replay, at whose end the pong comes
  }
}

/* Connecting */
let socket = null;
let tries = 0;
let retryTimer;
let pingTimer;
let pongTimer;
let pingedAt = -Infinity;
let settled = false; // the server has sent all that this tab missed

function ping() {
  if (socket?.readyState !== WebSocket.OPEN || performance.now() - pingedAt < PING_APART) return;
  pingedAt = performance.now();
  socket.send("ping");
  clearTimeout(pongTimer);
  pongTimer = setTimeout(lost, PONG_WITHIN);
}

function drop() {
  clearTimeout(retryTimer);
  clearTimeout(pongTimer);
  clearInterval(pingTimer);
  if (!socket) return;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
  socket = null;
}

function connect() {
  drop();
  settled = false;
  offer(false);
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("after", cursor());
  socket = new WebSocket(url);
  socket.onopen = () => {
    pingedAt = -Infinity;
    ping();
    pingTimer = setInterval(ping, PING_EVERY);
  };
  socket.onmessage = ({ data }) => receive(JSON.parse(data));
  socket.onclose = ({ code }) => (code === NOT_LOGGED_IN || code === NOT_ACTIVE ? drop() : lost());
}

function lost() {
  drop();
  if (tries >= MAX_TRIES) {
    offer(true);
    return;
  }
  const delay = Math.min(2 ** tries, MAX_DELAY) * (0.8 + 0.4 * Math.random());
  tries += 1;
  retryTimer = setTimeout(connect, delay * 1000);
}

function retryNow() {
  tries = 0;
  connect();
}

/* "Live updates are off": a toast that stays until it is dismissed, or not true any more. */
let notice = null;

function offer(visible) {
  notice?.remove();
  notice = null;
  const template = document.getElementById("live-off-template");
  if (!visible || !template) return;
  notice = template.content.firstElementChild.cloneNode(true);
  notice.querySelector("button").addEventListener("click", retryNow);
  document.getElementById("toasts").append(notice);
}

if (path && "WebSocket" in window) {
  recall();
  connect();
  addEventListener("online", retryNow);
  addEventListener("pagehide", drop); // an open socket would keep the page out of the back-forward cache
  addEventListener("pageshow", (event) => event.persisted && retryNow());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") return;
    if (socket?.readyState === WebSocket.OPEN) ping();
    else if (socket?.readyState !== WebSocket.CONNECTING) retryNow();
  });
}
