{% load static ui %}/* Without a network, a page of our own instead of the browser's. Nothing personal is kept: the page is fetched without cookies. */
"use strict";

const OFFLINE = "{% url "offline" %}";
const FILES = [{% for url in stylesheet_urls %}"{{ url }}", {% endfor %}"{% static "icons/sprite.svg" %}", "{% static "img/favicon.svg" %}"];
const CACHE = `offline ${FILES.join(" ")}`;

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([...FILES, new Request(OFFLINE, { credentials: "omit" })]);
  await self.skipWaiting();
}

async function takeOver() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function open(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return caches.match(OFFLINE);
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(open(event));
  else if (FILES.includes(new URL(request.url).pathname))
    event.respondWith(fetch(request).catch(() => caches.match(request)));
});
