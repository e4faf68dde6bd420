import { RandomStream } from '@fengsui/city';
import { createDevice, deviceUses } from './device-population.ts';
import type { Device, DeviceUse } from './device-population.ts';

/** A home or a small shop: its devices and its line. */
export type Site = {
  readonly kind: 'home' | 'shop';
  readonly devices: readonly Device[];
  /** Always on: router, clocks, standby; rendered as a small rectifier. */
  readonly standby: Device;
};

/** A device switched on from … to, seconds of the site's clock. */
export type DeviceUseSpan = { readonly device: Device; readonly fromS: number; readonly toS: number };

const DAY_S = 86_400;

/** A site of the population: what it owns follows from the seed. */
export function createSite(seed: number): Site {
  const random = new RandomStream(seed, 'site');
  const kind = random.between(0, 1) < 0.7 ? 'home' : 'shop';
  const owned = deviceUses.filter((use) => random.between(0, 1) < (kind === 'home' ? use.homes : use.shops));
  // Homes have several of what is common.
  const twice = owned.filter((use) => use.homes >= 0.9 && random.between(0, 1) < 0.5);
  const devices = [...owned, ...twice].map((use, index) => createDevice(use, seed, `${use.type}-${index}`));
  return { kind, devices, standby: createDevice(standbyUse, seed, 'standby') };
}

const standbyUse: DeviceUse = {
  type: 'standby',
  homes: 1,
  shops: 1,
  usesPerDay: 0,
  lengthMin: 0,
  lengthSpread: 1,
  hours: [[0, 24, 1]],
  course: () => ({ everyS: Infinity, at: () => 1 }),
  spec: (random) => ({ id: 'standby', kind: 'rectifier', powerW: random.between(6, 30) }),
};

/** All uses of one day, in order of their beginning; a use of a device that is still on is left out. */
export function planDay(site: Site, seed: number, day: number): readonly DeviceUseSpan[] {
  const spans: DeviceUseSpan[] = [];
  site.devices.forEach((device, index) => {
    const random = new RandomStream(seed, `day/${day}/${index}`);
    const { usesPerDay, hours, lengthMin, lengthSpread } = device.use;
    let busyUntilS = 0;
    for (const startS of startsOf(random, usesPerDay, hours)) {
      if (startS < busyUntilS) continue;
      const lengthS = 60 * lengthMin * Math.exp(Math.log(lengthSpread) * random.normal());
      const toS = Math.min(DAY_S - 1, startS + Math.max(20, Math.min(lengthS, 12 * 3600)));
      spans.push({ device, fromS: day * DAY_S + startS, toS: day * DAY_S + toS });
      busyUntilS = toS + 30;
    }
  });
  return spans.sort((a, b) => a.fromS - b.fromS);
}

function startsOf(random: RandomStream, usesPerDay: number, hours: DeviceUse['hours']): readonly number[] {
  const starts: number[] = [];
  for (const [from, to, share] of hours) {
    // Poisson: exponential waits within the hours.
    const meanS = ((to - from) * 3600) / (usesPerDay * share);
    for (let at = from * 3600 + random.exponential(meanS); at < to * 3600; at += random.exponential(meanS))
      starts.push(at);
  }
  return starts.sort((a, b) => a - b);
}
