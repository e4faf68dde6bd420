import { createScenarioBoard, type Board, type CityScenario } from '@fengsui/city';
import { framesPerBlock, type SampleSource, type SourceBlock } from './sample-source.ts';
import { mainsHzOf } from './mains-hz.ts';

/**
 * A simulated board as a sample source without end: one voltage, every circuit with residual current, its terminal
 * thermometer `t1` for `c1` and so on.
 *
 * @param ratedA rated current per circuit id; a circuit without one is not watched for overload.
 * @param options.blockMs length of a block, 1 to 1000 ms. Longer ones cost less where nothing is opened on the spot: many
 *   terminals in one process spend most of a block of 10 ms on waking up.
 * @throws RangeError when the board's mains frequency is neither 50 nor 60 Hz, or for a bad length of blocks.
 */
export function createBoardSource(
  board: Board,
  ratedA: Readonly<Record<string, number>> = {},
  options: { readonly blockMs?: number } = {},
): SampleSource {
  const { sampleRateHz } = board;
  const frames = framesPerBlock(sampleRateHz, options.blockMs);
  function* blocks(): Iterable<SourceBlock> {
    for (;;) yield board.next(frames);
  }
  return {
    sampleRateHz,
    mainsHz: mainsHzOf(board.mainsHz, 'the board'),
    circuits: board.circuits.map((prefix) => {
      const rated = ratedA[prefix];
      return { prefix, hasResidual: true, ...(rated === undefined ? {} : { ratedA: rated }) };
    }),
    temperatures: board.circuits.map(probeOf),
    site: {
      nominalV: board.nominalV,
      circuits: Object.fromEntries(board.circuits.map((prefix) => [prefix, { probe: probeOf(prefix) }])),
    },
    breakers: { state: (circuit) => board.breaker(circuit), open: (circuit) => board.openBreaker(circuit) },
    blocks,
  };
}

const probeOf = (prefix: string): string => prefix.replace('c', 't');

/** The source of a `city:` scenario, all circuits rated as the scenario says. `startAtMs` sets its time of day. */
export function createScenarioSource(scenario: CityScenario, startAtMs: number): SampleSource {
  const board = createScenarioBoard(scenario, startAtMs);
  return createBoardSource(board, Object.fromEntries(board.circuits.map((prefix) => [prefix, scenario.ratedA])));
}
