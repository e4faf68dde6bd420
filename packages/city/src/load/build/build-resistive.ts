import type { RandomStream } from '../../random/random-stream.ts';
import { requireWithin } from '../../require-within.ts';
import { runUp, type Behaviour, type LoadSite } from '../behaviour.ts';
import { DutyCycle } from '../duty-cycle.ts';
import { EnvelopeLoad } from '../envelope-load.ts';
import type { ResistiveSpec } from '../load-spec.ts';
import { Resistor } from '../resistor.ts';

export function buildResistive(spec: ResistiveSpec, site: LoadSite, random: RandomStream): Behaviour {
  const { coldResistanceRatio = 1, warmUpMs = 1500 } = spec;
  requireWithin('resistive load: coldResistanceRatio', coldResistanceRatio, 0.01, 1);
  requireWithin('resistive load: warmUpMs', warmUpMs, 1, 1e7);
  const hotConductance = spec.powerW / site.nominalV ** 2;
  const resistor = new Resistor(hotConductance);
  const rectified = new EnvelopeLoad({ isHalfWave: true }, random);
  const element = spec.isHalfWave === true ? rectified : resistor;
  const duty = spec.duty === undefined ? undefined : new DutyCycle('resistive load', spec.duty, random);
  let isHeating = true;
  const closeOrOpen = (isOn: boolean): void => {
    if (isOn) element.close();
    else element.open();
  };
  return {
    element,
    defaultLeakageMa: 0.2,
    close(isSettled) {
      duty?.begin(isSettled);
      isHeating = duty?.isOn(0) ?? true;
      if (isHeating) element.close();
    },
    update({ waveMs, courseMs }) {
      const conductance = hotConductance / runUp(coldResistanceRatio, waveMs, warmUpMs);
      resistor.port.conductance = conductance;
      rectified.fullConductance = conductance;
      const isOn = duty?.isOn(courseMs) ?? true;
      if (isOn === isHeating) return;
      isHeating = isOn;
      closeOrOpen(isOn);
    },
  };
}
