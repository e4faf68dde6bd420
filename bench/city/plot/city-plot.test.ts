import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CityRun } from '../city-run.ts';
import type { AlarmTimes } from '../phases/alarms.ts';
import { cityPlot } from './city-plot.ts';

const latencies = (p99: number) => ({ n: 1, p50: p99 / 2, p99, max: p99 });

function run(name: string, durability: 'D0' | 'D2', p99: { readonly feed: number; readonly dom?: number }): CityRun {
  const times: AlarmTimes = {
    puback: latencies(1),
    feed: latencies(p99.feed),
    unseen: 0,
    reportPuback: latencies(1),
    cpuMsPerThousand: 1,
    ...(p99.dom !== undefined && { screen: { dom: latencies(p99.dom), unseen: 0, clockErrorMs: 0 } }),
  };
  const timed = [{ background: '5000/s', times }];
  return {
    name,
    durability,
    description: '',
    ...(p99.dom !== undefined && { onScreen: timed }),
    alarms: timed,
    throughput: { acknowledgedPerS: 9_000, storedPerS: 8_000, missing: 0, cpuMsPerThousand: 1, residentMb: 1 },
    killed: { kills: '', acknowledged: 0, lost: 0, doubled: 0, raised: 0, raisesLost: 0, raisesDoubled: 0 },
  };
}

const wordsOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, words = '']) => words);

test('each measure has every system once, at the median of its runs', () => {
  const runs = [20, 90, 40].map((feed) => run('Fengsui, embedded', 'D2', { feed, dom: feed + 7 }));
  const words = wordsOf(cityPlot([...runs, run('Peer', 'D0', { feed: 3 })], 'machine; date'));
  assert.equal(words.filter((one) => one === 'Fengsui, embedded (D2)').length, 3);
  assert.equal(words.filter((one) => one === 'Peer (D0)').length, 3);
  for (const value of ['40.0', '47.0', '3.00', '8,000']) assert.ok(words.includes(value), value);
  assert.deepEqual(words.slice(-2), ['machine', 'date']);
});

test('a system without a page says so where the others have their latency', () => {
  const svg = cityPlot([run('Fengsui, embedded', 'D2', { feed: 20, dom: 30 }), run('Peer', 'D0', { feed: 3 })], '');
  assert.equal(wordsOf(svg).filter((one) => one === 'no page').length, 1);
});
