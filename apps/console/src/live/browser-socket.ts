import { LiveClient, type LiveSubscription, type SocketHandlers, type LiveSocket } from './live-client.ts';

/** A live client on the browser's own clock, timers and WebSocket; the cookie of the session goes along by itself. */
export function createBrowserLiveClient(subscription: LiveSubscription): LiveClient {
  return new LiveClient(
    {
      connect: connectWebSocket,
      now: () => Date.now(),
      random: () => Math.random(),
      setTimer: (run, delayMs) => window.setTimeout(run, delayMs),
      clearTimer: (timer) => {
        if (typeof timer === 'number') window.clearTimeout(timer);
      },
    },
    subscription,
  );
}

function connectWebSocket(handlers: SocketHandlers): LiveSocket {
  const { protocol, host } = window.location;
  const socket = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/v1/live`);
  const abort = new AbortController();
  const { signal } = abort;
  socket.addEventListener('open', () => handlers.onOpen(), { signal });
  socket.addEventListener(
    'message',
    ({ data }: MessageEvent<unknown>) => handlers.onText(typeof data === 'string' ? data : ''),
    { signal },
  );
  socket.addEventListener('close', () => handlers.onClose(), { signal });
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => {
      abort.abort();
      socket.close();
    },
  };
}
