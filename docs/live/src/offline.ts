import { byId } from './page.js';

/**
 * Lets a service worker keep the page's files, so that it works without a network from now on. Browsers allow that on
 * https and localhost only; elsewhere the page still asks nobody but its own server.
 */
export async function keepOffline(): Promise<void> {
  const chip = byId('chip-offline');
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (serviceWorker === undefined) {
    chip.textContent = 'needs https';
    return;
  }
  try {
    // `all`: as long as the host says that a copy is fresh, the browser does not even ask whether there is a newer page.
    await serviceWorker.register('./service-worker.js', { updateViaCache: 'all' });
    await serviceWorker.ready;
    // Until it controls the page, workers and later parts would still be asked of the network.
    if (!serviceWorker.controller) {
      await new Promise<void>((resolve) =>
        serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true }),
      );
    }
    chip.textContent = 'ready';
  } catch {
    chip.textContent = 'not possible';
  }
}
