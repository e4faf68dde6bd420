export const cityScenarioNames = ['normal', 'idle', 'overload', 'leakage', 'looseTerminal', 'eBike', 'loads'] as const;
export type CityScenarioName = (typeof cityScenarioNames)[number];

/** What a `city:` source asks for, with every default filled in. */
export type CityScenario = {
  readonly name: CityScenarioName;
  readonly seed: number;
  /** 1 … 8. */
  readonly circuitCount: number;
  readonly ratedA: number;
  readonly mainsHz: number;
  readonly nominalV: number;
  readonly sampleRateHz: number;
  /** How much faster than real time the reader is to take the frames; 0 = as fast as it can. */
  readonly speed: number;
  /** How much faster than the waveform schedules, charging and heating run. */
  readonly courseSpeed: number;
  /** Circuit that has the fault or the load. */
  readonly circuit: string;
  /** Normal for this long, then the fault. */
  readonly afterMs: number;
  /** Length of the fault; Infinity = for ever. */
  readonly faultDurationMs: number;
  /** Rise of the fault to its full size. */
  readonly riseMs: number;
  /** overload: multiple of the rated current. */
  readonly ratio: number;
  /** leakage: rms residual current reached. */
  readonly toMa: number;
  /** looseTerminal: contact resistance reached. */
  readonly toMilliohm: number;
};
