/** Currents of common loads on a given voltage, for tests that ask about shape. */

/** Heater: v/R. */
export function resistiveA(voltageV: Float64Array, ohms: number): Float64Array {
  return voltageV.map((v) => v / ohms);
}

/** Motor winding: L di/dt = v - R·i, from rest, so with the decaying offset of a real start. */
export function inductiveA(voltageV: Float64Array, sampleRateHz: number, ohms: number, henry: number): Float64Array {
  const steps = 20;
  const dt = 1 / sampleRateHz / steps;
  let current = 0;
  return voltageV.map((v, frame) => {
    const next = voltageV[frame + 1] ?? v;
    const now = current;
    for (let step = 0; step < steps; step++) {
      current += ((v + ((next - v) * step) / steps - ohms * current) / henry) * dt;
    }
    return now;
  });
}

/** Bridge rectifier with capacitor and constant-power load behind a source resistance: pulses and long zero rests. */
export function rectifierA(voltageV: Float64Array, sampleRateHz: number, powerW: number): Float64Array {
  const farad = 1.2e-6 * powerW;
  const ohms = 3;
  const dt = 1 / sampleRateHz;
  let capacitorV = 290;
  return voltageV.map((v) => {
    const excess = Math.abs(v) - capacitorV;
    const current = excess > 0 ? excess / ohms : 0;
    capacitorV += ((current - powerW / Math.max(capacitorV, 50)) * dt) / farad;
    return Math.sign(v) * current;
  });
}

/** Leading-edge dimmer: the lamp's resistance from the firing angle (degrees) to the end of each half-cycle. */
export function dimmerA(
  voltageV: Float64Array,
  theta: (frame: number) => number,
  ohms: number,
  angleDeg: number,
): Float64Array {
  return voltageV.map((v, frame) => {
    const inHalf = (((theta(frame) % Math.PI) + Math.PI) % Math.PI) * (180 / Math.PI);
    return inHalf >= angleDeg ? v / ohms : 0;
  });
}

/** Hair dryer at half power: a diode in series with the heater. */
export function halfWaveA(voltageV: Float64Array, ohms: number): Float64Array {
  return voltageV.map((v) => Math.max(0, v) / ohms);
}
