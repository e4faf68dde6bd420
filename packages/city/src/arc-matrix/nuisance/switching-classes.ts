import { GappedElement } from '../../arc/gapped-element.ts';
import type { LoadPhysics } from '../../load/load-spec.ts';
import type { Stage } from '../stage.ts';
import { addBackground, logUniform } from './background.ts';
import { bounce, metalContact } from './metal-contact.ts';
import type { NuisanceClass } from './nuisance-class.ts';

/** Switches a load on at the first event, off at the second, and so on; the switch bounces as switches do. */
function toggle(stage: Stage, id: string, physics: LoadPhysics, eventsMs: readonly number[]): void {
  const random = stage.stream(`${id}/switch`);
  const gap = metalContact(stage, `${id}/contact`);
  const load = stage.load({ id, ...physics });
  stage.wire(new GappedElement(load.element, gap));
  for (const [index, eventMs] of eventsMs.entries()) {
    if (index % 2 === 0) {
      stage.switchOnAt(load, eventMs);
      if (random.between(0, 1) < 0.5) bounce(stage, gap, eventMs + 0.1, random.between(0.3, 6), random);
    } else {
      stage.switchOffAt(load, eventMs);
    }
  }
}

function switching(
  about: Pick<NuisanceClass, 'id' | 'title' | 'varies'> & { readonly afterMs?: number },
  physicsOf: (stage: Stage) => LoadPhysics,
): NuisanceClass {
  return {
    afterMs: 400,
    settlingMs: 60,
    ...about,
    build(stage, eventsMs) {
      addBackground(stage);
      toggle(stage, 'switched', physicsOf(stage), eventsMs);
    },
  };
}

export const switchingClasses: readonly NuisanceClass[] = [
  switching(
    {
      id: 'resistiveSwitchOn',
      title: 'switch-on of a heater, PTC heater or filament lamps',
      varies: 'power 40 … 3500 W, cold over hot resistance 0.07 … 1, warm-up, instant on the wave, bounce, background',
    },
    ({ random }) =>
      random.pick<LoadPhysics>([
        { kind: 'resistive', powerW: logUniform(random, 300, 3500) },
        { kind: 'resistive', powerW: logUniform(random, 300, 2000), coldResistanceRatio: random.between(0.5, 0.75) },
        {
          kind: 'resistive',
          powerW: logUniform(random, 40, 600),
          coldResistanceRatio: random.between(0.07, 0.12),
          warmUpMs: random.between(30, 150),
        },
      ]),
  ),
  switching(
    {
      id: 'motorSwitchOn',
      title: 'switch-on of an induction motor',
      varies: 'power 60 … 1500 W, power factor, inrush, run-up 100 … 500 ms, instant on the wave (offset), bounce',
    },
    ({ random }) => ({
      kind: 'motor',
      powerW: logUniform(random, 60, 1500),
      powerFactor: random.between(0.5, 0.9),
      startResistanceRatio: random.between(0.12, 0.4),
      startReactanceRatio: random.between(0.15, 0.6),
      runUpMs: random.between(60, 200),
    }),
  ),
  switching(
    {
      id: 'compressorStart',
      title: 'start of a compressor',
      varies: 'power 80 … 1600 W, inrush 3 … 8 times, break-away 60 … 300 ms, strokes, instant on the wave',
      afterMs: 600,
    },
    ({ random }) => ({
      kind: 'compressor',
      powerW: logUniform(random, 80, 1600),
      powerFactor: random.between(0.6, 0.9),
      inrushRatio: random.between(3, 8),
      runUpMs: random.between(60, 300),
      pulsationRatio: random.between(0, 0.15),
    }),
  ),
  switching(
    {
      id: 'rectifierSwitchOn',
      title: 'switch-on of electronics without power-factor correction',
      varies:
        'power 8 … 600 W, capacitor 0.8 … 1.6 µF/W, cold and warm resistance, soft start, instant on the wave, bounce',
    },
    ({ random }) => {
      const powerW = logUniform(random, 8, 600);
      return {
        kind: 'rectifier',
        powerW,
        capacitanceUfPerW: random.between(0.8, 1.6),
        coldSeriesOhm: Math.min(40, 0.8 + 220 / powerW) + random.between(2, 12),
        softStartMs: random.between(20, 300),
      };
    },
  ),
  switching(
    {
      id: 'pfcSwitchOn',
      title: 'switch-on of a supply with power-factor correction',
      varies: 'power 75 … 1500 W, bulk and filter capacitor, delay 20 … 200 ms, ramp 30 … 200 ms, ripple, cusp',
    },
    ({ random }) => ({
      kind: 'pfcSupply',
      powerW: logUniform(random, 75, 1500),
      cuspV: random.between(5, 40),
      rippleRatio: random.between(0.02, 0.15),
      startDelayMs: random.between(20, 200),
      softStartMs: random.between(30, 200),
    }),
  ),
  switching(
    {
      id: 'chargerPlugIn',
      title: 'an e-bike or tool charger is plugged in',
      varies:
        'power 60 … 600 W, chemistry, with and without power-factor correction, inrush, soft start, bounce of the plug',
    },
    ({ random }) => ({
      kind: 'eBikeCharger',
      powerW: logUniform(random, 60, 600),
      chemistry: random.pick(['leadAcid', 'lithium'] as const),
      hasPfc: random.between(0, 1) < 0.3,
      softStartMs: random.between(100, 350),
    }),
  ),
  {
    id: 'ledBankSwitchOn',
    title: 'a bank of LED lamps is switched on',
    varies: '2 … 6 lamps of 3 … 25 W, drivers with capacitor or dropper, bounce',
    afterMs: 300,
    settlingMs: 60,
    build(stage, eventsMs) {
      addBackground(stage);
      const { random } = stage;
      const count = 2 + Math.floor(random.between(0, 5));
      for (let n = 0; n < count; n++) {
        const powerW = logUniform(random, 3, 25);
        const isDropper = random.between(0, 1) < 0.3;
        toggle(
          stage,
          `lamp${n}`,
          isDropper ? { kind: 'capacitiveDropper', powerW } : { kind: 'rectifier', powerW },
          eventsMs,
        );
      }
    },
  },
];
