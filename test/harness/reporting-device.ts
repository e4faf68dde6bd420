import mqtt, { type MqttClient } from 'mqtt';

const ANSWER_TIMEOUT_MS = 3_000;

/**
 * A device that never gives up: it sends each report until it is acknowledged, over as many connections as that takes,
 * always with the same bytes. What it has been promised is what the centre must have.
 */
export class ReportingDevice {
  readonly id: string;
  /** seq of telemetry reports that were acknowledged. */
  readonly acknowledged: number[] = [];
  /** How often its condition went from inactive to active, acknowledged. */
  raisedCount = 0;
  resentCount = 0;
  /** Tried one after the other. */
  readonly #urls: readonly string[];
  #attempts = 0;
  readonly #secret: string;
  #client: MqttClient | undefined;
  #seq = 0;
  #isActive = false;
  #stopping = false;

  constructor(urls: string | readonly string[], id: string, secret: string) {
    this.#urls = [urls].flat();
    this.id = id;
    this.#secret = secret;
  }

  /** Reports every `intervalMs`, a switch of its condition every `eventEvery` reports, until `stop`. */
  async run(intervalMs: number, eventEvery: number): Promise<void> {
    const startedAt = performance.now();
    for (let i = 0; !this.#stopping; i++) {
      const wait = startedAt + i * intervalMs - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const seq = this.#seq++;
      const at = Date.now();
      if (i % eventEvery === eventEvery - 1) {
        const active = !this.#isActive;
        await this.#send('event', { epoch: 'k', seq, at, kind: 'arc', point: 'c1', active, level: 'alarm' });
        this.#isActive = active;
        if (active) this.raisedCount++;
      } else {
        await this.#send('telemetry', { epoch: 'k', seq, at, values: { 'c1.activePowerW': seq } });
        this.acknowledged.push(seq);
      }
    }
    await this.#client?.endAsync(true).catch(() => undefined);
  }

  stop(): void {
    this.#stopping = true;
  }

  async #send(topic: string, message: object): Promise<void> {
    const payload = JSON.stringify(message);
    for (let attempt = 0; ; attempt++) {
      try {
        const client = await this.#connected();
        await within(ANSWER_TIMEOUT_MS, client.publishAsync(`fengsui/v1/${this.id}/${topic}`, payload, { qos: 1 }));
        if (attempt > 0) this.resentCount++;
        return;
      } catch {
        this.#client?.end(true);
        this.#client = undefined;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async #connected(): Promise<MqttClient> {
    if (this.#client?.connected === true) return this.#client;
    this.#client?.end(true);
    const url = this.#urls[this.#attempts++ % this.#urls.length] as string;
    const client = mqtt.connect(url, {
      clientId: this.id,
      username: this.id,
      password: this.#secret,
      reconnectPeriod: 0,
      connectTimeout: ANSWER_TIMEOUT_MS,
    });
    client.on('error', () => undefined);
    this.#client = client;
    await within(
      ANSWER_TIMEOUT_MS,
      new Promise<void>((resolve, reject) => {
        client.once('connect', () => resolve());
        client.once('close', () => reject(new Error('closed')));
      }),
    );
    return client;
  }
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
