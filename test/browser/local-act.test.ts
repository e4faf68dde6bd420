import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { openBrowser, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { DeskSeat } from './seat/desk-seat.ts';
import { Reporter } from './seat/reporter.ts';

let browser: Browser;
let contract: ContractCentre;
let chinese: DeskSeat;
let english: DeskSeat;
const reporters = new Map<string, Reporter>();

before(async () => {
  // One after the other: a browser that is open while the centre fails to start would keep this process alive.
  contract = await ContractCentre.start();
  browser = await openBrowser();
  for (const id of ['L0', 'L1', 'L2', 'L3', 'L4', 'L9']) reporters.set(id, await Reporter.create(contract, id, 'V1'));
  chinese = await DeskSeat.open(browser, contract, 'operator.z', { venueIds: ['V1'] });
  english = await DeskSeat.open(browser, contract, 'operator.e', { venueIds: ['V1'], locale: 'en-GB' });
});
after(async () => {
  for (const reporter of reporters.values()) reporter.end();
  await browser.close();
  await contract.dispose();
});

const limits = { timeout: 5 * PATIENCE_MS };

/** What a terminal sends, each with what the desk must say of it. The first word pair is in the row, the second above. */
const cases: readonly {
  readonly name: string;
  readonly evidence: (at: number) => object;
  readonly standing: string;
  readonly row: readonly [RegExp, RegExp];
  readonly head: readonly [RegExp, RegExp];
}[] = [
  {
    name: 'opened and read back open',
    evidence: (at) => ({ act: 'opened', breaker: 'open', ...basis(at) }),
    standing: 'dead',
    row: [/已断电（就地动作）[^]*故障电弧 → 断开/, /Circuit dead \(local action\)[^]*Arc.* → opened/i],
    head: [/回路 2 已断电/, /Circuit 2 is dead/],
  },
  {
    name: 'ordered, and still closed',
    evidence: (at) => ({ act: 'opened', breaker: 'closed', failure: 'coil <b>c2</b>: no answer', ...basis(at) }),
    standing: 'failed',
    row: [/断不开（就地动作）/, /Breaker failed/],
    head: [/断路器没有断开：回路 2 仍带电[^]*coil <b>c2<\/b>: no answer/, /did not open: Circuit 2 is still live/],
  },
  {
    name: 'ordered, and nobody can read the breaker',
    evidence: (at) => ({ act: 'opened', breaker: 'unknown', ...basis(at) }),
    standing: 'unread',
    row: [/是否断电不明/, /Dead or live\?/],
    head: [/不能确认 回路 2 已断电[^]*按带电处理/, /Not certain that Circuit 2 is dead[^]*treat it as live/],
  },
  {
    name: 'refused',
    evidence: (at) => ({ act: 'refused', because: basis(at).because, missing: ['unknownLoad', 'clock'] }),
    standing: 'refused',
    row: [/未断开（就地动作）[^]*故障电弧 → 未断开/, /Not opened \(local action\)/],
    head: [/回路 2 仍带电[^]*未识别的负载[^]*时钟不可信/, /still live[^]*not recognised[^]*clock/],
  },
  {
    name: 'told in words of another make',
    evidence: () => ({ relay: 'K1', tripped: true }),
    standing: 'untold',
    row: [/就地动作/, /Local action/],
    head: [/没有说明做了什么[^]*不要假定有电或没电/, /does not say what it did[^]*assume neither/],
  },
];

function basis(at: number) {
  const because = { kind: 'arc', point: 'c2', at: at - 30 };
  return { because, latch: { circuit: 'c2', openedAt: at, policyId: 'shop-c2', cause: 'arc on c2' } };
}

for (const [number, { name, evidence, standing, row, head }] of cases.entries())
  test(`a local action that was ${name} says so in row, detail and device page`, limits, async () => {
    const id = `L${number}`;
    const at = Date.now();
    await reporters.get(id)?.event('localAction', { at, point: 'c2', evidence: evidence(at) });
    const alarm = await contract.raised(id, 'localAction', 'c2');
    for (const [language, seat] of [chinese, english].entries()) {
      const tag = language === 0 ? 'zh' : 'en';
      const { page } = seat;
      await page.goto(`${contract.process.webUrl}/desk?sel=${alarm.id}`);
      await seat.rowOf(alarm.id).waitFor();
      await says(seat.rowOf(alarm.id), row[language] ?? /$^/);
      const panel = page.locator('[data-testid=alarm-detail] [data-testid=local-act]');
      await page.locator(`[data-testid=alarm-detail] [data-standing=${standing}]`).waitFor();
      await says(panel, head[language] ?? /$^/);
      await assertNobodyCloses(page, panel);
      if (standing === 'dead')
        await assertOrder(panel, language === 0 ? /隐患[^]*故障电弧[^]*动作[^]*下一步/ : /Hazard[^]*Act[^]*Next/);
      const foreign = page.locator('[data-testid=foreign-evidence]');
      // It is asked for after the alarm is on the screen.
      if (standing === 'untold') await foreign.first().waitFor();
      assert.equal(await foreign.count(), standing === 'untold' ? 1 : 0);
      await shoot(page, `local-act-${standing}-${tag}`);
      await page.setViewportSize({ width: 390, height: 844 });
      await shoot(page, `local-act-${standing}-${tag}-390`);
      assert.ok(
        await panel.evaluate((element) => element.scrollWidth <= element.clientWidth + 1),
        'wider than the phone',
      );
      await page.goto(`${contract.process.webUrl}/devices/${id}`);
      await page.locator(`[data-testid=local-act][data-standing=${standing}]`).waitFor();
      await says(page.locator('[data-testid=local-act]'), head[language] ?? /$^/);
      await shoot(page, `local-act-device-${standing}-${tag}-390`);
      await page.setViewportSize({ width: 1920, height: 1080 });
      await shoot(page, `local-act-device-${standing}-${tag}`);
      await assertNobodyCloses(page, page.locator('[data-testid=local-act]'));
    }
  });

test('a restarted terminal that reads its breaker closed again shows the circuit as live', limits, async () => {
  const terminal = reporters.get('L9');
  assert.ok(terminal);
  const at = Date.now();
  await terminal.event('localAction', { at, point: 'c2', evidence: { act: 'opened', breaker: 'open', ...basis(at) } });
  const alarm = await contract.raised('L9', 'localAction', 'c2');
  const { page } = chinese;
  await page.goto(`${contract.process.webUrl}/desk?sel=${alarm.id}`);
  await page.locator('[data-testid=alarm-detail] [data-standing=dead]').waitFor();
  const { latch } = basis(at);
  await terminal.event('localAction', { point: 'c2', evidence: { act: 'stillOpen', breaker: 'closed', latch } });
  await page.locator('[data-testid=alarm-detail] [data-standing=reclosed]').waitFor();
  await says(page.locator('[data-testid=local-act]'), /回路 2 又带电[^]*没有检查记录[^]*故障电弧[^]*再次报告/);
  // A slow machine finds this device silent meanwhile, too: another kind.
  const ofItsAct = (await contract.api.alarmsOf('L9')).filter(({ kind }) => kind === 'localAction');
  assert.equal(ofItsAct.length, 1);
  await shoot(page, 'local-act-reclosed-zh');
});

test('no page had an error or asked anybody but the centre', () => {
  assert.deepEqual([chinese.watched.troubles, english.watched.troubles], [[], []]);
});

async function says(place: Locator, words: RegExp): Promise<void> {
  await eventually(`${words}`, async () => words.test(await place.innerText()));
}

/** The rule is in words, and no button or link of the page offers to close, switch on or reset. */
async function assertNobodyCloses(page: Page, panel: Locator): Promise<void> {
  assert.match(await panel.innerText(), /这里不能合闸|这里两样都做不到|Nothing here can (close it|do either)/);
  const offers = await page.locator('main button, main a, aside button, aside a').allInnerTexts();
  assert.ok(offers.length > 0);
  assert.deepEqual(
    offers.filter((words) => /合闸|送电|复位|reclose|switch on|energi[sz]e|reset/i.test(words)),
    [],
  );
}

async function assertOrder(panel: Locator, words: RegExp): Promise<void> {
  const steps = await panel.locator('ol > li').allInnerTexts();
  assert.equal(steps.length, 3);
  assert.match(steps.join(' '), words);
}
