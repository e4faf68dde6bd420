import { parseArgs } from 'node:util';
import {
  checkCentre,
  checkCentreUrl,
  checkClock,
  checkFieldbus,
  checkMemory,
  checkService,
  checkSource,
  checkStorage,
  loadFieldbus,
  openSource,
  type DoctorFinding,
} from '@fengsui/terminal';
import { UsageError } from '../command.ts';
import { tellFindings } from '../doctor/findings.ts';
import { readSecret, readTls } from './credential.ts';
import { SERVICE_UNIT } from './service.ts';

export const doctorUsage = [
  'fengsui terminal doctor [the options the terminal runs with] [--login] [--json]',
  '  clock, memory, two seconds of the source, room and rights for --state, the centre with TLS, everything on the buses,',
  '  the service: ok, warn or fail with the remedy; 1 when something fails. --login also tries the credential: it takes',
  '  the session of a terminal that runs with it for a moment',
].join('\n');

/** `fengsui terminal doctor …` */
export async function doctorCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    // What else the terminal runs with says nothing here: the same line can be used for both.
    strict: false,
    options: {
      source: { type: 'string' },
      fieldbus: { type: 'string' },
      device: { type: 'string' },
      centre: { type: 'string' },
      'secret-file': { type: 'string' },
      state: { type: 'string' },
      ca: { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
      login: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const given = (name: keyof typeof values): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const findings: DoctorFinding[] = [await checkClock(Date.now()), checkMemory()];
  findings.push(...(await sourceFindings(given('source'))));
  findings.push(...checkStorage(given('state')));
  findings.push(...(await centreFindings(given, values.login === true)));
  findings.push(...(await fieldbusFindings(given('fieldbus'))));
  findings.push(await checkService(SERVICE_UNIT));
  return tellFindings(findings, values.json === true);
}

async function sourceFindings(name: string | undefined): Promise<readonly DoctorFinding[]> {
  if (name === undefined) return [];
  try {
    const { source } = await openSource(name, { startAtMs: Date.now() });
    return await checkSource(source);
  } catch (error) {
    return [
      {
        name: 'source',
        state: 'fail',
        detail: wordsOf(error),
        remedy: 'docs/guides/terminal.md says what a source can be',
      },
    ];
  }
}

async function centreFindings(
  given: (name: 'centre' | 'device' | 'secret-file' | 'ca' | 'cert' | 'key') => string | undefined,
  login: boolean,
): Promise<readonly DoctorFinding[]> {
  const url = given('centre');
  if (url === undefined) return [];
  try {
    checkCentreUrl(url);
  } catch (error) {
    throw new UsageError(wordsOf(error));
  }
  const files = Object.fromEntries(
    (['ca', 'cert', 'key'] as const).flatMap((key) => {
      const file = given(key);
      return file === undefined ? [] : [[key, file]];
    }),
  );
  try {
    const tls = await readTls(files);
    const secret = login && tls.cert === undefined ? await readSecret(given('secret-file')) : undefined;
    const deviceId = given('device');
    if (login && deviceId === undefined) throw new UsageError('--login needs --device');
    return await checkCentre({ url, deviceId: deviceId ?? '', tls, login, ...(secret !== undefined && { secret }) });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return [
      {
        name: 'credential',
        state: 'fail',
        detail: wordsOf(error),
        remedy: 'the files of the credential, and rights on them',
      },
    ];
  }
}

async function fieldbusFindings(file: string | undefined): Promise<readonly DoctorFinding[]> {
  if (file === undefined) return [];
  try {
    return await checkFieldbus(loadFieldbus(file));
  } catch (error) {
    return [
      {
        name: 'fieldbus',
        state: 'fail',
        detail: wordsOf(error),
        remedy: 'docs/reference/modbus.md has the form of the file',
      },
    ];
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
