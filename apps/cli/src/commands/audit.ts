import { parseArgs } from 'node:util';
import type { AuditFindings, AuditRow } from '@fengsui/centre';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';
import { DEFAULT_LIMIT, limitOf, listOptions } from '../list-limit.ts';

/** Who did what, with the centre running or stopped. */
export const auditCommand: Command = {
  usage: [
    'fengsui audit verify',
    'fengsui audit list --by wang --from 2026-11-21T00:00:00+08:00',
    '',
    'verify: whether every row is there as it was written; exit 1 names the first that is not.',
    'list: newest first. --act: the beginning of it. --result: asked done refused failed.',
    `Options: --by NAME  --act TEXT  --venue ID  --result WORD  --from AT  --to AT  --limit N (${DEFAULT_LIMIT})  --json  --data DIR`,
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        by: { type: 'string' },
        act: { type: 'string' },
        venue: { type: 'string' },
        result: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        ...listOptions,
      },
    });
    if (positionals[0] === 'verify') return verify(values);
    if (positionals[0] === 'list') return list(values);
    throw new UsageError('audit verify, or audit list');
  },
};

type Values = Readonly<
  Partial<Record<'by' | 'act' | 'venue' | 'result' | 'from' | 'to' | 'limit' | 'data', string>> & { json?: boolean }
>;

async function verify({ json, data }: Values): Promise<number> {
  const { isWhole, count, head, broken, headsDiffered, stamps } = await administer(data, 'verifyAudit', {});
  if (json)
    console.log(
      JSON.stringify({
        ok: isWhole,
        count,
        head,
        ...(broken && { broken }),
        headsDiffered,
        attested: stamps.last === undefined ? 'self' : 'stamped',
        stamps,
      }),
    );
  else {
    console.log(`${count} rows, the last ${head.sequence} ${head.hash}`);
    if (broken !== undefined)
      console.log(`BROKEN at ${broken.sequence}: ${broken.fault}; expected ${broken.expected}, found ${broken.found}`);
    for (const sequence of headsDiffered)
      console.log(`BROKEN before ${sequence}: the chain was not the one whose head was kept; the row says both`);
    for (const { sequence, fault } of stamps.wrong) console.log(`BROKEN stamp in ${sequence}: ${fault}`);
    if (isWhole) console.log(`whole; ${attestation(stamps)}`);
  }
  return isWhole ? 0 : 1;
}

function attestation({ count, areChecked, last }: AuditFindings['stamps']): string {
  if (last !== undefined)
    return `stamped: rows up to ${last.sequence} were there at ${new Date(last.at).toISOString()}, says ${last.authority}`;
  if (count > 0 && !areChecked) return `self-attested: ${count} stamps are not verified without audit.timestampCa`;
  return 'self-attested: no time-stamping authority (RFC 3161) has stamped it';
}

async function list({ by, act, venue, result, from, to, limit, json, data }: Values) {
  const count = limitOf(limit);
  const rows = await administer(data, 'listAudit', {
    limit: count,
    ...(by !== undefined && { by }),
    ...(act !== undefined && { act }),
    ...(venue !== undefined && { venueId: venue }),
    ...(result !== undefined && { result }),
    ...(from !== undefined && { from: instantOf('--from', from) }),
    ...(to !== undefined && { to: instantOf('--to', to) }),
  });
  for (const row of rows) console.log(json ? JSON.stringify(row) : lineOf(row));
  return 0;
}

function instantOf(option: string, text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at) || !/(Z|[+-]\d\d:\d\d)$/.test(text))
    throw new UsageError(`${option} ${text}: expected an instant with its offset, such as 2026-11-21T09:00:00+08:00`);
  return at;
}

/** Columns divided by tabs: sequence, instant, who, from where, act, target, result with its code. */
const lineOf = ({ sequence, at, by, role, from, act, target, result, code }: AuditRow): string =>
  [
    sequence,
    new Date(at).toISOString(),
    role === undefined ? by : `${by} (${role})`,
    from ?? '-',
    act,
    target ?? '-',
    code === undefined ? result : `${result} ${code}`,
  ].join('\t');
