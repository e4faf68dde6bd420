import { ArcGap } from '../../arc/arc-gap.ts';
import { GappedElement } from '../../arc/gapped-element.ts';
import { Resistor } from '../../load/resistor.ts';
import { addBackground, logUniform, plainLoad } from './background.ts';
import { bounce, metalContact } from './metal-contact.ts';
import type { NuisanceClass } from './nuisance-class.ts';

const plugInOut: NuisanceClass = {
  id: 'plugInOut',
  title: 'a plug is pushed in or pulled out under load',
  varies: 'load of four families 20 … 3000 W, one to four sparks within 5 … 28 ms, instant on the wave, background',
  afterMs: 350,
  settlingMs: 60,
  build(stage, eventsMs) {
    addBackground(stage);
    const { random } = stage;
    const gap = metalContact(stage, 'plug');
    const load = stage.load({ id: 'plugged', ...plainLoad(random) });
    stage.wire(new GappedElement(load.element, gap));
    let isIn = random.between(0, 1) < 0.5;
    if (isIn) stage.startOn(load);
    for (const eventMs of eventsMs) {
      // At most three half-cycles are disturbed: a plug travels its contacts' length in some 20 ms.
      const withinMs = random.between(5, 28);
      if (isIn) {
        const endMs = bounce(stage, gap, eventMs, withinMs, random);
        stage.at(endMs + 0.3, () => gap.strike());
        stage.switchOffAt(load, endMs + 0.4);
      } else {
        stage.at(eventMs, () => gap.mend());
        stage.switchOnAt(load, eventMs);
        bounce(stage, gap, eventMs + 0.2, withinMs, random);
      }
      isIn = !isIn;
    }
  },
};

const contactBounce: NuisanceClass = {
  id: 'contactBounce',
  title: 'clicks of a relay or thermostat',
  varies:
    'load of four families, one or two clicks 30 … 200 ms apart, bounce of 0.2 … 4 ms, instant on the wave, background',
  afterMs: 500,
  settlingMs: 60,
  build(stage, eventsMs) {
    addBackground(stage);
    const { random } = stage;
    const gap = metalContact(stage, 'relay');
    const load = stage.load({ id: 'relayed', ...plainLoad(random) });
    stage.wire(new GappedElement(load.element, gap));
    stage.startOn(load);
    for (const eventMs of eventsMs) {
      const clicks = random.pick([1, 2]);
      let atMs = eventMs;
      for (let click = 0; click < clicks; click++) {
        stage.at(atMs, () => gap.strike());
        const closesMs = atMs + random.between(2, 60);
        stage.at(closesMs, () => gap.mend());
        bounce(stage, gap, closesMs + 0.1, random.between(0.2, 4), random);
        atMs = closesMs + random.between(30, 140);
      }
    }
  },
};

const lampBurnOut: NuisanceClass = {
  id: 'lampBurnOut',
  title: 'a filament lamp burns out',
  varies: 'lamp 25 … 300 W, arc between the lead-in wires of 3 … 40 A for up to a half-cycle or none, background',
  afterMs: 300,
  settlingMs: 60,
  build(stage, eventsMs) {
    addBackground(stage);
    const { random, rig } = stage;
    for (const [index, eventMs] of eventsMs.entries()) {
      const lamp = stage.load({ id: `lamp${index}`, kind: 'resistive', powerW: logUniform(random, 25, 300) });
      stage.startOn(lamp);
      stage.wire(lamp.element);
      stage.switchOffAt(lamp, eventMs);
      if (random.between(0, 1) < 0.25) continue;
      // The parting filament lights an arc along the wires, held by them and by the feeder, until the next zero.
      const wires = new Resistor(1 / logUniform(random, 6, 60));
      const model = { kind: 'static', arcV: random.between(18, 45), breakdownV: 600, scatter: 0 } as const;
      const gap = new ArcGap({ model }, rig.site.stepS, stage.stream(`wires${index}`));
      stage.watch(gap);
      stage.wire(new GappedElement(wires, gap));
      stage.at(eventMs, () => wires.close());
      stage.at(eventMs + 0.3, () => {
        gap.strike();
        wires.open();
      });
    }
  },
};

export const contactClasses: readonly NuisanceClass[] = [plugInOut, contactBounce, lampBurnOut];
