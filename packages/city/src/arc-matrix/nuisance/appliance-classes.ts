import type { LoadSpec } from '../../load/load-spec.ts';
import { loadTypes } from '../../population/load-types.ts';
import { sampleLoad } from '../../population/sample-load.ts';
import type { Stage } from '../stage.ts';
import { addBackground, logUniform } from './background.ts';
import type { NuisanceClass } from './nuisance-class.ts';

function anyAppliance(stage: Stage, id: string): LoadSpec {
  const random = stage.stream(id);
  // On a stage the switchings are acts, not schedules.
  const { schedule: _, ...spec } = sampleLoad(random.pick(loadTypes).type, random);
  return { ...spec, id };
}

export const applianceClasses: readonly NuisanceClass[] = [
  {
    id: 'applianceSwitchOn',
    title: 'any appliance of the population is switched on beside another',
    varies:
      'type, make, age and rating as the population has them, instant on the wave; one other appliance running, background',
    afterMs: 400,
    settlingMs: 100,
    build(stage, eventsMs) {
      addBackground(stage);
      const other = stage.load(anyAppliance(stage, 'other'));
      stage.startOn(other);
      stage.wire(other.element);
      const load = stage.load(anyAppliance(stage, 'switched'));
      stage.wire(load.element);
      for (const [index, eventMs] of eventsMs.entries()) {
        if (index % 2 === 0) stage.switchOnAt(load, eventMs);
        else stage.switchOffAt(load, eventMs);
      }
    },
  },
  {
    id: 'applianceSwitchOff',
    title: 'any appliance of the population is switched off beside another',
    varies:
      'type, make, age and rating as the population has them, instant on the wave; one other appliance running, background',
    afterMs: 400,
    settlingMs: 100,
    build(stage, eventsMs) {
      addBackground(stage);
      for (const id of ['other', 'switched']) {
        const load = stage.load(anyAppliance(stage, id));
        stage.startOn(load);
        stage.wire(load.element);
        if (id === 'other') continue;
        for (const [index, eventMs] of eventsMs.entries()) {
          if (index % 2 === 0) stage.switchOffAt(load, eventMs);
          else stage.switchOnAt(load, eventMs);
        }
      }
    },
  },
  {
    id: 'fluorescentStart',
    title: 'fluorescent lamps with glow starters are switched on',
    varies: 'one to three lamps of 18 … 58 W, preheating 100 … 400 ms, lamp voltage, plasma, instant on the wave',
    afterMs: 700,
    settlingMs: 60,
    build(stage, eventsMs) {
      addBackground(stage);
      const { random } = stage;
      const count = 1 + Math.floor(random.between(0, 3));
      for (let n = 0; n < count; n++) {
        const load = stage.load({
          id: `lamp${n}`,
          kind: 'fluorescent',
          powerW: logUniform(random, 18, 58),
          lampV: random.between(55, 115),
          tauUs: random.between(300, 800),
          preheatMs: random.between(100, 400),
        });
        stage.wire(load.element);
        for (const [index, eventMs] of eventsMs.entries()) {
          if (index % 2 === 0) stage.switchOnAt(load, eventMs);
          else stage.switchOffAt(load, eventMs);
        }
      }
    },
  },
];
