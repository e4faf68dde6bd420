import { createBoard } from '@fengsui/city';
import { createBoardSource } from '../src/source/board-source.ts';
import { startedAt } from './run-terminal.ts';

/** A simulated board of one circuit with 10 A, in the line of which an arc burns from 5 s on. */
export const arcingBoard = (seed: number) => {
  const board = createBoard(
    {
      supply: { nominalV: 220, mainsHz: 50 },
      sampleRateHz: 6400,
      circuits: [{ id: 'c1', ratedA: 16, loads: [{ id: 'heater', kind: 'resistive', powerW: 2200 }] }],
      faults: [{ kind: 'seriesArc', circuit: 'c1', atMs: 5000, durationMs: 4000 }],
    },
    seed,
    startedAt,
  );
  return { board, source: createBoardSource(board, { c1: 16 }) };
};
