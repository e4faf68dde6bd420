import { execFile } from 'node:child_process';
import process from 'node:process';

/** Tells systemd that the terminal is up and alive. Outside of a unit with `Type=notify` it does nothing. */
export type ServiceNotifier = { ready(): void; stop(): void };

/**
 * The socket of systemd takes datagrams, which Node cannot send: `systemd-notify` does, twice per watchdog interval.
 *
 * @param isAlive false: systemd is not told, and starts the terminal anew once its patience is over.
 */
export function createServiceNotifier(
  isAlive: () => boolean,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServiceNotifier {
  if (environment['NOTIFY_SOCKET'] === undefined) return { ready: () => undefined, stop: () => undefined };
  const watchdogMs = Number(environment['WATCHDOG_USEC'] ?? NaN) / 1000;
  const tell = (...words: string[]): void => {
    // A failure shows as a missing sign of life.
    execFile('systemd-notify', words, { timeout: 5_000 }, () => undefined);
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    ready() {
      tell('--ready', `--pid=${process.pid}`);
      if (!(watchdogMs > 0)) return;
      timer = setInterval(() => {
        if (isAlive()) tell('WATCHDOG=1', `--pid=${process.pid}`);
      }, watchdogMs / 3);
    },
    stop: () => clearInterval(timer),
  };
}
