import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createScenarioBoard, parseCitySource } from '@fengsui/city';
import { formatWaveformCsv, type Recording } from '@fengsui/protocol';
import { createRecordingSource } from '@fengsui/terminal';
import { CentreProcess } from '../../test/harness/centre-process.ts';
import type { Benchmark, BenchmarkSettings } from '../benchmark.ts';
import { processStatus } from '../centre/process-status.ts';
import { root } from '../machine.ts';
import { rounded, spreadCells } from '../statistics.ts';
import { cpuUsOfTerminal } from '../terminal-run.ts';

const CIRCUITS = 2;
const SAMPLE_RATE_HZ = 6400;
const RECORDED_S = 10;
const SETTLE_MS = 3_000;
const SCENARIO = `city:normal?seed=7&circuits=${CIRCUITS}&sampleRateHz=${SAMPLE_RATE_HZ}`;

/** What a terminal costs: the executable in real time, and how many circuits a core could analyse. */
export const terminal: Benchmark = {
  name: 'terminal',
  async run(settings) {
    const recording = recordBoard();
    const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-bench-'));
    const centre = await CentreProcess.start();
    try {
      const file = path.join(folder, 'recording.csv');
      await writeFile(file, formatWaveformCsv(recording));
      const secrets = [
        await centre.createDevice('recorded', 'generic-terminal', 'venue-1'),
        await centre.createDevice('simulated', 'generic-terminal', 'venue-1'),
      ];
      const realTime = [
        await inRealTime(settings, centre, 'recorded', secrets[0] ?? '', [file, '--repeat']),
        await inRealTime(settings, centre, 'simulated', secrets[1] ?? '', [SCENARIO]),
      ];
      const perCore = await circuitsPerCore(settings, recording);
      return [
        {
          title: `One terminal, ${CIRCUITS} circuits with residual current at 6.4 kHz in real time (executable)`,
          columns: ['source', 'n', 'CPU % of a core: min', 'median', 'max', 'resident MB'],
          rows: realTime,
          notes: ["Telemetry every second to a centre on this machine; the CPU is the terminal's alone."],
        },
        {
          title: 'Circuits a core could analyse in real time (terminal in process, recorded source, no network)',
          columns: ['what', 'n', 'min', 'median', 'max'],
          rows: [['circuits per core', ...spreadCells(perCore)]],
        },
      ];
    } finally {
      await centre.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function recordBoard(): Recording {
  const block = createScenarioBoard(parseCitySource(SCENARIO), Date.UTC(2026, 0, 5, 10)).next(
    RECORDED_S * SAMPLE_RATE_HZ,
  );
  const channels = block.circuits.flatMap(({ currentA, residualCurrentMa }, index) => [
    { name: `c${index + 1}.currentA`, unit: 'A', values: currentA },
    { name: `c${index + 1}.residualCurrentMa`, unit: 'mA', values: residualCurrentMa },
  ]);
  const voltage = { name: 'voltageV', unit: 'V', values: block.voltageV };
  return { sampleRateHz: SAMPLE_RATE_HZ, mainsHz: 50, channels: [voltage, ...channels] };
}

async function inRealTime(
  { quick, progress }: BenchmarkSettings,
  centre: CentreProcess,
  deviceId: string,
  secret: string,
  source: readonly string[],
): Promise<string[]> {
  const cli = path.join(root, 'apps/cli/bin/fengsui.mjs');
  const args = [cli, 'terminal', '--device', deviceId, '--centre', centre.mqttUrl, '--source', ...source];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, FENGSUI_DEVICE_SECRET: secret },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString('utf8')));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    if (child.exitCode !== null) throw new Error(`the terminal ended: ${words}`);
    const shares: number[] = [];
    for (let slice = 0; slice < (quick ? 1 : 6); slice++) {
      const before = processStatus(child.pid).cpuS;
      const startedAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      shares.push(((processStatus(child.pid).cpuS - before) / (performance.now() - startedAt)) * 100_000);
    }
    const cells = spreadCells(shares);
    progress(`${deviceId}: ${cells[2]} % of a core`);
    return [
      deviceId === 'recorded' ? 'recorded waveform' : 'simulated (`city:normal`)',
      ...cells,
      rounded(processStatus(child.pid).residentMb),
    ];
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** Signal seconds per CPU second, times the circuits. */
async function circuitsPerCore({ quick, progress }: BenchmarkSettings, recording: Recording): Promise<number[]> {
  const perCore: number[] = [];
  for (let run = 0; run < (quick ? 3 : 7); run++) {
    const durationMs = 60_000;
    const cpuUs = await cpuUsOfTerminal({ source: createRecordingSource(recording, { repeat: true }), durationMs });
    perCore.push((CIRCUITS * durationMs * 1000) / cpuUs);
  }
  progress(`${spreadCells(perCore)[2]} circuits per core`);
  return perCore;
}
