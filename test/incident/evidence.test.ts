import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { list } from 'tar';
import type { AuditRecord, Incident } from '@fengsui/protocol';
import { verifyEvidence, type EvidenceManifest } from '@fengsui/centre/verify-evidence';
import { requireProgram } from '../../tools/servers/find-or-install.ts';
import { Person } from '../commissioning/person.ts';
import { ApiClient, type Page } from '../contract/client/api-client.ts';
import { sendTestCapture } from '../contract/client/capture-chunks.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { recording } from '../harness/recording.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const run = promisify(execFile);

let contract: ContractCentre;
let folder: string;
let file: string;
let archive: Buffer;
let manifest: EvidenceManifest;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-evidence-'));
  contract = await ContractCentre.start();
  await contract.provision.user('zhang', PASSWORD, 'operator');
  const zhang = await Person.logIn(contract.process.webUrl, 'zhang', PASSWORD);
  const device = await contract.device('EL-1', { venueId: 'V1' });
  await sendTestCapture(device, 'cap', 1);
  const smoke = {
    kind: 'smoke',
    level: 'alarm',
    point: 'c1',
    active: true,
    captureId: 'cap',
    evidence: { score: 0.97 },
  } as const;
  await device.event({ ...smoke, at: Date.now(), epoch: 'a', seq: 1_000 });
  const { id } = await eventually(
    'the incident',
    async () => (await contract.api.get<Page<Incident>>('/api/v1/incidents')).items[0],
  );
  await zhang.post(`/incidents/${id}/take`, { revision: 1 });
  await zhang.post(`/incidents/${id}/call`, { revision: 2, whom: '王', outcome: 'answered' });
  const token = await contract.provision.token('operator');
  const sent = await fetch(`${contract.process.webUrl}/api/v1/incidents/${id}/files?name=call.wav`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'audio/wav' },
    body: new Uint8Array(recording(2)),
  });
  assert.equal(sent.status, 200, await sent.text());
  const got = await fetch(`${contract.process.webUrl}/api/v1/incidents/${id}/evidence`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(got.status, 200);
  archive = Buffer.from(await got.arrayBuffer());
  file = path.join(folder, 'incident-1.tar');
  await writeFile(file, archive);
  const verified = verifyEvidence(archive);
  assert.deepEqual(verified.problems, []);
  assert.ok(verified.manifest);
  manifest = verified.manifest;
});
after(async () => {
  await contract.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** By another reader than ours. */
async function unpacked(): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  await list({
    file,
    onReadEntry: (entry) => {
      const pieces: Buffer[] = [];
      entry.on('data', (piece: Buffer) => pieces.push(piece));
      entry.on('end', () => files.set(entry.path, Buffer.concat(pieces)));
    },
  });
  return files;
}

test('the package has what happened: timeline, calls, alarms with their features, the waveform, the recording, the head of the audit', async () => {
  const files = await unpacked();
  const read = (name: string): unknown => JSON.parse(files.get(name)?.toString('utf8') ?? 'null') as unknown;
  assert.deepEqual(
    (read('timeline.json') as { kind: string }[]).map(({ kind }) => kind).filter((kind) => kind !== 'late'),
    ['opened', 'taken', 'called', 'fileAdded'],
  );
  assert.equal((read('calls.json') as { heldBack: string }[])[0]?.heldBack, 'nobody');
  const { alarm, history, events } = read('alarms/001.json') as {
    alarm: { kind: string };
    history: unknown[];
    events: { evidence?: unknown }[];
  };
  assert.equal(alarm.kind, 'smoke');
  assert.ok(history.length > 0);
  assert.deepEqual(events[0]?.evidence, { score: 0.97 });
  const { samples } = read('waveforms/001.json') as {
    samples: { sampleRateHz: number; channels: { values: number[] }[] };
  };
  assert.ok(samples.sampleRateHz > 0 && (samples.channels[0]?.values.length ?? 0) > 0);
  assert.deepEqual(files.get('recordings/001.wav'), Buffer.from(recording(2)));
  assert.ok(!files.has('audit.json'), 'rows of the audit are for its administrator alone');
  const auditor = new ApiClient(contract.process.webUrl, await contract.provision.token('auditor'));
  const rows = await auditor.get<Page<AuditRecord>>('/api/v1/audit?limit=100');
  const head = rows.items.find(({ sequence }) => sequence === manifest.auditHead.sequence);
  assert.equal(head?.hash, manifest.auditHead.hash);
  for (const [name, body] of files) {
    const listed = manifest.files.find((one) => one.name === name);
    if (listed === undefined) assert.ok(['manifest.json', 'manifest.sig'].includes(name), name);
    else assert.equal(createHash('sha256').update(body).digest('hex'), listed.sha256);
  }
});

test('its report is read by people: Chinese and English, with the words of what happened', async () => {
  const files = await unpacked();
  const pdftotext = await requireProgram('pdftotext');
  for (const [language, expected] of [
    ['zh', ['警情记录 1', '烟雾', '接手处理', '王', '没有可呼叫的联系人']],
    ['en', ['Record of incident 1', 'Smoke', 'taken', '王', 'no contact to call']],
  ] as const) {
    const pdf = path.join(folder, `${language}.pdf`);
    await writeFile(pdf, files.get(`report-${language}.pdf`) ?? '');
    const { stdout } = await run(pdftotext, ['-layout', pdf, '-']);
    for (const words of expected) assert.ok(stdout.includes(words), `${language}: ${words}\n${stdout}`);
  }
});

test('a byte that is flipped, wherever, is found, and its file is named', () => {
  const spans = spansOf(archive);
  const property = fc.property(
    fc.integer({ min: 0, max: archive.byteLength - 1 }),
    fc.integer({ min: 1, max: 255 }),
    (at, change) => {
      const flipped = Buffer.from(archive);
      flipped[at] = (flipped[at] ?? 0) ^ change;
      const { problems } = verifyEvidence(flipped);
      assert.ok(problems.length > 0, `byte ${at} of ${archive.byteLength}`);
      const inside = spans.find(({ from, until }) => at >= from && at < until);
      if (inside !== undefined)
        assert.ok(
          problems.some((problem) => problem.includes(inside.name)),
          `${inside.name}: ${problems.join('; ')}`,
        );
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test('what is taken out, added, cut off, or signed by another is found', async () => {
  const spans = spansOf(archive);
  const [first] = spans;
  assert.ok(first);
  const without = Buffer.concat([archive.subarray(0, first.from - 512), archive.subarray(first.next)]);
  assert.deepEqual(verifyEvidence(without).problems, [`${first.name} is missing`]);
  assert.ok(verifyEvidence(archive.subarray(0, archive.byteLength / 2)).problems.length > 0);
  assert.ok(verifyEvidence(Buffer.alloc(0)).problems.length > 0);
  const twice = Buffer.concat([archive.subarray(0, first.next), archive]);
  assert.ok(verifyEvidence(twice).problems.some((problem) => problem.includes('twice')));

  // The verifier that is in it, by itself, in a folder with nothing else.
  const files = await unpacked();
  const alone = path.join(folder, 'verify-evidence.mjs');
  await writeFile(alone, files.get('verify-evidence.mjs') ?? '');
  const { stdout } = await run(process.execPath, [alone, file], { cwd: folder });
  assert.match(
    stdout,
    /incident 1, live: \d+ files as they were packed .*\nsigned with key [0-9a-f]{16}; audit head then: row \d+/,
  );
  const broken = path.join(folder, 'broken.tar');
  const flipped = await readFile(file);
  const timeline = spans.find(({ name }) => name === 'timeline.json')?.from ?? 0;
  flipped[timeline + 5] = (flipped[timeline + 5] ?? 0) ^ 1;
  await writeFile(broken, flipped);
  await assert.rejects(
    run(process.execPath, [alone, broken]),
    (error: { readonly code: number; readonly stdout: string }) => {
      assert.equal(error.code, 1);
      assert.match(error.stdout, /BROKEN: timeline[.]json is not as it was packed/);
      return true;
    },
  );
});

test('who may not read contacts gets none; nobody gets that of a venue that is not his', async () => {
  const { id } = manifest.incident;
  await contract.register('other', { venueId: 'V-other' });
  for (const [role, venues, status] of [
    ['analyst', undefined, 403],
    ['venueManager', ['V1'], 403],
    ['operator', ['V-other'], 404],
  ] as const) {
    const token = await contract.provision.token(role, venues);
    const got = await fetch(`${contract.process.webUrl}/api/v1/incidents/${id}/evidence`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(got.status, status, role);
  }
});

type Span = { readonly name: string; readonly from: number; readonly until: number; readonly next: number };

/** Where each file lies, by the headers. */
function spansOf(tar: Buffer): readonly Span[] {
  const spans: Span[] = [];
  for (let at = 0; tar[at] !== 0;) {
    const name = tar.toString('utf8', at, tar.indexOf(0, at));
    const size = Number.parseInt(tar.toString('utf8', at + 124, at + 135), 8);
    const next = at + 512 + Math.ceil(size / 512) * 512;
    spans.push({ name, from: at + 512, until: at + 512 + size, next });
    at = next;
  }
  return spans;
}
