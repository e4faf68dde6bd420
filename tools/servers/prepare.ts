/** Finds or installs what the test suite needs beyond npm; one line each, exit 1 when something is missing. */
import process from 'node:process';
import { makeMigratedStore } from '../../apps/centre/src/store/migrated-store.fixture.ts';
import { requireProgram } from './find-or-install.ts';
import type { ProgramName } from './find-or-install.ts';

const NEEDED: readonly ProgramName[] = [
  'chromium',
  'mosquitto',
  'mosquitto_pub',
  'pdftotext',
  'postgres',
  'nats-server',
  'ip',
];

for (const name of NEEDED) {
  try {
    process.stdout.write(`${name.padEnd(14)} ${await requireProgram(name)}\n`);
  } catch (error) {
    process.stderr.write(`${name.padEnd(14)} ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
await makeMigratedStore();
