import { createHmac } from 'node:crypto';
import { fetchJson } from './fetch-json.ts';
import type { Message } from './message.ts';
import type { WebhookChannel } from './watch-config.ts';

/**
 * POSTs the message, signed as what foreign platforms push to the centre is: HMAC-SHA256 over timestamp + `.` + body.
 * Rejects unless the answer is 2xx.
 */
export async function callWebhook(
  channel: WebhookChannel,
  message: Message,
  now: number,
  timeoutMs: number,
): Promise<void> {
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac('sha256', channel.secret).update(`${timestamp}.${message.json}`).digest('hex');
  const { status } = await fetchJson(channel.url, {
    method: 'POST',
    body: message.json,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(message.json)),
      'x-fengsui-timestamp': timestamp,
      'x-fengsui-signature': `sha256=${signature}`,
    },
    ...(channel.ca !== undefined && { ca: channel.ca }),
    timeoutMs,
  });
  if (status < 200 || status > 299) throw new Error(`answers ${status}`);
}
