import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { localActionPolicyProblems, releaseLatch, type LocalActionPolicy } from '@fengsui/hazard';
import { actionFileOf, readActions, signPolicy, writeActions } from '@fengsui/terminal';
import { UsageError } from '../command.ts';

export const localActionUsage = [
  'fengsui terminal policy keygen --out owner            → owner.key (keep it away from the terminal), owner.pub',
  'fengsui terminal policy sign c1.policy.json --key owner.key > c1.signed.json',
  "fengsui terminal inspected --state d1.json --circuit c1 --by 'technician 3' --finding 'terminal 3 tightened'",
  '',
  'A breaker is opened only where a signed policy permits it: --policy c1.signed.json --owner-key owner.pub. It is',
  'closed by hand, on site; "inspected" records that somebody was there and lets the terminal act again.',
].join('\n');

/** `fengsui terminal policy …`. */
export async function policyCommand([action, ...args]: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: { type: 'string' }, key: { type: 'string' } },
  });
  if (action === 'keygen') {
    if (values.out === undefined) throw new UsageError('--out NAME is needed: NAME.key and NAME.pub are written');
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const [secret, open] = [`${values.out}.key`, `${values.out}.pub`];
    // `wx`: a key that is in use is never written over.
    await writeFile(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 });
    await writeFile(open, publicKey.export({ type: 'spki', format: 'pem' }), { flag: 'wx' });
    console.error(`${secret} signs policies: keep it away from the terminal. ${open} goes to the terminal.`);
    return 0;
  }
  if (action !== 'sign') throw new UsageError('policy what? keygen or sign');
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0 || values.key === undefined) {
    throw new UsageError('policy sign FILE --key owner.key');
  }
  const policy: unknown = JSON.parse(await readFile(file, 'utf8'));
  const problems = localActionPolicyProblems(policy);
  if (problems.length > 0) throw new Error(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  const key = createPrivateKey(await readFile(values.key, 'utf8'));
  // Its form was looked at above.
  console.log(JSON.stringify(signPolicy(policy as LocalActionPolicy, key), undefined, 2));
  return 0;
}

/** `fengsui terminal inspected …`: releases the latch of a circuit that the terminal opened. */
export function inspectedCommand(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      state: { type: 'string' },
      circuit: { type: 'string' },
      by: { type: 'string' },
      finding: { type: 'string' },
    },
  });
  const { state, circuit, by, finding } = values;
  if (state === undefined || circuit === undefined || by === undefined || finding === undefined) {
    throw new UsageError('--state, --circuit, --by and --finding are needed');
  }
  const file = actionFileOf(state);
  const record = readActions(file);
  const latch = record.latches[circuit];
  if (latch === undefined) {
    const latched = Object.keys(record.latches).join(', ') || 'none';
    throw new Error(
      `${file}: circuit ${circuit} was not opened by this terminal; opened and not inspected: ${latched}`,
    );
  }
  const inspection = { circuit, by, finding, inspectedAt: Date.now() };
  const { refusal } = releaseLatch(latch, inspection, Date.now());
  if (refusal !== undefined) throw new Error(refusal);
  const { [circuit]: _released, ...latches } = record.latches;
  writeActions(file, { ...record, latches, inspections: { ...record.inspections, [circuit]: inspection } });
  console.log(`${circuit}: inspected; the breaker is closed by hand, on site`);
  return 0;
}
