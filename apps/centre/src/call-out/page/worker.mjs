/* Shows a call that came by push until somebody touches it; touched, it opens the page of that call. */
self.addEventListener('push', (event) => {
  const { title, body, link, callId } = event.data.json();
  const shown = self.registration.showNotification(title, {
    body,
    tag: callId,
    data: { link },
    requireInteraction: true,
    vibrate: [400, 200, 400, 200, 800],
  });
  event.waitUntil(shown);
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { link } = event.notification.data;
  if (link !== undefined) event.waitUntil(self.clients.openWindow(link));
});
