import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { MqttUplinkOptions } from '../uplink/mqtt-uplink.ts';
import { createMqttUplink } from '../uplink/mqtt-uplink.ts';
import { fail, ok, warn, wordsOf, type DoctorFinding } from './finding.ts';

export type CentreCheck = Pick<MqttUplinkOptions, 'url' | 'deviceId' | 'secret' | 'tls'> & {
  /** Connects as the device: takes over the session of a terminal that runs. */
  readonly login: boolean;
};

const PATIENCE_MS = 8_000;
const EXPIRES_SOON_MS = 30 * 86_400_000;
/** The centre counts a clock that is further off as broken. */
const CLOCK_FAR_MS = 5 * 60_000;
const CLOCK_OFF_MS = 2_000;

/** Reaches the centre, checks its certificate, and with `login` the credential and the clock. */
export async function checkCentre(check: CentreCheck): Promise<readonly DoctorFinding[]> {
  const url = new URL(check.url);
  const isTls = url.protocol === 'mqtts:';
  const port = Number(url.port || (isTls ? 8883 : 1883));
  const findings: DoctorFinding[] = [];
  try {
    findings.push(await reach(url.hostname, port, isTls, check.tls?.ca));
  } catch (error) {
    return [
      fail(
        'centre',
        `${url.hostname}:${port}: ${wordsOf(error)}`,
        isTls ? 'address, port, firewall; --ca for a centre with a certificate of its own' : 'address, port, firewall',
      ),
    ];
  }
  if (!check.login) {
    return [
      ...findings,
      warn('credential', 'not tried', '--login tries it; the terminal that runs loses its session to it for a moment'),
    ];
  }
  return [...findings, ...(await login(check))];
}

function reach(host: string, port: number, isTls: boolean, ca: string | undefined): Promise<DoctorFinding> {
  const { promise, resolve, reject } = Promise.withResolvers<DoctorFinding>();
  const socket: Socket = isTls
    ? connectTls({ host, port, servername: host, ...(ca !== undefined && { ca }) }, () => {
        const left = Date.parse(secure.getPeerCertificate().valid_to) - Date.now();
        const days = Math.round(left / 86_400_000);
        const words = `reached at ${host}:${port}, certificate good for ${days} days`;
        resolve(
          left < EXPIRES_SOON_MS ? warn('centre', words, 'renew the certificate of the centre') : ok('centre', words),
        );
      })
    : connectTcp({ host, port }, () => resolve(warnOrOk(host, port)));
  const secure = socket as ReturnType<typeof connectTls>;
  socket.setTimeout(PATIENCE_MS, () => reject(new Error('no answer')));
  socket.once('error', reject);
  return promise.finally(() => socket.destroy());
}

function warnOrOk(host: string, port: number): DoctorFinding {
  const isLocal = host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
  const words = `reached at ${host}:${port}, without TLS`;
  return isLocal ? ok('centre', words) : warn('centre', words, 'use mqtts:// : the secret goes over the network');
}

async function login({ url, deviceId, secret, tls }: CentreCheck): Promise<readonly DoctorFinding[]> {
  const told = Promise.withResolvers<DoctorFinding>();
  const heard = Promise.withResolvers<DoctorFinding>();
  const timer = setTimeout(() => {
    told.resolve(fail('credential', 'no answer to CONNECT', 'is it a Fengsui centre?'));
    heard.resolve(warn('clock', 'the centre did not tell its time', 'run NTP; the clock was not compared'));
  }, PATIENCE_MS);
  const uplink = createMqttUplink({
    url,
    deviceId,
    ...(secret !== undefined && { secret }),
    ...(tls !== undefined && { tls }),
    firmware: 'doctor',
    model: 'generic-terminal',
    onNote(note) {
      if (note.kind === 'connected') return told.resolve(ok('credential', `accepted as ${deviceId}`));
      const detail = note.kind === 'lost' ? note.reason : `${note.reason} (CONNACK ${note.returnCode})`;
      told.resolve(fail('credential', detail, 'device id and secret as registered; renew it with fengsui device'));
    },
    onTime(at) {
      const offMs = Date.now() - at;
      const words = `${Math.abs(Math.round(offMs))} ms ${offMs < 0 ? 'behind' : 'ahead of'} the centre`;
      const remedy = 'run NTP (timedatectl set-ntp true)';
      if (Math.abs(offMs) > CLOCK_FAR_MS) heard.resolve(fail('clock', words, remedy));
      else heard.resolve(Math.abs(offMs) > CLOCK_OFF_MS ? warn('clock', words, remedy) : ok('clock', words));
    },
  });
  uplink.start();
  try {
    const credential = await told.promise;
    return credential.state === 'ok' ? [credential, await heard.promise] : [credential];
  } finally {
    clearTimeout(timer);
    await uplink.stop(1000);
  }
}
