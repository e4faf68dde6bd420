import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import type { PeerAlarm } from '../readings.ts';

const PAGE = `<!doctype html><title>alarms</title><table id="t"></table><script>
new WebSocket(location.href.replace('http', 'ws')).onmessage = ({ data }) => {
  for (const { deviceId, pointId, kind } of JSON.parse(data).alarms) {
    const row = t.insertRow(0);
    for (const word of [deviceId, pointId, kind]) row.insertCell().textContent = word;
  }
};
</script>`;

/** A page that lists alarms, and its WebSocket; resolves with what tells its clients of an alarm. */
export async function openAlarmPage(port: number): Promise<(alarm: PeerAlarm) => void> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(PAGE);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.send('{"type":"snapshot","alarms":[]}'));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (alarm) => {
    const frame = JSON.stringify({ type: 'alarms', alarms: [alarm] });
    for (const socket of sockets.clients) socket.send(frame);
  };
}
