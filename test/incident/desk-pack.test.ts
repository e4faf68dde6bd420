import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { textOf } from '../commissioning/read-pdf.ts';
import { ApiClient, type Page } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';

let contract: ContractCentre;

before(async () => {
  contract = await ContractCentre.start();
  const device = await contract.device('S1', { venueId: 'V-school', model: 'generic-smoke' });
  const admin = new ApiClient(contract.process.webUrl, await contract.provision.token('systemAdmin'));
  const facts = { storeys: 4, people: 900, gas: 'piped', access: '北门进' };
  const venue = { name: '城西小学', nameEn: 'West School', class: 'school', organisationId: 'default', ...facts };
  for (const [at, body] of [
    ['/venues/V-school', { ...venue, address: '城西路 8 号' }],
    ['/venues/V-school/contacts/c1', { name: '王', role: 'duty', phone: '13800000000', rank: 1 }],
    ['/venues/V-else', { name: '别处', class: 'office', organisationId: 'default' }],
  ] as const)
    assert.equal((await admin.call('PUT', `/api/v1${at}`, body)).status, 200, at);
  await device.event({ kind: 'smoke', level: 'alarm', point: '', active: true, at: Date.now(), epoch: 'a', seq: 1 });
  await eventually('the incident', async () => {
    const { items } = await contract.api.get<Page<unknown>>('/api/v1/incidents?venueId=V-school');
    return items[0];
  });
});
after(() => contract.dispose());

/** What stands on the paper, its white space left out: a column breaks its words. */
const wordsOf = async (pdf: Buffer): Promise<string> => (await textOf(pdf)).replaceAll(/\s+/g, '');

async function packFor(role: string, language: string, venueIds?: readonly string[]): Promise<Buffer> {
  const token = await contract.provision.token(role, venueIds);
  const answer = await fetch(`${contract.process.webUrl}/api/v1/desk-pack?language=${language}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(60_000),
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  return Buffer.from(await answer.arrayBuffer());
}

test('the pack has what is open, whom to call, what is blind and lines to write on, in both languages', async () => {
  const zh = await wordsOf(await packFor('operator', 'zh'));
  for (const words of [
    '值班应急纸质包',
    '城西小学',
    '无人处理',
    '烟雾',
    '从未测试',
    '13800000000',
    '4层',
    '900',
    '管道燃气',
    '北门进',
    '值班记录',
  ])
    assert.ok(zh.includes(words), words);
  const en = await wordsOf(await packFor('operator', 'en'));
  for (const words of ['Deskpack', 'WestSchool', 'nobodyhasit', 'Smoke', 'nevertested', '900', 'Log(byhand)'])
    assert.ok(en.includes(words), words);
});

test('it has the venues of who prints it and no others', async () => {
  const text = await wordsOf(await packFor('operator', 'zh', ['V-else']));
  assert.ok(text.includes('别处') && text.includes('没有未结束的告警'));
  for (const foreign of ['城西小学', '13800000000', 'S1']) assert.ok(!text.includes(foreign), foreign);
});

test('the newest one lies in the data folder, for its owner alone', async () => {
  const file = path.join(contract.process.folder, 'paper', 'desk-pack-zh.pdf');
  const pdf = await eventually('the file', () => readFile(file).catch(() => undefined));
  assert.ok((await wordsOf(pdf)).includes('值班应急纸质包'));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});
