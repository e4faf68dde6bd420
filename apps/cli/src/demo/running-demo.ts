import { Worker } from 'node:worker_threads';
import type { Core, Log } from '@fengsui/centre';
import type { CommandKey } from '@fengsui/protocol';

export type DemoOptions = {
  readonly folder: string;
  readonly mqttUrl: string;
  /** Meter readings of before, by device and point: a counter must not fall because the centre was restarted. */
  readonly energyKwh: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Whose commands the terminals of the city obey. */
  readonly commandKeys: readonly CommandKey[];
};
export type RunningDemo = { readonly stop: () => Promise<void> };

const STOP_TIMEOUT_MS = 3_000;

/** Runs the simulated city in a thread of its own: its waveforms must not delay the centre's answers. */
export function startDemoCity(options: DemoOptions, log: Log): RunningDemo {
  const thread = new Worker(new URL('./demo-thread.ts', import.meta.url), { workerData: options });
  let stopping = false;
  thread.on('message', (message: unknown) => {
    if (typeof message === 'object' && message !== null)
      log.error('a simulated terminal ended; it will be shown as silent', { ...message });
    else log.debug('demo', { message: String(message) });
  });
  thread.on('error', (error) =>
    log.error('the simulated city stopped', { error: error instanceof Error ? error.message : String(error) }),
  );
  const ended = new Promise<void>((resolve) => {
    thread.on('exit', (code) => {
      if (!stopping) log.error('the simulated city ended; its devices will be shown as silent', { code });
      resolve();
    });
  });
  return {
    stop: async () => {
      stopping = true;
      thread.postMessage('stop');
      const timer = setTimeout(() => void thread.terminate(), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

export function meterReadings({ situation }: Core): DemoOptions['energyKwh'] {
  const readings: Record<string, Record<string, number>> = {};
  for (const { id } of situation.registry.allDevices()) {
    const values = [...situation.values.of(id)].filter(([point]) => point.endsWith('.energyKwh'));
    if (values.length > 0) readings[id] = Object.fromEntries(values.map(([point, { value }]) => [point, value]));
  }
  return readings;
}
