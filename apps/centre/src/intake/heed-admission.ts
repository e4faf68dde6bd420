import type { Client, PublishPacket } from 'aedes';
import type { Admission } from './device-door.ts';

/**
 * Resolves when a message may be answered; rejects when it was not taken. Never let aedes see an error: it would close
 * the connection without PUBACK. While the journal waits for disk space the answer waits too, and aedes reads no
 * further.
 */
export async function heedAdmission(
  admission: Promise<Admission>,
  client: Client,
  packet: PublishPacket,
  onRefused?: (client: Client) => void,
): Promise<void> {
  const { holdMs, close, isRefused } = await admission;
  if (isRefused === true) {
    // Without PUBACK, and read on: an alarm may stand behind it.
    packet.qos = 0;
    onRefused?.(client);
  }
  if (holdMs > 0) await new Promise((resolve) => setTimeout(resolve, holdMs).unref());
  if (close) client.close();
}
