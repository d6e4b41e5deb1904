{% autoescape off %}{% if on %}// Keeps one page, which says that the device is offline. Nothing of any visitor is ever kept.
const PAGE = {{ page }};
const CACHE = {{ cache }};
const VERSION = {{ version }};

addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.add(new Request(PAGE, { cache: "reload", credentials: "omit" })))
      .then(() => skipWaiting()),
  );
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { mode, method } = event.request;
  if (mode !== "navigate" || method !== "GET") return;
  event.respondWith(
    fetch(event.request).catch(async () => (await (await caches.open(CACHE)).match(PAGE)) ?? Response.error()),
  );
});
{% else %}// This app is not installed any more: what was kept for it goes.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) =>
  event.waitUntil(caches.delete({{ cache }}).then(() => registration.unregister())),
);
{% endif %}{% endautoescape %}
