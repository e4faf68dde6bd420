import { kindName } from '@fengsui/alarm';
import type { CapAlert, CapInfo, FireMessage } from '@fengsui/protocol';

type Language = 'zh' | 'en';

/** A message as CAP 1.2, in Chinese and English; what CAP has no element for are parameters, the same in both. */
export function fireMessageCap(message: FireMessage, restriction: string): CapAlert {
  const { messageId, kind, sentAt, sender, references, incident } = message;
  return {
    identifier: messageId,
    sender,
    sentAt: Date.parse(sentAt),
    status: 'Actual',
    messageType: kind === 'alert' ? 'Alert' : 'Cancel',
    scope: { kind: 'Restricted', restriction },
    references: references.map(({ messageId: identifier, sentAt: at }) => ({
      identifier,
      sender,
      sentAt: Date.parse(at),
    })),
    incidents: [incident.id],
    infos: [infoOf(message, 'zh'), infoOf(message, 'en')],
  };
}

function infoOf(message: FireMessage, language: Language): CapInfo {
  const { kind, venue, contacts, alarms, incident } = message;
  // Without an alarm a person has reported it.
  const isFire = alarms.length === 0 || alarms.some(({ category }) => category === 'fire');
  const isAlert = kind === 'alert';
  const words = phrases[language];
  const name = (language === 'en' ? venue.nameEn : undefined) ?? venue.name;
  const address = (language === 'en' ? venue.addressEn : undefined) ?? venue.address;
  const event = isFire ? words.fire : words.hazard;
  const { latitude, longitude } = venue;
  const first = contacts[0];
  const began = alarms[0]?.raisedAt;
  return {
    language: language === 'zh' ? 'zh-CN' : 'en',
    category: isFire ? 'Fire' : 'Safety',
    event,
    urgency: isAlert ? 'Immediate' : 'Past',
    severity: isAlert ? 'Severe' : 'Unknown',
    certainty: isAlert ? 'Observed' : 'Unlikely',
    ...(began !== undefined && { onsetAt: Date.parse(began) }),
    headline: `${isAlert ? words.confirmed(event) : words.cancelled(event)} ${name}`,
    description: [
      ...(incident.note === undefined ? [] : [incident.note]),
      ...alarms.map((alarm) => [alarm.place, kindName(alarm.kind, language)].filter(Boolean).join(' ')),
    ].join('\n'),
    ...(first !== undefined && { contact: `${first.name} ${first.phone}` }),
    parameters: parametersOf(message),
    area: {
      description: [name, address].filter((word) => word !== undefined).join(' '),
      ...(latitude !== undefined && longitude !== undefined && { circle: { latitude, longitude, radiusKm: 0 } }),
    },
  };
}

const phrases = {
  zh: {
    fire: '火警',
    hazard: '危险报警',
    confirmed: (event: string) => `${event}（已经人工核实）`,
    cancelled: (event: string) => `撤销：${event}（核实为非真实警情）`,
  },
  en: {
    fire: 'Fire',
    hazard: 'Hazard',
    confirmed: (event: string) => `${event}, confirmed by a person:`,
    cancelled: (event: string) => `Cancelled: ${event}, found not to be true:`,
  },
} as const;

function parametersOf({
  incident,
  venue,
  verified,
  contacts,
  alarmCount,
}: FireMessage): NonNullable<CapInfo['parameters']> {
  const { class: venueClass, storeys, people, gas, access } = venue;
  const known: readonly (readonly [string, string | number | undefined])[] = [
    ['incidentNumber', incident.number],
    ['verdict', verified.verdict],
    ['verifiedBy', verified.by],
    ['verifiedMeans', verified.means],
    ['verifiedAt', verified.at],
    ['alarmCount', alarmCount],
    ['venueId', venue.id],
    ['venueClass', venueClass],
    ['storeys', storeys],
    ['people', people],
    ['gas', gas],
    ['access', access],
    ...contacts.map(({ name, role, phone }) => ['contact', `${role} ${name} ${phone}`] as const),
  ];
  return known.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
}
