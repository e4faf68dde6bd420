/* Offers push to this browser, where it can take it and the page has the key. The page answers without this. */
const offer = document.querySelector('[data-push-key]');

if (offer instanceof HTMLElement && 'serviceWorker' in navigator && 'PushManager' in window) {
  offer.hidden = false;
  offer.querySelector('button')?.addEventListener('click', () => void subscribe(offer));
}

async function subscribe(offer) {
  const said = offer.querySelector('output');
  try {
    const registration = await navigator.serviceWorker.register('/call/worker.mjs', { scope: '/call/' });
    await navigator.serviceWorker.ready;
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytesOf(offer.dataset.pushKey),
    });
    const response = await fetch(`${location.pathname}/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(subscription),
    });
    said.value = response.ok ? offer.dataset.done : offer.dataset.failed;
  } catch {
    said.value = offer.dataset.failed;
  }
}

function bytesOf(base64url) {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}
