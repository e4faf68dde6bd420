import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createScenarioBoard, parseCitySource } from '@fengsui/city';
import { streamBlock, streamHeader } from '../../apps/terminal/test/sample-stream.ts';
import { TestBroker } from '../../apps/terminal/test/test-broker.ts';
import type { Benchmark } from '../benchmark.ts';
import { processStatus } from '../centre/process-status.ts';
import { root } from '../machine.ts';
import { rounded, spreadCells } from '../statistics.ts';

const CIRCUITS = 8;
const SAMPLE_RATE_HZ = 6400;
const SCENARIO = `city:normal?seed=7&circuits=${CIRCUITS}&sampleRateHz=${SAMPLE_RATE_HZ}`;
const SETTLE_MS = 25_000;
const SLICE_MS = 5_000;
const DAY_S = 86_400;
/** Voltage, and of each circuit current and residual current, two bytes each. */
const RAW_BYTES_PER_DAY = (1 + 2 * CIRCUITS) * 2 * SAMPLE_RATE_HZ * DAY_S;
/** As the unit of `terminal install-service` starts it. */
const SERVICE_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=96'];
const SERVICE_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

/** What eight circuits in real time cost, as a service and as it comes: memory, processor, bytes on the uplink. */
export const footprint: Benchmark = {
  name: 'footprint',
  async run(settings) {
    const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-bench-'));
    const broker = await TestBroker.start();
    try {
      const rows: string[][] = [];
      for (const [words, flags, source, more] of [
        ['as a service, samples by `stdin:`', SERVICE_FLAGS, 'stdin:', []],
        ['the same, telemetry every 10 s', SERVICE_FLAGS, 'stdin:', ['--interval', '10000']],
        ['as a service, simulated (`city:`)', SERVICE_FLAGS, SCENARIO, []],
        ['as it comes, samples by `stdin:`', [], 'stdin:', []],
      ] as const) {
        const args = [...flags, path.join(root, 'apps/cli/bin/fengsui.mjs'), 'terminal', '--device', 'D1'];
        const run = {
          args: [...args, '--source', source, ...more],
          broker,
          cache: path.join(folder, 'cache'),
        };
        // A service starts with what the start before compiled.
        if (rows.length === 0) await measured(run, 6_000, 1);
        rows.push([words, ...(await measured(run, settings.quick ? 12_000 : SETTLE_MS, settings.quick ? 3 : 8))]);
        settings.progress(rows.at(-1)?.join(' | ') ?? '');
      }
      return [
        {
          title: `One terminal, ${CIRCUITS} circuits with residual current at 6.4 kHz in real time (executable)`,
          columns: [
            'how',
            'n',
            'CPU % of a core: min',
            'median',
            'max',
            'resident MB',
            'telemetry MB a day',
            'raw / telemetry',
            'events and captures while measured, kB',
          ],
          rows,
          notes: [
            `Raw samples: ${rounded(RAW_BYTES_PER_DAY / 1e9)} GB a day at 16 bits. Telemetry: bytes on the wire while measured, times the day. Events and captures come with what happens: at most a switching in ten minutes per circuit once the first three are over, 170 kB each, and every rise of a hazard.`,
            'The processor of `city:` includes the simulator; a sampler of its own feeds `stdin:`.',
          ],
        },
      ];
    } finally {
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

type Run = { readonly args: readonly string[]; readonly broker: TestBroker; readonly cache: string };

async function measured({ args, broker, cache }: Run, settleMs: number, slices: number): Promise<string[]> {
  const child = spawn(process.execPath, [...args, '--centre', broker.url], {
    env: {
      ...process.env,
      FENGSUI_DEVICE_SECRET: 's3cret',
      ...(args[0] === SERVICE_FLAGS[0] && { ...SERVICE_ENVIRONMENT, NODE_COMPILE_CACHE: cache }),
    },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString('utf8')));
  child.stdin.on('error', () => undefined);
  const sampler = args.includes('stdin:') ? sample((bytes) => child.stdin.write(bytes)) : undefined;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const shares: number[] = [];
    const before = { ...taken(broker), at: performance.now() };
    for (let slice = 0; slice < slices; slice++) {
      const { cpuS } = processStatus(child.pid);
      const startedAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, SLICE_MS));
      shares.push(((processStatus(child.pid).cpuS - cpuS) / (performance.now() - startedAt)) * 100_000);
    }
    if (child.exitCode !== null) throw new Error(`the terminal ended: ${words}`);
    const behindS = sampler?.behindS() ?? 0;
    if (behindS > 1) throw new Error(`the sampler is ${behindS} s behind: the machine is too busy`);
    const now = taken(broker);
    const perDay = ((now.telemetry - before.telemetry) / (performance.now() - before.at)) * 1000 * DAY_S;
    const otherBytes = now.other - before.other;
    const { residentMb } = processStatus(child.pid);
    return [
      ...spreadCells(shares),
      rounded(residentMb),
      rounded(perDay / 1e6),
      rounded(RAW_BYTES_PER_DAY / perDay),
      rounded(otherBytes / 1e3),
    ];
  } finally {
    sampler?.stop();
    // The cache of compiled code is written at an orderly end.
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(patience);
  }
}

/** Bytes of topics and payloads the broker has taken: telemetry, and everything else but presence. */
function taken(broker: TestBroker): { readonly telemetry: number; readonly other: number } {
  let telemetry = 0;
  let other = 0;
  for (const { topic, payload } of broker.received) {
    // A fixed header, two lengths, a packet number.
    const bytes = topic.length + payload.length + 8;
    if (topic.endsWith('/telemetry')) telemetry += bytes;
    else if (!topic.endsWith('/presence')) other += bytes;
  }
  return { telemetry, other };
}

const RECORDED_S = 10;
const FRAMES = SAMPLE_RATE_HZ / 100;
/** A tick writes no more than this: a machine that is too busy must not hang the benchmark. */
const MOST_BLOCKS_PER_TICK = 50;

/** A sampler in real time, playing recorded blocks again and again. Its processor is not the terminal's. */
function sample(write: (bytes: Buffer) => void): { behindS(): number; stop(): void } {
  const { header, blocks } = recorded();
  write(header);
  const startedAt = performance.now();
  let count = 0;
  const dueNow = (): number => Math.floor((performance.now() - startedAt) / 10);
  const timer = setInterval(() => {
    const due = Math.min(dueNow(), count + MOST_BLOCKS_PER_TICK);
    for (; count < due; count++) {
      const block = Buffer.from(blocks[count % blocks.length] ?? Buffer.alloc(0));
      block.writeBigUInt64LE(BigInt(count * FRAMES), 8);
      write(block);
    }
  }, 10);
  return { behindS: () => (dueNow() - count) / 100, stop: () => clearInterval(timer) };
}

let recording: { readonly header: Buffer; readonly blocks: readonly Buffer[] } | undefined;

/** Ten seconds of the simulated board as blocks: whole cycles, so that the seam is none of the phase. */
function recorded(): NonNullable<typeof recording> {
  if (recording !== undefined) return recording;
  const board = createScenarioBoard(parseCitySource(SCENARIO), Date.UTC(2026, 0, 5, 10));
  const scales = { voltageV: 0.02, currentA: 0.01, residualCurrentMa: 0.1 };
  const channels = [
    { name: 'voltageV', scale: scales.voltageV },
    ...board.circuits.flatMap((prefix) => [
      { name: `${prefix}.currentA`, scale: scales.currentA },
      { name: `${prefix}.residualCurrentMa`, scale: scales.residualCurrentMa },
    ]),
  ];
  const code = (value: number | undefined, scale: number): number =>
    Math.max(-32_768, Math.min(32_767, Math.round((value ?? 0) / scale)));
  const blocks = Array.from({ length: RECORDED_S * 100 }, (_, index) => {
    const block = board.next(FRAMES);
    const rows = Array.from({ length: FRAMES }, (__, frame) => [
      code(block.voltageV[frame], scales.voltageV),
      ...block.circuits.flatMap(({ currentA, residualCurrentMa }) => [
        code(currentA[frame], scales.currentA),
        code(residualCurrentMa?.[frame], scales.residualCurrentMa),
      ]),
    ]);
    return streamBlock({ first: index * FRAMES, rows });
  });
  const header = streamHeader({ sampleRateHz: SAMPLE_RATE_HZ, mainsHz: 50, format: 's16le', channels });
  recording = { header, blocks };
  return recording;
}
