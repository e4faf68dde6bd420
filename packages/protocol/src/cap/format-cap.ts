import type { CapAlert, CapArea, CapInfo, CapReference } from './cap-alert.ts';

const NAMESPACE = 'urn:oasis:names:tc:emergency:cap:1.2';

/**
 * A message as an XML document (UTF-8, no byte order mark). What XML cannot hold in text (control characters, lone
 * halves of surrogate pairs) becomes U+FFFD: a call for help does not fail over a character of a note.
 *
 * @param utcOffsetMinutes of the instants it shows; CAP wants the local offset of the sender.
 * @throws RangeError naming the field, for an identifier, sender or incident with a space, comma, `<` or `&` (3.2.1), an
 *   offset or a position out of range.
 */
export function formatCap(alert: CapAlert, utcOffsetMinutes: number): string {
  const instant = (at: number): string => capInstant(at, utcOffsetMinutes);
  const { scope, references = [], incidents = [] } = alert;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<alert xmlns="${NAMESPACE}">`,
    element('identifier', checked('identifier', alert.identifier)),
    element('sender', checked('sender', alert.sender)),
    element('sent', instant(alert.sentAt)),
    element('status', alert.status),
    element('msgType', alert.messageType),
    element('scope', scope.kind),
    ...(scope.kind === 'Restricted'
      ? [element('restriction', scope.restriction)]
      : [element('addresses', scope.addresses.map(inQuotes).join(' '))]),
    ...some('references', references.map((reference) => named(reference, instant)).join(' ')),
    ...some('incidents', incidents.map((incident) => checked('incidents', incident)).join(' ')),
    ...alert.infos.flatMap((info) => infoLines(info, instant)),
    '</alert>',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * ISO 8601 as CAP takes it: whole seconds, with an offset in digits; UTC is `-00:00`, `Z` is not allowed (3.3.2).
 *
 * @throws RangeError for an offset that is no whole number of minutes within a day.
 */
export function capInstant(at: number, utcOffsetMinutes: number): string {
  if (!Number.isInteger(utcOffsetMinutes) || Math.abs(utcOffsetMinutes) >= 24 * 60)
    throw new RangeError(`utcOffsetMinutes: expected whole minutes within a day, not ${utcOffsetMinutes}`);
  const local = new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 19);
  const minutes = Math.abs(utcOffsetMinutes);
  const digits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return `${local}${utcOffsetMinutes > 0 ? '+' : '-'}${digits}`;
}

function infoLines(info: CapInfo, instant: (at: number) => string): string[] {
  return [
    '<info>',
    element('language', info.language),
    element('category', info.category),
    element('event', info.event),
    element('urgency', info.urgency),
    element('severity', info.severity),
    element('certainty', info.certainty),
    ...(info.onsetAt === undefined ? [] : [element('onset', instant(info.onsetAt))]),
    ...some('senderName', info.senderName),
    ...some('headline', info.headline),
    ...some('description', info.description),
    ...some('contact', info.contact),
    ...(info.parameters ?? []).flatMap(([name, value]) => [
      '<parameter>',
      element('valueName', name),
      element('value', value),
      '</parameter>',
    ]),
    ...(info.area === undefined ? [] : areaLines(info.area)),
    '</info>',
  ];
}

function areaLines({ description, circle }: CapArea): string[] {
  return [
    '<area>',
    element('areaDesc', description),
    ...(circle ? [element('circle', circleOf(circle))] : []),
    '</area>',
  ];
}

/** `latitude,longitude radius`, km (3.2.4). */
function circleOf({ latitude, longitude, radiusKm }: NonNullable<CapArea['circle']>): string {
  if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180) || !(radiusKm >= 0 && radiusKm < Infinity))
    throw new RangeError(`area.circle: expected a position of WGS 84, not ${latitude},${longitude} ${radiusKm}`);
  return `${latitude},${longitude} ${radiusKm}`;
}

const named = ({ identifier, sender, sentAt }: CapReference, instant: (at: number) => string): string =>
  `${checked('references', sender)},${checked('references', identifier)},${instant(sentAt)}`;

function checked(field: string, value: string): string {
  if (value === '' || /[\s,<&]/.test(value))
    throw new RangeError(`${field}: expected characters other than spaces, commas, < and &, not "${value}"`);
  return value;
}

/** Addresses with spaces stand in double quotes (3.2.1); one in itself would end them. */
const inQuotes = (address: string): string => {
  const plain = address.replaceAll('"', "'");
  return /\s/.test(plain) ? `"${plain}"` : plain;
};

const some = (name: string, text: string | undefined): string[] =>
  text === undefined || text === '' ? [] : [element(name, text)];

const element = (name: string, text: string): string => `<${name}>${inXml(text)}</${name}>`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

const inXml = (text: string): string =>
  text
    .toWellFormed()
    // XML 1.0, 2.2: these are no characters of a document
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(/[&<>\r]/g, (found) => entities[found] ?? found);
