import { RandomStream, sampleLoad } from '@fengsui/city';
import type { ChargerSpec, LoadSpec } from '@fengsui/city';
import { createChargingRecogniser, readingOfMeter } from '@fengsui/hazard';
import type { ChargingRecogniser, ChargingSettings } from '@fengsui/hazard';
import { chargeCourse } from './charge-course.ts';
import { createCycleFeed } from './cycle-feed.ts';
import { createDevice, deviceUses } from './device-population.ts';
import type { Device } from './device-population.ts';
import { deviceStart, startingWith } from './device-start.ts';
import { profileCurve } from './load-profile.ts';
import { recognisedStart } from './recognised-start.ts';
import { createSecondStream } from './second-stream.ts';
import { createSwitchFeed } from './switch-feed.ts';
import { unseenCharger } from './unseen-charger.ts';

/** What became of one charge; times in seconds after plugging in, absent = not. */
export type SessionResult = {
  readonly powerW: number;
  readonly hasPfc: boolean;
  readonly loads: readonly string[];
  readonly terminal: Detection;
  readonly meter: Detection;
};

export type Detection = { readonly tentativeS?: number; readonly confirmedS?: number; readonly provedS?: number };

export type SessionRequest = {
  readonly seed: number;
  /** `unseen`: other makes than city's; `population`: city's own. */
  readonly chargers: 'unseen' | 'population';
  readonly lengthS: number;
  readonly settings?: ChargingSettings;
};

const PLUGGED_S = 300;

/** One charge with one to four other loads running, of which one is switched once while the charge is judged. */
export function runSession(request: SessionRequest): SessionResult {
  const { seed, settings = {}, lengthS } = request;
  const random = new RandomStream(seed, 'session');
  const spec = chargerOf(request, random);
  const devices = backgroundOf(random, seed);
  const stream = createSecondStream(random);
  const running = devices.map((device, index) => {
    const startS = index === 0 ? 0 : -Math.floor(random.between(60, 3600));
    return stream.switchOn(device.curve, device.use.course(random, device.spec), startS);
  });
  const curve = profileCurve(spec, random.nextUint32(), true);
  const start = deviceStart(spec, random.nextUint32());
  const recognisers = { terminal: createChargingRecogniser(settings), meter: createChargingRecogniser(settings) };
  const seen: Record<'terminal' | 'meter', MutableDetection> = { terminal: {}, meter: {} };
  const cycles = createCycleFeed(recognisers.terminal);
  const switches = createSwitchFeed(recognisers.terminal);
  const beside = devices.map((device) => device.spec);
  const switchedS = PLUGGED_S + Math.floor(random.between(20, 560));
  const isSwitching = random.between(0, 1) < 0.7;
  for (let nowS = 1; nowS <= PLUGGED_S + lengthS; nowS++) {
    if (nowS === PLUGGED_S) {
      stream.switchOn(curve, startingWith(start, chargeCourse(random, spec)), nowS);
      cycles.begin(start, spec.powerW, nowS);
      switches.begin(recognisedStart(spec, beside, seed), nowS);
    }
    if (nowS === switchedS && isSwitching) stream.switchOff(running[0] ?? 0);
    const terminal = stream.terminal(nowS);
    const meter = readingOfMeter({ at: terminal.at, ...stream.meter() });
    cycles.second(nowS, terminal.activePowerW);
    switches.second(nowS);
    if (recognisers.terminal.read(terminal)) note(seen.terminal, recognisers.terminal, nowS);
    if (recognisers.meter.read(meter)) note(seen.meter, recognisers.meter, nowS);
  }
  const loads = devices.map(({ use }) => use.type);
  return { powerW: spec.powerW, hasPfc: spec.hasPfc === true, loads, ...seen };
}

type MutableDetection = { -readonly [Field in keyof Detection]: Detection[Field] };

/** Notes when an opinion about the load plugged in first reached each stage. */
function note(seen: MutableDetection, recogniser: ChargingRecogniser, nowS: number): void {
  const opinion = recogniser.opinions().find(({ onAt }) => Math.abs(onAt / 1000 - PLUGGED_S) <= 5);
  if (opinion === undefined) return;
  const afterS = nowS - PLUGGED_S;
  seen.tentativeS ??= afterS;
  if (opinion.stage !== 'tentative') seen.confirmedS ??= afterS;
  if (opinion.stage === 'proved') seen.provedS ??= afterS;
}

function chargerOf({ chargers }: SessionRequest, random: RandomStream): LoadSpec & ChargerSpec {
  if (chargers === 'unseen') return unseenCharger(random, 'charger');
  return sampleLoad('eBikeCharger', random) as LoadSpec & ChargerSpec;
}

function backgroundOf(random: RandomStream, seed: number): readonly Device[] {
  const count = 1 + Math.floor(random.between(0, 4));
  return Array.from({ length: count }, (_, index) =>
    createDevice(drawUse(random), seed + index, `background-${index}`),
  );
}

/** A load that is likely to run at any moment: by its share of homes and its hours of use. */
function drawUse(random: RandomStream): (typeof deviceUses)[number] {
  const weights = deviceUses.map((use) => use.homes * use.usesPerDay * use.lengthMin);
  let left = random.between(
    0,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    const use = deviceUses[index];
    if (left <= 0 && use !== undefined) return use;
  }
  return random.pick(deviceUses);
}
