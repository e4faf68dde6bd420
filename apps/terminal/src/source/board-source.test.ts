import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBoard } from '@fengsui/city';
import { createBoardSource } from './board-source.ts';
import type { SampleSource } from './sample-source.ts';

const boardOf = () =>
  createBoard({ circuits: [{ id: 'c1', ratedA: 16, loads: [{ id: 'kettle', kind: 'resistive', powerW: 1500 }] }] }, 1);

async function firstFrames(source: SampleSource, count: number): Promise<{ lengths: number[]; currentA: number[] }> {
  const lengths: number[] = [];
  const currentA: number[] = [];
  for await (const block of source.blocks()) {
    lengths.push(block.voltageV.length);
    currentA.push(...(block.circuits[0]?.currentA ?? []));
    if (currentA.length >= count) break;
  }
  return { lengths, currentA };
}

test('blocks are a half-cycle long, or as long as asked, and hold the same samples', async () => {
  const short = await firstFrames(createBoardSource(boardOf()), 640);
  const long = await firstFrames(createBoardSource(boardOf(), {}, { blockMs: 50 }), 640);
  assert.deepEqual([short.lengths[0], long.lengths[0]], [64, 320]);
  assert.deepEqual(long.currentA, short.currentA);
});

test('a block of no length, or of more than a second, is refused by its value', () => {
  for (const blockMs of [0, 1001, NaN]) {
    assert.throws(
      () => createBoardSource(boardOf(), {}, { blockMs }),
      new RegExp(`blockMs is ${blockMs}, expected 1 to 1000`),
    );
  }
});
