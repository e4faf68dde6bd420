import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { verifyEvidence } from '@fengsui/centre/verify-evidence';
import { ApiClient } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { AdapterSide, type AdapterCall } from '../harness/adapter-side.ts';
import { PushSide } from '../harness/push-side.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { Reporter } from './seat/reporter.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const SECRET = 'both sides know this';

let adapter: AdapterSide;
let push: PushSide;
let centre: ContractCentre;
let browser: Browser;
const reporters: Reporter[] = [];

before(async () => {
  [adapter, push] = await Promise.all([AdapterSide.open(), PushSide.open()]);
  const env = {
    FENGSUI_CALLOUT_PUBLICURL: 'https://centre.example',
    FENGSUI_CALLOUT_PHONEURL: adapter.url,
    FENGSUI_CALLOUT_PHONESECRET: SECRET,
    FENGSUI_CALLOUT_PUSHCONTACT: 'mailto:centre@city.example',
    FENGSUI_CALLOUT_PUSHSERVICES: '127.0.0.1',
  };
  centre = await ContractCentre.start({ env });
  browser = await openBrowser();
  for (const venueId of ['V-noodle', 'V-cafe', 'V-empty', 'V-push'])
    reporters.push(await Reporter.create(centre, `${venueId}-s`, venueId, 'smoke'));
  const admin = new ApiClient(centre.process.webUrl, await centre.provision.token('systemAdmin'));
  const put = (path: string, body: object): ReturnType<ApiClient['call']> =>
    admin.call('PUT', `/api/v1/venues/${path}`, body);
  const venue = { class: 'nineSmall', organisationId: 'default' };
  const written = [
    await put('V-noodle', { ...venue, name: '老城面馆', nameEn: 'Old Town Noodles', address: '城西路 8 号' }),
    await put('V-noodle/contacts/w', { name: '王', role: 'owner', phone: '13800000000', rank: 1 }),
    await put('V-noodle/contacts/l', { name: '李', role: 'manager', phone: '13800000001', rank: 2 }),
    await put('V-cafe', {
      ...venue,
      name: '码头咖啡',
      nameEn: 'Pier Café',
      address: '码头路 3 号',
      addressEn: '3 Pier Road',
    }),
    await put('V-cafe/contacts/s', {
      name: 'Smith',
      role: 'owner',
      phone: '13800000002',
      language: 'en',
      ways: [{ channel: 'sms' }],
    }),
    await put('V-push', { ...venue, name: '推送茶馆' }),
    await put('V-push/contacts/p', {
      name: '赵',
      role: 'owner',
      phone: '13800000003',
      ways: [{ channel: 'push' }, { channel: 'sms' }],
    }),
    await put('V-empty', { ...venue, name: '空屋' }),
  ];
  assert.deepEqual([...new Set(written.map(({ status }) => status))], [200]);
  await centre.provision.user('zhang', PASSWORD, 'operator');
  await centre.provision.user('admin', PASSWORD, 'systemAdmin');
});
after(async () => {
  for (const reporter of reporters) reporter.end();
  await browser.close();
  await centre.dispose();
  await Promise.all([adapter.close(), push.close()]);
});

const call = (words: string, nth = 0): Promise<AdapterCall> =>
  eventually(`call ${nth + 1} with ${words}`, () =>
    Promise.resolve(adapter.calls.filter(({ text }) => text.includes(words))[nth]),
  );

const answer = async ({ callId }: AdapterCall, key: '1' | '2'): Promise<void> => {
  const url = `${centre.process.webUrl}/api/v1/call-outs/answers`;
  assert.equal(await AdapterSide.tell(url, SECRET, { callId, event: 'answer', key }), 202);
};

const openIncident = async (page: Page, name: string): Promise<void> => {
  await page.goto(`${centre.process.webUrl}/incidents`);
  await page.locator('li', { hasText: name }).locator('a[href^="/incidents/"]').first().click();
  await page.getByTestId('call-outs').waitFor();
};

test(
  'a seat sees whom the centre calls, call by call, and who is going there',
  { timeout: 4 * PATIENCE_MS },
  async () => {
    const watched = await openPage(browser, 'zh-CN', 1440, 1000);
    const { page } = watched;
    await logIn(watched, centre.process.webUrl, 'zhang', PASSWORD);
    const [noodle] = reporters;
    await noodle?.event('smoke', { point: 'smoke', level: 'alarm' });
    await answer(await call('老城面馆'), '2');
    await openIncident(page, '老城面馆');
    const standing = page.getByTestId('call-out-standing');
    await standing.getByText('正在呼叫').waitFor();
    await page.locator('[data-testid=call].cannot').waitFor();
    await shoot(page, 'call-out-calling-zh');
    await answer(await call('老城面馆', 1), '1');
    await standing.getByText('✓ 场所联系人 · 李 已应答').waitFor();
    await page.getByTestId('incident-timeline').getByText('自动呼叫：已应答 · 李').waitFor();
    await shoot(page, 'call-out-answered-zh');

    // Nobody's alarm: opened by hand, of a venue without a contact.
    await page.goto(`${centre.process.webUrl}/incidents`);
    await page.getByTestId('open-incident').click();
    const dialog = page.locator('dialog');
    await dialog.locator('input[name=venue]').fill('空屋');
    await dialog.locator('textarea').fill('路人来电：窗户冒烟');
    await shoot(page, 'open-incident-zh');
    await dialog.getByRole('button', { name: '人工立案' }).click();
    await page.getByText('人工立案：zhang。路人来电：窗户冒烟').waitFor();
    await standing.getByText('没有登记可呼叫的联系人').waitFor();
    await shoot(page, 'call-out-nobody-zh');
    assert.deepEqual(watched.troubles, []);
    await page.context().close();
  },
);

test(
  'the page of a call: on a phone, without an account, in the language of who is called',
  { timeout: 4 * PATIENCE_MS },
  async () => {
    const [, cafe] = reporters;
    await cafe?.event('smoke', { point: 'smoke', level: 'alarm' });
    const { text } = await call('Pier Café');
    const [, link = ''] = /https:[/][/]centre[.]example([/]call[/]\S+)/.exec(text) ?? [];
    const watched = await openPage(browser, 'en-GB', 390, 844);
    const { page } = watched;
    let bytes = 0;
    page.on('response', async (response) => (bytes += (await response.body().catch(() => Buffer.alloc(0))).byteLength));
    await page.goto(centre.process.webUrl + link);
    await page.getByText('Go and look at once').waitFor();
    assert.equal(await page.locator('dd').first().innerText(), 'Pier Café · 3 Pier Road');
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `${width} px`);
    for (const button of await page.getByRole('button').all())
      assert.ok(((await button.boundingBox())?.height ?? 0) >= 48);
    await shoot(page, 'call-page-en');
    await page.getByRole('button', { name: 'I am going to look' }).click();
    await page.getByText('Smith has answered').waitFor();
    assert.equal(await page.getByRole('button').count(), 0);
    assert.ok(bytes < 20_000, `${bytes} bytes, answered in one tap`);
    await shoot(page, 'call-page-answered-en');
    await page.goto(`${centre.process.webUrl}${link}x`);
    await page.getByText('这个链接打不开报警').waitFor();
    await shoot(page, 'call-page-gone');
    assert.deepEqual(watched.troubles, []);
    await page.context().close();
  },
);

test('ways of a contact are written in their order, and tested', { timeout: 4 * PATIENCE_MS }, async () => {
  const watched = await openPage(browser, 'zh-CN', 1440, 1000);
  const { page } = watched;
  await logIn(watched, centre.process.webUrl, 'admin', PASSWORD);
  await page.goto(`${centre.process.webUrl}/areas?venue=V-noodle`);
  const row = page.locator('[data-testid=contact][data-contact-id=w]');
  await row.getByText('电话 → 短信').waitFor();
  await row.getByRole('button', { name: '修改' }).click();
  const dialog = page.locator('dialog');
  await dialog.getByTestId('add-way').click();
  await dialog.getByLabel('方式 3 的去向').fill('wang@venue.example');
  await shoot(page, 'contact-ways-zh');
  await dialog.getByRole('button', { name: '保存' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row.getByText('电话 → 短信 → 邮件').waitFor();
  await page.getByTestId('duty-contacts').getByText('还没有登记').waitFor();
  await shoot(page, 'contacts-zh');

  await row.getByRole('button', { name: '测试呼叫' }).click();
  await page.getByTestId('begin-test-call').click();
  await page.getByTestId('test-standing').getByText('正在呼叫').waitFor();
  await answer(await call('这是呼叫测试'), '1');
  await page.getByTestId('test-standing').getByText('呼叫畅通').waitFor();
  await shoot(page, 'test-call-zh');
  assert.deepEqual(watched.troubles, []);
  await page.context().close();
});

test(
  'push: switched on at the page of a call; the next fire comes to that browser, and shows itself',
  { timeout: 4 * PATIENCE_MS },
  async () => {
    const teaHouse = reporters[3];
    await teaHouse?.event('smoke', { point: 'smoke', level: 'alarm' });
    // No browser of his takes push yet: the short message comes at once.
    const { text } = await call('推送茶馆');
    const [, link = ''] = /https:[/][/]centre[.]example([/]call[/]\S+)/.exec(text) ?? [];
    const watched = await openPage(browser, 'zh-CN', 390, 844);
    const { page } = watched;
    await page.context().grantPermissions(['notifications'], { origin: centre.process.webUrl });
    // Chromium's own push service is out of reach here: the subscription is that of the local one.
    await page.addInitScript((target) => {
      PushManager.prototype.subscribe = () => Promise.resolve({ toJSON: () => target } as unknown as PushSubscription);
    }, push.target);
    await page.goto(centre.process.webUrl + link);
    await page.getByRole('button', { name: '以后的报警也推送到这个浏览器' }).click();
    await page.getByText('已开启').waitFor();
    await shoot(page, 'call-page-push-zh');

    const admin = new ApiClient(centre.process.webUrl, await centre.provision.token('systemAdmin'));
    const contacts = await admin.call('GET', '/api/v1/contacts?venueId=V-push');
    assert.ok(!contacts.text.includes('endpoint'), 'no API shows where he takes push');
    const tested = await admin.post('/api/v1/venues/V-push/contacts/p/test-call');
    assert.equal(tested.status, 201, tested.text);
    const pushed = await eventually('the push', () => Promise.resolve(push.pushed[0]));
    assert.match(pushed.payload.title, /推送茶馆 呼叫测试/);

    const session = await page.context().newCDPSession(page);
    const registered = Promise.withResolvers<string>();
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [registration] = registrations;
      if (registration !== undefined) registered.resolve(registration.registrationId);
    });
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.deliverPushMessage', {
      origin: centre.process.webUrl,
      registrationId: await registered.promise,
      data: JSON.stringify(pushed.payload),
    });
    const shown = await eventually('the notification', () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        const [notification] = await registration.getNotifications();
        return notification === undefined ? undefined : { title: notification.title, tag: notification.tag };
      }),
    );
    assert.deepEqual(shown, { title: pushed.payload.title, tag: pushed.payload.callId });
    const elsewhere = await page.request.post(`${centre.process.webUrl}${link}/push`, {
      data: { ...push.target, endpoint: 'https://intranet.example/hook' },
    });
    assert.equal(elsewhere.status(), 422, 'the centre writes to push services alone');
    assert.deepEqual(watched.troubles, []);
    await page.context().close();
  },
);

test('the same in English', { timeout: 4 * PATIENCE_MS }, async () => {
  const watched = await openPage(browser, 'en-GB', 1440, 1000);
  const { page } = watched;
  await logIn(watched, centre.process.webUrl, 'zhang', PASSWORD);
  await openIncident(page, 'Pier Café');
  await page.getByTestId('call-out-standing').getByText('Smith has answered').waitFor();
  await shoot(page, 'call-out-answered-en');
  const download = page.waitForEvent('download');
  await page.getByTestId('evidence').click();
  const { problems } = verifyEvidence(await readFile(await (await download).path()));
  assert.deepEqual(problems, [], 'what a seat saves is whole');
  await page.goto(`${centre.process.webUrl}/areas?venue=V-cafe`);
  await page.getByTestId('duty-contacts').waitFor();
  await shoot(page, 'contacts-en');
  assert.deepEqual(watched.troubles, []);
  await page.context().close();
});
