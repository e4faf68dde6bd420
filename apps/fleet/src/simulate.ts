import { gbAddressOf } from './gb26875/gb-place.ts';
import { GbUplink } from './gb26875/gb-uplink.ts';
import type { FleetPlan, PlannedDevice } from './plan/fleet-plan.ts';
import { runCount } from './report/carrier.ts';
import type { RunMark } from './report/payload.ts';
import { FleetRun, type RunResult } from './run/fleet-run.ts';
import { MqttUplink } from './run/mqtt-uplink.ts';
import type { TruthWriter } from './truth/truth-writer.ts';

const PROGRESS_MS = 2_000;

export type SimulationOptions = {
  readonly plan: FleetPlan;
  /** `mqtt://`, `mqtts://`, of GB/T 26875.3 devices `tcp://host:port`. */
  readonly centre: URL;
  /** Of each connection, in order: what `registerFleet` returned. */
  readonly secrets: readonly string[];
  readonly truth: TruthWriter;
  /** Unacknowledged reports per connection. */
  readonly window: number;
  readonly startedAt: number;
  readonly log: (words: string) => void;
  /** Graceful: nothing new is made, what is on its way is waited for. */
  readonly stopped: AbortSignal;
};

export type SimulationResult = RunResult & { readonly run: number; readonly epoch: string };

/** Plays a fleet against a centre. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { plan, truth, startedAt, log, stopped } = options;
  const mark: RunMark = {
    run: Math.floor(startedAt / 1000) % runCount,
    epoch: startedAt.toString(36),
    seed: plan.options.seed,
  };
  writeHead(options, mark);
  const fleet = new FleetRun({
    plan,
    truth,
    log,
    open: (connection, told) => {
      if (plan.options.protocol === 'gb26875') {
        const address = gbAddressOf(plan.options.prefix, connection);
        return new GbUplink({ centre: options.centre, address, window: options.window }, told);
      }
      const gateway = plan.gateways[connection];
      const device = plan.devices[connection] as PlannedDevice;
      const { centre, secrets, window } = options;
      return new MqttUplink(
        {
          centre,
          window,
          mark,
          devices: plan.devices,
          secret: secrets[connection] ?? '',
          ...(gateway === undefined
            ? { id: device.id, model: device.model }
            : { id: gateway, model: 'generic-gateway' }),
        },
        told,
      );
    },
  });
  stopped.addEventListener('abort', () => fleet.stop(), { once: true });
  if (stopped.aborted) fleet.stop();
  let before = { at: Date.now(), sent: 0, acknowledged: 0 };
  const progress = setInterval(() => {
    const at = Date.now();
    const { sent, acknowledged, connected, raised, skipped } = fleet.counts;
    const rate = (now: number, then: number): number => Math.round(((now - then) * 1000) / (at - before.at));
    log(
      `${rate(sent, before.sent)}/s sent, ${rate(acknowledged, before.acknowledged)}/s acknowledged; ` +
        `${connected} connections, ${sent - acknowledged} unacknowledged, ${fleet.waiting} waiting, ${raised} alarms raised` +
        (skipped > 0 ? `, ${skipped} skipped` : ''),
    );
    before = { at, sent, acknowledged };
  }, PROGRESS_MS);
  try {
    return { run: mark.run, epoch: mark.epoch, ...(await fleet.run()) };
  } finally {
    clearInterval(progress);
  }
}

/** What holds for the whole run: written before the first connection is opened. */
function writeHead({ plan, truth, startedAt }: SimulationOptions, { run, epoch, seed }: RunMark): void {
  const { protocol, ratePerS, faults } = plan.options;
  truth.add({ is: 'run', version: 1, run, epoch, startedAt, seed, protocol, ratePerS, faults });
  for (const deviceId of plan.gateways) {
    truth.add({ is: 'device', deviceId, model: 'generic-gateway' });
    if (faults.garbage > 0) truth.add({ is: 'tolerated', deviceId, kind: 'malformedReports' });
  }
  for (const { id: deviceId, model, connection, skewMs, silentAfter } of plan.devices) {
    const gatewayId = plan.gateways[connection];
    truth.add({
      is: 'device',
      deviceId,
      model,
      ...(gatewayId !== undefined && { gatewayId }),
      ...(skewMs !== 0 && { skewMs }),
    });
    if (faults.garbage > 0) truth.add({ is: 'tolerated', deviceId, kind: 'malformedReports' });
    if (silentAfter !== undefined) truth.add({ is: 'tolerated', deviceId, kind: 'silent' });
  }
  truth.flush();
}
