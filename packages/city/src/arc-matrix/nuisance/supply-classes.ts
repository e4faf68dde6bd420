import { ArcGap } from '../../arc/arc-gap.ts';
import { GappedElement } from '../../arc/gapped-element.ts';
import type { LoadPhysics } from '../../load/load-spec.ts';
import type { Stage } from '../stage.ts';
import { addBackground, addSteady, logUniform, plainLoad } from './background.ts';
import type { NuisanceClass } from './nuisance-class.ts';

const neighbourArc: NuisanceClass = {
  id: 'neighbourArc',
  title: 'an arc burns in a neighbouring circuit of the same board',
  varies: 'load of the neighbour 2 … 32 A (resistive, motor), carbonised path, bursts; own loads of four families',
  afterMs: 600,
  settlingMs: 60,
  build(stage, eventsMs) {
    addBackground(stage);
    const { random } = stage;
    addSteady(stage, 'own', plainLoad(random));
    const currentA = logUniform(random, 2, 32);
    const physics = random.pick<LoadPhysics>([
      { kind: 'resistive', powerW: 220 * currentA },
      { kind: 'motor', powerW: 220 * 0.7 * currentA, powerFactor: 0.7 },
    ]);
    const neighbour = stage.load({ id: 'neighbour', ...physics });
    stage.startOn(neighbour);
    // Coupled by the feeder's resistance and inductance, which both circuits share; the mutual inductance of cables side
    // by side (some µH) adds less than a tenth of that below 25 kHz.
    const gap = new ArcGap(
      { model: { kind: 'carbonised' }, arcToArc: random.between(0.85, 0.98), touchToArc: random.between(0.01, 0.2) },
      stage.rig.site.stepS,
      stage.stream('gap'),
    );
    stage.wireBeside(new GappedElement(neighbour.element, gap));
    for (const [index, eventMs] of eventsMs.entries()) {
      if (index % 2 === 0) stage.at(eventMs, () => gap.strike());
      else stage.at(eventMs, () => gap.mend());
    }
  },
};

type LevelCourse = (nowMs: number) => number;

/** Voltage over nominal after the event: dip, swell, level change, flicker, notches of a short dip. */
function levelCourse(stage: Stage, eventMs: number): LevelCourse {
  const { random } = stage;
  const depth = random.between(0.05, 0.6);
  const lengthMs = logUniform(random, 10, 300);
  const toRatio = random.between(0.85, 1.1);
  const flickerHz = random.between(1, 25);
  const flickerRatio = random.between(0.002, 0.03);
  const swell = random.between(1.03, 1.15);
  const during =
    (level: number): LevelCourse =>
    (nowMs) =>
      nowMs >= eventMs && nowMs < eventMs + lengthMs ? level : 1;
  return random.pick<LevelCourse>([
    during(1 - depth),
    during(swell),
    (nowMs) => 1 + (toRatio - 1) * Math.min(1, Math.max(0, (nowMs - eventMs) / lengthMs)),
    (nowMs) => 1 + flickerRatio * Math.sin((2 * Math.PI * flickerHz * nowMs) / 1000),
  ]);
}

const voltageEvent: NuisanceClass = {
  id: 'voltageEvent',
  title: 'dip, swell, change of level, flicker of the supply',
  varies:
    'dips of 5 … 60 % and swells to 115 % for 10 … 300 ms, levels 0.85 … 1.1 Un, flicker 1 … 25 Hz, distortion 1 … 3 %; one to three loads',
  afterMs: 500,
  settlingMs: 60,
  build(stage, eventsMs) {
    addBackground(stage);
    addSteady(stage, 'own', plainLoad(stage.random));
    const courses = eventsMs.map((eventMs) => levelCourse(stage, eventMs));
    stage.everyTick((nowMs) => {
      let level = 1;
      for (const course of courses) level *= course(nowMs);
      stage.feeder.level = level;
    });
  },
};

export const supplyClasses: readonly NuisanceClass[] = [neighbourArc, voltageEvent];
