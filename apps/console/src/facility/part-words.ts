import { gbDeviceStatusBits, gbPartStatusBits, gbSystemStatusBits, type GbPartRecord } from '@fengsui/protocol';
import type { Translate } from '../locale/i18n.ts';

type Language = string;

const bits = new Map(
  [...gbDeviceStatusBits, ...gbSystemStatusBits, ...gbPartStatusBits].map((bit) => [bit.name, bit] as const),
);
/** What a part tells without anybody having to do something. */
const calm: readonly string[] = ['normal', 'manual', 'delayed', 'feedback', 'started', 'configurationChanged', 'reset'];

/** A bit of a status word in words of the standard; a bit of a profile as it is named. */
export function flagWord(name: string, language: Language): string {
  const bit = bits.get(name);
  return (language === 'en' ? bit?.en : bit?.zh) ?? name;
}

/** Bits that somebody should look at, the most urgent first. */
export function abnormalFlags({ flags = [] }: Pick<GbPartRecord, 'flags'>): readonly string[] {
  return ['fire', ...flags].filter(
    (flag, i) => flags.includes(flag) && !calm.includes(flag) && (i === 0 || flag !== 'fire'),
  );
}

/** Fires first, then faults, then what is shielded or supervised, then the rest by address. */
export function orderParts(parts: readonly GbPartRecord[]): readonly GbPartRecord[] {
  const rank = (part: GbPartRecord): number => {
    const found = abnormalFlags(part);
    if (found.includes('fire')) return 0;
    if (found.some((flag) => flag.toLowerCase().includes('fault'))) return 1;
    return found.length > 0 ? 2 : 3;
  };
  return [...parts].sort((a, b) => rank(a) - rank(b) || (a.point < b.point ? -1 : 1));
}

/** `感烟火灾探测器`, or what the panel calls it; the device itself for point ''. */
export function partName(t: Translate, part: GbPartRecord, language: Language): string {
  if (part.point === '') return t('facility.device');
  const code = part.partType ?? part.systemType;
  const word = (language === 'en' ? code?.en : code?.zh) ?? (code === undefined ? undefined : String(code.code));
  const described = part.description?.trim();
  return [described === '' ? undefined : described, word].filter(Boolean).join(' · ') || part.point;
}

/** Where a part sits as its panel numbers it. */
export function partPlace(
  t: Translate,
  { zone, number, systemAddress, systemType, partAddress }: GbPartRecord,
  language: Language,
): string {
  const system = (language === 'en' ? systemType?.en : systemType?.zh) ?? '';
  const place =
    zone !== undefined
      ? t('facility.zone', { zone, number: number ?? '–' })
      : number !== undefined
        ? t('facility.number', { number })
        : (partAddress ?? '');
  const shown = systemAddress === undefined ? system : `${system} ${t('facility.system', { n: systemAddress })}`;
  return partAddress === undefined ? shown : `${shown} · ${place}`;
}
