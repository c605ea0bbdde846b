/*
 * Keeps every file of the page, and answers from what it keeps: after the first visit nothing is asked of the network.
 * Scripts of workers are bound by the policy of their own answer, not by the page's, so each answer carries it.
 * The build fills in version, policy and files.
 */
const VERSION = '%VERSION%';
const POLICY = '%POLICY%';
const FILES = ['%FILES%'];
const NAME = `infnet-live ${VERSION}`;

addEventListener('install', (event) => {
  event.waitUntil(keepAll().then(() => skipWaiting()));
});

addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => clients.claim()));
});

addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && url.startsWith(registration.scope)) event.respondWith(answer(event.request));
});

async function keepAll() {
  const cache = await caches.open(NAME);
  // The build's own names change with their content; only the page's address stays the same.
  await cache.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })));
}

async function dropOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('infnet-live ') && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function answer(request) {
  const cache = await caches.open(NAME);
  const isPage = request.mode === 'navigate';
  const kept = await cache.match(isPage ? registration.scope : request, { ignoreSearch: true });
  if (kept === undefined) return fetch(request);
  const headers = new Headers(kept.headers);
  headers.set('Content-Security-Policy', POLICY);
  return new Response(kept.body, { status: kept.status, statusText: kept.statusText, headers });
}
