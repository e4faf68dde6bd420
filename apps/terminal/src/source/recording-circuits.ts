import type { RecordedChannel, Recording } from '@fengsui/protocol';

/** One circuit of a recording, with the voltage that belongs to it. */
export type RecordedCircuit = {
  /** `c1` … `c8`. */
  readonly prefix: string;
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
  readonly residualCurrentMa?: Float64Array;
  /** Whether the voltage is its own (`c2.voltageV`), not the shared one. */
  readonly hasOwnVoltage: boolean;
};

export type RecordedTemperature = { readonly prefix: string; readonly temperatureC: Float64Array };

/** What a terminal can use of a recording. */
export type RecordedBoard = {
  readonly voltageV: Float64Array;
  readonly circuits: readonly RecordedCircuit[];
  readonly temperatures: readonly RecordedTemperature[];
  /** Names of the channels that no point of a terminal stands for. */
  readonly unused: readonly string[];
};

const channelName = /^(?:([ct][1-8])\.)?(voltageV|currentA|residualCurrentMa|temperatureC)$/;

/**
 * Sorts the channels of a recording by their names: `currentA` is `c1.currentA`, `temperatureC` is `t1.temperatureC`. A
 * circuit takes its own voltage (`c2.voltageV`) where there is one, else the shared one (`voltageV`, else the first).
 *
 * @throws RangeError without a voltage or without a current, naming the channels there are: none is guessed.
 */
export function recordedBoardOf(recording: Pick<Recording, 'channels'>): RecordedBoard {
  const values = new Map<string, Float64Array>();
  const unused: string[] = [];
  const voltages: RecordedChannel[] = [];
  for (const channel of recording.channels) {
    const [, prefix, quantity] = channelName.exec(channel.name) ?? [];
    const isOfCircuit = prefix?.startsWith('t') !== true;
    if (quantity === undefined || (quantity !== 'temperatureC' && !isOfCircuit)) {
      unused.push(channel.name);
      continue;
    }
    if (quantity === 'voltageV') voltages.push(channel);
    // A voltage without prefix is shared, not the first circuit's own.
    const home = quantity === 'voltageV' ? 'shared' : quantity === 'temperatureC' ? 't1' : 'c1';
    // COMTRADE numbers several temperatures as it numbers circuits: c2.temperatureC is t2.
    const place = quantity === 'temperatureC' ? prefix?.replace('c', 't') : prefix;
    values.set(`${place ?? home}.${quantity}`, channel.values);
  }
  const voltageV = values.get('shared.voltageV') ?? voltages[0]?.values;
  const prefixes = prefixesOf(values, 'currentA');
  const names = recording.channels.map(({ name }) => name).join(', ');
  if (voltageV === undefined) throw new RangeError(`no voltage among ${names}: expected a channel voltageV`);
  if (prefixes.length === 0) throw new RangeError(`no current among ${names}: expected a channel currentA`);
  const circuits = prefixes.map((prefix): RecordedCircuit => {
    const own = values.get(`${prefix}.voltageV`);
    const residualCurrentMa = values.get(`${prefix}.residualCurrentMa`);
    return {
      prefix,
      voltageV: own ?? voltageV,
      currentA: values.get(`${prefix}.currentA`) ?? new Float64Array(0),
      hasOwnVoltage: own !== undefined && own !== voltageV,
      ...(residualCurrentMa === undefined ? {} : { residualCurrentMa }),
    };
  });
  const temperatures = prefixesOf(values, 'temperatureC').map((prefix) => {
    return { prefix, temperatureC: values.get(`${prefix}.temperatureC`) ?? new Float64Array(0) };
  });
  const orphans = prefixesOf(values, 'residualCurrentMa').filter((prefix) => !prefixes.includes(prefix));
  return {
    voltageV,
    circuits,
    temperatures,
    unused: [...unused, ...orphans.map((prefix) => `${prefix}.residualCurrentMa`)],
  };
}

function prefixesOf(values: ReadonlyMap<string, unknown>, quantity: string): string[] {
  return [...values.keys()]
    .filter((name) => name.endsWith(`.${quantity}`))
    .map((name) => name.slice(0, name.indexOf('.')))
    .sort();
}
