import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { DeviceCredential } from './device-connection.ts';
import type { FleetAnswer, FleetOrder, Offered, Saturated } from './fleet-messages.ts';

const START_TIMEOUT_MS = 20_000;
const CONNECT_TIMEOUT_MS = 60_000;
/** Beyond the duration that was ordered. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Many devices in a process of their own, steered from here. One order at a time. */
export class Fleet {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<Fleet> {
    const child = fork(path.join(import.meta.dirname, 'fleet-process.ts'));
    const fleet = new Fleet(child);
    await fleet.#answer('ready', START_TIMEOUT_MS);
    return fleet;
  }

  async connect(port: number, devices: readonly DeviceCredential[]): Promise<void> {
    await this.#order({ kind: 'connect', port, devices }, 'connected', CONNECT_TIMEOUT_MS);
  }

  async saturate(connections: number, window: number, durationMs: number): Promise<Saturated> {
    return this.#order(
      { kind: 'saturate', connections, window, durationMs },
      'saturated',
      durationMs + ANSWER_TIMEOUT_MS,
    );
  }

  async offer(connections: number, ratePerS: number, durationMs: number): Promise<Offered> {
    return this.#order({ kind: 'offer', connections, ratePerS, durationMs }, 'offered', durationMs + ANSWER_TIMEOUT_MS);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  #order<Kind extends FleetAnswer['kind']>(
    order: FleetOrder,
    kind: Kind,
    timeoutMs: number,
  ): Promise<Extract<FleetAnswer, { kind: Kind }>> {
    const answer = this.#answer(kind, timeoutMs);
    this.#child.send(order);
    return answer;
  }

  #answer<Kind extends FleetAnswer['kind']>(
    kind: Kind,
    timeoutMs: number,
  ): Promise<Extract<FleetAnswer, { kind: Kind }>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(new Error(`fleet: no "${kind}" within ${timeoutMs} ms`)), timeoutMs);
      const onExit = (): void => finish(new Error(`fleet: ended before "${kind}"`));
      const onMessage = (message: FleetAnswer): void => {
        if (message.kind === kind) finish(undefined, message as Extract<FleetAnswer, { kind: Kind }>);
        else finish(new Error(message.kind === 'failed' ? `fleet: ${message.reason}` : `fleet: "${message.kind}"`));
      };
      const finish = (error?: Error, answer?: Extract<FleetAnswer, { kind: Kind }>): void => {
        clearTimeout(timer);
        this.#child.off('exit', onExit).off('message', onMessage);
        if (answer === undefined) reject(error ?? new Error('fleet: no answer'));
        else resolve(answer);
      };
      this.#child.on('exit', onExit).on('message', onMessage);
    });
  }
}
