import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { openBrowser, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { DeskSeat } from './seat/desk-seat.ts';
import { Reporter } from './seat/reporter.ts';

let browser: Browser;
let centre: ContractCentre;
const reporters: Reporter[] = [];
before(async () => {
  // One after the other: a browser that is open while the centre fails to start would keep this process alive.
  centre = await ContractCentre.start();
  browser = await openBrowser();
});
after(async () => {
  for (const reporter of reporters) reporter.end();
  await browser.close();
  await centre.dispose();
});

async function reporter(...[id, venueId, kind]: [string, string, ('terminal' | 'smoke' | 'heat' | 'gas')?]) {
  const made = await Reporter.create(centre, id, venueId, kind);
  reporters.push(made);
  return made;
}

/** Longer than any one wait inside: what did not happen is then named by the wait, not by the test. */
const limits = { timeout: 4 * PATIENCE_MS };

/** The list says that it holds; a pointer that a late layout moved away from the row comes back. */
async function hoverUntilHeld(seat: DeskSeat, alarmId: string): Promise<void> {
  const held = seat.page.locator('.hold-chip.held');
  for (let attempt = 0; attempt < 10 && !(await held.isVisible()); attempt++) {
    await seat.page.mouse.move(5, 5);
    await seat.rowOf(alarmId).hover();
    await held.waitFor({ timeout: 5_000 }).catch(() => undefined);
  }
  await held.waitFor();
}

test(
  'the queue puts fire before warning before supervisory before fault, P1 before P4, and unacknowledged before acknowledged',
  limits,
  async () => {
    const terminal = await reporter('O-T', 'VO');
    const smoke = await reporter('O-S', 'VO', 'smoke');
    const heat = await reporter('O-H', 'VO', 'heat');
    const gas = await reporter('O-G', 'VO', 'gas');
    const seen = await heat.raise('heat', { point: 'heat' });
    await centre.act(seen.id, 'acknowledge');
    const expected: string[] = [seen.id];
    // Raised from the bottom of the queue upwards, so that the order of arrival is not the order expected.
    expected.unshift((await terminal.raise('fault', { point: 'c8' })).id);
    expected.unshift((await terminal.raise('tamper', { point: 'c7' })).id);
    expected.unshift((await terminal.raise('imbalance', { point: 'c4', level: 'attention' })).id);
    expected.unshift((await terminal.raise('residualCurrent', { point: 'c3', level: 'warning' })).id);
    expected.unshift((await terminal.raise('overload', { point: 'c2' })).id);
    expected.unshift((await gas.raise('gas', { point: 'gas' })).id);
    expected.unshift((await smoke.raise('smoke', { point: 'smoke' })).id);

    const seat = await DeskSeat.open(browser, centre, 'order', { venueIds: ['VO'] });
    await seat.rowOf(expected[0] ?? '').waitFor();
    const rows = await seat.rows();
    assert.deepEqual(
      rows.map(({ id }) => id),
      expected,
    );
    assert.deepEqual(
      rows.slice(0, 5).map(({ priority }) => priority),
      ['P1', 'P1', 'P2', 'P3', 'P4'],
    );
    assert.equal(rows.at(-1)?.state, 'acknowledged');
    // Shape, letter and words, not colour alone.
    const shapes = await seat.page
      .locator('[data-testid=alarm-row] .pill svg path')
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));
    assert.equal(new Set(shapes.slice(1, 5)).size, 4, 'P1, P2, P3 and P4 each have a shape of their own');
    const first = seat.rowOf(expected[0] ?? '');
    assert.equal(await first.locator('.pill svg path').count(), 1);
    assert.match((await first.textContent()) ?? '', /P1.*烟雾.*火警/s);
    await shoot(seat.page, 'desk-order-zh');
    await seat.page.getByRole('button', { name: /English/ }).click();
    await seat.page.getByText('Alarm queue').waitFor();
    assert.match((await first.textContent()) ?? '', /P1.*Smoke.*Fire/s);
    await shoot(seat.page, 'desk-order-en');
    assert.deepEqual(seat.watched.troubles, []);
    await seat.close();
  },
);

test(
  'under the pointer the list stands still: new alarms wait behind the pill, a waiting fire turns it red and names its place',
  limits,
  async () => {
    const terminal = await reporter('H-T', 'VH');
    const smoke = await reporter('H-S', 'VH', 'smoke');
    for (const point of ['c1', 'c2', 'c3', 'c4']) await terminal.raise('imbalance', { point, level: 'attention' });
    const seat = await DeskSeat.open(browser, centre, 'hover', { venueIds: ['VH'] });
    await seat.page.locator('[data-testid=alarm-row]').nth(3).waitFor();
    const before_ = await seat.rows();
    const target = before_[2];
    assert.ok(target);
    await hoverUntilHeld(seat, target.id);
    const box = await seat.rowOf(target.id).boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];

    await terminal.raise('overload', { point: 'c5' });
    await terminal.raise('arc', { point: 'c6' });
    await seat.page.locator('[data-testid=new-alarms][data-count="2"]').waitFor();
    assert.doesNotMatch((await seat.pill.getAttribute('class')) ?? '', /fire/);
    const fire = await smoke.raise('smoke', { point: 'smoke' });
    await seat.page.locator('[data-testid=new-alarms][data-count="3"]').waitFor();
    assert.match((await seat.pill.textContent()) ?? '', /火警.*VH.*3/s);
    assert.equal(
      await seat.pill.evaluate((pill) => getComputedStyle(pill).backgroundColor),
      'rgb(255, 77, 79)',
      'a waiting fire is red',
    );
    // Somebody else acknowledges, and one ends: neither sinks nor leaves.
    await centre.act(before_[0]?.id ?? '', 'acknowledge');
    await centre.until(before_[0]?.id ?? '', 'acknowledged');
    await seat.page.locator(`[data-alarm-id="${before_[0]?.id}"][data-state=acknowledged]`).waitFor();
    assert.equal(await seat.rowAt(x, y), target.id);
    assert.deepEqual(
      (await seat.rows()).map(({ id, top }) => [id, top]),
      before_.map(({ id, top }) => [id, top]),
    );
    await shoot(seat.page, 'desk-held-fire-zh');

    await seat.pill.click();
    await seat.rowOf(fire.id).waitFor();
    const inserted = await seat.rows();
    assert.equal(inserted[0]?.id, fire.id);
    assert.equal(inserted.length, 7);
    assert.equal(inserted.at(-1)?.id, before_[0]?.id, 'the acknowledged one has sunk now');
    await seat.pill.waitFor({ state: 'detached' });
    await seat.close();
  },
);

test('under the keyboard the list stands still too, and N inserts what waits', limits, async () => {
  const terminal = await reporter('K-T', 'VK');
  for (const point of ['c1', 'c2', 'c3']) await terminal.raise('imbalance', { point, level: 'attention' });
  const seat = await DeskSeat.open(browser, centre, 'keyboard', { venueIds: ['VK'], locale: 'en-GB' });
  const [, second] = await eventually('three rows', async () => {
    const rows = await seat.rows();
    return rows.length === 3 && rows;
  });
  assert.ok(second);
  await seat.page.keyboard.press('j');
  await seat.page.keyboard.press('j');
  await seat.page.waitForFunction((id) => document.activeElement?.getAttribute('data-alarm-id') === id, second.id);
  const raised = await terminal.raise('overload', { point: 'c4' });
  await seat.page.locator('[data-testid=new-alarms][data-count="1"]').waitFor();
  const focused = (): Promise<(string | number)[]> =>
    seat.page.evaluate(() => [
      document.activeElement?.getAttribute('data-alarm-id') ?? '',
      document.activeElement?.getBoundingClientRect().top ?? 0,
    ]);
  assert.deepEqual(await focused(), [second.id, second.top]);
  await seat.page.keyboard.press('n');
  await seat.rowOf(raised.id).waitFor();
  assert.equal((await seat.rows())[0]?.id, raised.id);
  // Inserted by the operator's own key: the row he was on is still the one his keys act on.
  await seat.page.keyboard.press('a');
  await seat.page.locator(`[data-alarm-id="${second.id}"][data-state=acknowledged]`).waitFor();
  await seat.close();
});

test(
  'acknowledged by key and by click, and a higher level that follows stands unacknowledged again',
  limits,
  async () => {
    const terminal = await reporter('A-T', 'VA');
    const low = await terminal.raise('residualCurrent', { point: 'c1', level: 'warning' });
    const other = await terminal.raise('arc', { point: 'c2', level: 'warning' });
    const seat = await DeskSeat.open(browser, centre, 'acknowledge', { venueIds: ['VA'], locale: 'en-GB' });
    await seat.rowOf(low.id).focus();
    await seat.page.keyboard.press('a');
    await seat.page.locator(`[data-alarm-id="${low.id}"][data-state=acknowledged]`).waitFor();
    await seat.rowOf(other.id).click();
    await seat.page
      .locator('[data-testid=alarm-detail]')
      .getByRole('button', { name: /^Acknowledge/ })
      .click();
    await seat.page.locator(`[data-alarm-id="${other.id}"][data-state=acknowledged]`).waitFor();
    assert.equal((await centre.api.alarm(low.id)).acknowledgedBy, 'acknowledge');

    await terminal.event('residualCurrent', { point: 'c1', level: 'alarm' });
    const again = seat.page.locator(`[data-alarm-id="${low.id}"][data-state=unacknowledged][data-priority=P2]`);
    await again.waitFor();
    await seat.page.keyboard.press('Escape');
    await seat.page.keyboard.press('Escape');
    await seat.page.mouse.move(5, 5);
    await eventually('the higher level to stand first', async () => (await seat.rows())[0]?.id === low.id);
    assert.ok((await centre.historyOf(low.id)).some(({ kind }) => kind === 'escalated'));
    assert.deepEqual(seat.watched.troubles, []);
    await seat.close();
  },
);

test(
  'shelved by key until a time with a reason, a fire is not even asked about, and turns out false with its cause',
  limits,
  async () => {
    const terminal = await reporter('S-T', 'VS');
    const smoke = await reporter('S-S', 'VS', 'smoke');
    const alarm = await terminal.raise('overload', { point: 'c1' });
    const fire = await smoke.raise('smoke', { point: 'smoke' });
    const seat = await DeskSeat.open(browser, centre, 'shelve', { venueIds: ['VS'] });
    const dialog = seat.page.locator('dialog');
    await seat.rowOf(alarm.id).focus();
    await seat.page.keyboard.press('s');
    await dialog.waitFor();
    await dialog.getByRole('button', { name: '搁置' }).click();
    assert.match((await dialog.getByRole('alert').textContent()) ?? '', /写明原因/);
    assert.equal((await centre.api.alarm(alarm.id)).state, 'unacknowledged', 'nothing is shelved without a reason');
    await dialog.getByRole('button', { name: '15 分钟' }).click();
    await dialog.locator('textarea').fill('检修 2 号回路');
    await shoot(seat.page, 'desk-shelve-zh');
    const askedAt = Date.now();
    await dialog.getByRole('button', { name: '搁置' }).click();
    await seat.page.locator(`[data-alarm-id="${alarm.id}"][data-state=shelved]`).waitFor();
    await dialog.waitFor({ state: 'detached' });
    const shelved = await centre.until(alarm.id, 'shelved');
    const minutes = (Date.parse(shelved.shelvedUntil ?? '') - askedAt) / 60_000;
    assert.ok(minutes > 14.5 && minutes < 16, `shelved for ${minutes} min`);
    const step = (await centre.historyOf(alarm.id)).find(({ kind }) => kind === 'shelved');
    assert.deepEqual([step?.by, step?.note], ['shelve', '检修 2 号回路']);

    await seat.rowOf(fire.id).focus();
    await seat.page.keyboard.press('s');
    const refusal = seat.page.locator('.act-bar .notice');
    await refusal.waitFor();
    assert.match((await refusal.textContent()) ?? '', /火警、P1 和就地动作不能搁置/);
    assert.equal(await dialog.count(), 0, 'nothing is asked that would be refused');
    await seat.rowOf(fire.id).click();
    const detail = seat.page.locator('[data-testid=alarm-detail]');
    await detail.getByRole('button', { name: '确认' }).waitFor();
    assert.equal(await detail.getByRole('button', { name: '搁置' }).count(), 0);
    assert.equal((await centre.api.alarm(fire.id)).state, 'unacknowledged');
    await shoot(seat.page, 'desk-shelve-refused-zh');

    // What it turned out to be: asked once it is acknowledged, by keys alone.
    await seat.page.keyboard.press('v');
    await refusal.filter({ hasText: '先确认告警' }).waitFor();
    await seat.page.keyboard.press('a');
    await centre.until(fire.id, 'acknowledged');
    await detail.locator('[data-testid=judge]').waitFor();
    await seat.page.keyboard.press('v');
    await dialog.waitFor();
    await dialog.getByRole('button', { name: '保存判定' }).click();
    assert.match((await dialog.getByRole('alert').textContent()) ?? '', /误报要选一个原因/);
    await dialog.locator('[data-testid=cause-steam]').press('Enter');
    await dialog.getByRole('button', { name: '保存判定' }).press('Enter');
    await detail.locator('[data-testid=verdict][data-cause=steam]').waitFor();
    await dialog.waitFor({ state: 'detached' });
    await shoot(seat.page, 'desk-verdict-zh');
    await seat.close();
  },
);

test('several alarms are chosen by key and acknowledged by one click', limits, async () => {
  const terminal = await reporter('B-T', 'VB');
  for (const point of ['c1', 'c2', 'c3', 'c4']) await terminal.raise('arc', { point });
  const seat = await DeskSeat.open(browser, centre, 'bulk', { venueIds: ['VB'], locale: 'en-GB' });
  await seat.page.locator('[data-testid=alarm-row]').nth(3).waitFor();
  for (const key of ['j', 'x', 'j', 'x', 'j', 'x']) {
    await seat.page.keyboard.press(key);
    await seat.page.waitForFunction(() => document.activeElement?.hasAttribute('data-alarm-id') === true);
  }
  const chosen = (await seat.rows()).slice(0, 3).map(({ id }) => id);
  await seat.page.getByRole('button', { name: 'Acknowledge selected: 3' }).click();
  for (const id of chosen) await seat.page.locator(`[data-alarm-id="${id}"][data-state=acknowledged]`).waitFor();
  const left = (await centre.api.alarmsOf('B-T')).filter(({ state }) => state === 'unacknowledged');
  assert.equal(left.length, 1);
  assert.ok(!chosen.includes(left[0]?.id ?? ''));
  await seat.close();
});

test(
  'the filter stands in the URL, survives a reload, and an empty filtered list does not say that there is no alarm',
  limits,
  async () => {
    const terminal = await reporter('F-T', 'VF');
    const gas = await reporter('F-G', 'VF', 'gas');
    const arc = await terminal.raise('arc', { point: 'c1' });
    const leak = await gas.raise('gas', { point: 'gas' });
    const seat = await DeskSeat.open(browser, centre, 'filter', { venueIds: ['VF'], locale: 'en-GB' });
    await seat.rowOf(arc.id).waitFor();
    await seat.page.getByRole('group', { name: 'Priority' }).getByRole('button', { name: 'P1' }).click();
    await seat.rowOf(arc.id).waitFor({ state: 'detached' });
    assert.equal(new URL(seat.page.url()).searchParams.get('priority'), 'P1');
    await seat.page.reload();
    await seat.rowOf(leak.id).waitFor();
    assert.deepEqual(
      (await seat.rows()).map(({ id }) => id),
      [leak.id],
    );
    await seat.page.keyboard.press('/');
    await seat.page.keyboard.type('nothing like this');
    const empty = seat.page.locator('[data-testid=queue-empty]');
    await empty.waitFor();
    assert.match((await empty.textContent()) ?? '', /No alarm passes the filter \(open alarms: 2\)/);
    await shoot(seat.page, 'desk-filtered-empty-en');
    await seat.close();
  },
);

test('single-letter keys can be turned off at the seat, and stay off after a reload', limits, async () => {
  const terminal = await reporter('L-T', 'VL');
  const alarm = await terminal.raise('arc', { point: 'c1' });
  const seat = await DeskSeat.open(browser, centre, 'letters', { venueIds: ['VL'], locale: 'en-GB' });
  await seat.rowOf(alarm.id).waitFor();
  await seat.page.keyboard.press('?');
  await seat.page.getByRole('checkbox', { name: 'Single-letter keys are on' }).uncheck();
  await shoot(seat.page, 'desk-help-en');
  await seat.page.keyboard.press('Escape');
  await seat.page.locator('dialog').waitFor({ state: 'detached' });
  const sent: string[] = [];
  const isAct = (url: string): boolean => !url.endsWith('/session/activity');
  seat.page.on('request', (request) => request.method() === 'POST' && isAct(request.url()) && sent.push(request.url()));
  for (const isReloaded of [false, true]) {
    if (isReloaded) await seat.page.reload();
    await seat.rowOf(alarm.id).focus();
    for (const key of ['a', 's', 'x', '?', 'a']) await seat.page.keyboard.press(key);
    // A key that is left on goes through the same listener: when it has acted, the letters have been judged too.
    await seat.page.keyboard.press('Enter');
    await seat.page.locator('[data-testid=alarm-detail]').waitFor();
    assert.equal(await seat.page.locator('dialog').count(), 0);
    assert.equal(await seat.page.locator('input[type=checkbox]:checked').count(), 0);
    await seat.page.keyboard.press('Escape');
    await seat.page.locator('[data-testid=alarm-detail]').waitFor({ state: 'detached' });
  }
  assert.deepEqual(sent, []);
  assert.equal((await centre.api.alarm(alarm.id)).state, 'unacknowledged');
  await seat.close();
});

test(
  'three hundred alarms at once leave the desk usable: a fire among them is first, within its bar, and the list scrolls to its end',
  limits,
  async (t) => {
    const smoke = await reporter('X-S', 'VX', 'smoke');
    const terminals = await Promise.all(['X-1', 'X-2', 'X-3', 'X-4'].map((id) => reporter(id, 'VX')));
    const seat = await DeskSeat.open(browser, centre, 'burst', { venueIds: ['VX'], locale: 'en-GB' });
    const kinds = [
      'arc',
      'overload',
      'contactHeating',
      'residualCurrent',
      'overVoltage',
      // Nothing that has one cause with others: each is a row.
      'overTemperature',
      'tamper',
      'imbalance',
      'prohibitedLoad',
      'neutralLoss',
    ];
    const flood = terminals.flatMap((terminal) =>
      kinds.flatMap((kind) => Array.from({ length: 8 }, (_, i) => terminal.event(kind, { point: `c${i + 1}` }))),
    );
    // The fire is sent while the flood is on its way, over a connection of its own.
    const sentAt = performance.now();
    await smoke.event('smoke', { point: 'smoke' });
    const fire = seat.page.locator('[data-testid=alarm-row][data-priority=P1]');
    await fire.waitFor();
    t.diagnostic(`fire in a burst of ${flood.length}: in the DOM after ${(performance.now() - sentAt).toFixed(0)} ms`);
    await Promise.all(flood);
    await seat.page.getByText(`all ${flood.length + 1}`).waitFor();
    assert.equal((await seat.rows())[0]?.priority, 'P1');
    assert.ok((await seat.rows()).length < 60, 'as many rows in the page as the screen needs, not all');
    await shoot(seat.page, 'desk-full-en');

    const body = seat.page.locator('.alarm-body');
    await body.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    const last = seat.page.locator(`[data-testid=alarm-row][aria-rowindex="${flood.length + 2}"]`);
    await last.waitFor();
    const place = await last.boundingBox();
    assert.ok(place && place.y < 1080 && place.y > 500, 'the last row is on the screen');
    await body.evaluate((element) => element.scrollTo({ top: 0 }));
    await fire.waitFor();
    await fire.focus();
    const pressedAt = performance.now();
    await seat.page.keyboard.press('a');
    await seat.page.locator('[data-testid=alarm-row][data-priority=P1][data-state=acknowledged]').waitFor();
    t.diagnostic(`acknowledged by key after ${(performance.now() - pressedAt).toFixed(0)} ms`);
    const idleShare = await seat.idleShare(5_000);
    t.diagnostic(`idle with ${flood.length + 1} alarms: ${(100 * idleShare).toFixed(1)} % of a core`);
    assert.ok(idleShare < 0.05, `an idle desk takes ${(100 * idleShare).toFixed(1)} % of a core`);
    assert.deepEqual(seat.watched.troubles, []);
    await seat.close();
  },
);

test('an alarm that has been there for more than a day is marked as stale', limits, async () => {
  const worn = await reporter('worn', 'V-stale', 'terminal');
  await worn.event('overTemperature', { point: 't1', level: 'warning', at: Date.now() - 25 * 3_600_000 });
  await worn.event('overload', { point: 'c1', level: 'warning' });
  const seat = await DeskSeat.open(browser, centre, 'stale', { venueIds: ['V-stale'] });
  const row = (kind: string) => seat.page.locator('[data-testid=alarm-row]').filter({ hasText: kind });
  await row('温度过高').getByTestId('stale').getByText('超 24 小时').waitFor();
  await row('过载').waitFor();
  assert.equal(await row('过载').getByTestId('stale').count(), 0);
  await shoot(seat.page, 'desk-stale-zh');
  await seat.close();
});
