import { RandomStream } from '@fengsui/city';
import { createChargingRecogniser, readingOfMeter } from '@fengsui/hazard';
import type { ChargingRecogniser, ChargingSettings } from '@fengsui/hazard';
import { createCycleFeed } from './cycle-feed.ts';
import type { Device } from './device-population.ts';
import { startingWith } from './device-start.ts';
import { createSecondStream } from './second-stream.ts';
import { createSite, planDay } from './site.ts';
import type { DeviceUseSpan, Site } from './site.ts';
import { createSwitchFeed } from './switch-feed.ts';

/** Notices on circuits without an electric bicycle. */
export type FalseNotices = {
  tentative: number;
  confirmed: number;
  proved: number;
  /** Confirmed while a charger of a tool began: a battery charger, though of no vehicle. */
  otherChargers: number;
};

export type SiteDays = {
  readonly kind: Site['kind'];
  readonly days: number;
  readonly terminal: FalseNotices;
  readonly meter: FalseNotices;
  /** What was on when it was confirmed: newest switch-on first. */
  readonly culprits: readonly string[];
};

const DAY_S = 86_400;

/** Days of one site at one reading a second, without any charger of a vehicle. */
export function runSiteDays(seed: number, days: number, settings: ChargingSettings = {}): SiteDays {
  const site = createSite(seed);
  const random = new RandomStream(seed, 'days');
  const stream = createSecondStream(random);
  stream.switchOn(site.standby.curve, site.standby.use.course(random, site.standby.spec), 0);
  const levels = { terminal: createChargingRecogniser(settings), meter: createChargingRecogniser(settings) };
  const cycles = createCycleFeed(levels.terminal);
  const switches = createSwitchFeed(levels.terminal);
  const uses = new Map<Device, number>();
  const counted = { terminal: createCounter(), meter: createCounter() };
  const culprits: string[] = [];
  for (let day = 0; day < days; day++) {
    const plan = planDay(site, seed, day);
    const ends: { readonly atS: number; readonly id: number; readonly span: DeviceUseSpan }[] = [];
    let next = 0;
    for (let nowS = day * DAY_S + 1; nowS <= (day + 1) * DAY_S; nowS++) {
      for (let span = plan[next]; span !== undefined && span.fromS <= nowS; span = plan[++next]) {
        const { curve, start, use, spec, recognised } = span.device;
        const course = use.course(random, spec);
        const id = stream.switchOn(curve, start === undefined ? course : startingWith(start, course), nowS);
        if (start !== undefined) cycles.begin(start, spec.powerW, nowS);
        const count = uses.get(span.device) ?? 0;
        uses.set(span.device, count + 1);
        switches.begin(recognised(count), nowS);
        ends.push({ atS: span.toS, id, span });
      }
      for (let index = ends.length - 1; index >= 0; index--) {
        const end = ends[index];
        if (end === undefined || end.atS > nowS) continue;
        stream.switchOff(end.id);
        ends.splice(index, 1);
      }
      const terminal = stream.terminal(nowS);
      cycles.second(nowS, terminal.activePowerW);
      switches.second(nowS);
      const tell = (level: 'terminal' | 'meter'): void => {
        for (const culprit of counted[level].count(levels[level], (onAt) => culpritOf(ends, onAt / 1000))) {
          culprits.push(`${level}: ${culprit}`);
        }
      };
      if (levels.terminal.read(terminal)) tell('terminal');
      if (levels.meter.read(readingOfMeter({ at: terminal.at, ...stream.meter() }))) tell('meter');
    }
  }
  return { kind: site.kind, days, terminal: counted.terminal.notices, meter: counted.meter.notices, culprits };
}

/** Counts each opinion once per stage; gives who was behind those newly confirmed, other chargers left out. */
function createCounter(): {
  notices: FalseNotices;
  count: (recogniser: ChargingRecogniser, culpritAt: (onAt: number) => string) => readonly string[];
} {
  const notices: FalseNotices = { tentative: 0, confirmed: 0, proved: 0, otherChargers: 0 };
  const told = new Map<string, number>();
  return {
    notices,
    count(recogniser, culpritAt) {
      const confirmed: string[] = [];
      for (const { id, stage, onAt } of recogniser.opinions()) {
        const rank = ['tentative', 'confirmed', 'proved'].indexOf(stage);
        const before = told.get(id) ?? -1;
        if (rank <= before) continue;
        told.set(id, rank);
        const culprit = culpritAt(onAt);
        if (before < 0) notices.tentative++;
        if (rank >= 1 && before < 1) {
          if (culprit.startsWith('toolCharger')) notices.otherChargers++;
          else {
            notices.confirmed++;
            confirmed.push(culprit);
          }
        }
        if (rank >= 2) notices.proved++;
      }
      return confirmed;
    },
  };
}

function culpritOf(ends: readonly { readonly span: DeviceUseSpan }[], onS: number): string {
  const nearest = [...ends].sort((a, b) => Math.abs(a.span.fromS - onS) - Math.abs(b.span.fromS - onS))[0];
  if (nearest === undefined) return 'none';
  const { device, fromS } = nearest.span;
  // What did not begin then was taken for a step by its own course.
  const isOther = Math.abs(fromS - onS) > 8;
  return `${isOther ? 'later ' : ''}${device.use.type} ${Math.round(device.spec.powerW)} W`;
}
