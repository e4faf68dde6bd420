import type { PublishPacket } from 'aedes';

const TAKEN_TOPIC = 'taken';

/**
 * What a client publishes is for us alone: under another name aedes finds nobody to pass it on to (a command or a time
 * for another device), and keeps nothing for subscribers that cannot exist here.
 */
export function takeOut(packet: PublishPacket): { readonly topic: string; readonly payload: Buffer } {
  const { topic, payload } = packet;
  packet.topic = TAKEN_TOPIC;
  packet.retain = false;
  return { topic, payload: typeof payload === 'string' ? Buffer.from(payload) : payload };
}
