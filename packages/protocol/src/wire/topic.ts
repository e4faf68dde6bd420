/** Topics that need nothing but the device's id. */
export const deviceTopicKinds = ['telemetry', 'event', 'presence', 'reply', 'command', 'time'] as const;
export type DeviceTopicKind = (typeof deviceTopicKinds)[number];

export type ParsedTopic =
  | { readonly kind: DeviceTopicKind; readonly deviceId: string }
  | { readonly kind: 'capture'; readonly deviceId: string; readonly captureId: string }
  | { readonly kind: 'foreign' };

const prefix = 'fengsui/v1/';
const idPattern = /^[A-Za-z0-9._-]{1,64}$/;
const longestTopic = prefix.length + 64 + '/capture/'.length + 64;

/**
 * True for a device id or capture id: `[A-Za-z0-9._-]{1,64}`.
 *
 * `.` and `..` are ids too: never use an id as a file name as it is.
 */
export function isWireId(text: unknown): text is string {
  return typeof text === 'string' && idPattern.test(text);
}

/** What a topic of the device wire means; `foreign` for everything else, wildcards included. Never throws. */
export function parseTopic(topic: string): ParsedTopic {
  if (topic.length > longestTopic || !topic.startsWith(prefix)) return { kind: 'foreign' };
  const [deviceId, word, captureId, ...rest] = topic.slice(prefix.length).split('/');
  if (!isWireId(deviceId) || rest.length > 0) return { kind: 'foreign' };
  if (word === 'capture') return isWireId(captureId) ? { kind: 'capture', deviceId, captureId } : { kind: 'foreign' };
  const kind = deviceTopicKinds.find((candidate) => candidate === word);
  return kind === undefined || captureId !== undefined ? { kind: 'foreign' } : { kind, deviceId };
}

/** Topic of a device. @throws RangeError when the id is not a wire id. */
export function topicOf(kind: DeviceTopicKind, deviceId: string): string {
  return `${prefix}${checkedId('deviceId', deviceId)}/${kind}`;
}

/** Topic of one capture of a device. @throws RangeError when an id is not a wire id. */
export function captureTopicOf(deviceId: string, captureId: string): string {
  return `${prefix}${checkedId('deviceId', deviceId)}/capture/${checkedId('captureId', captureId)}`;
}

function checkedId(name: string, id: string): string {
  if (isWireId(id)) return id;
  throw new RangeError(`${name} is ${JSON.stringify(id)}, expected ${idPattern.source}`);
}
