import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ApiClient } from '../contract/client/api-client.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { FireCommandSide } from '../harness/fire-command-side.ts';
import { recording } from '../harness/recording.ts';
import { Reporter } from './seat/reporter.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let side: FireCommandSide;
let centre: ContractCentre;
let browser: Browser;
let detector: Reporter;

before(async () => {
  side = await FireCommandSide.open();
  const env = { FENGSUI_FIRECOMMAND_URL: side.url, FENGSUI_FIRECOMMAND_SENDER: 'centre@city.example' };
  centre = await ContractCentre.start({ env });
  browser = await openBrowser();
  detector = await Reporter.create(centre, 'hall', 'V-school', 'smoke');
  const admin = new ApiClient(centre.process.webUrl, await centre.provision.token('systemAdmin'));
  const facts = { storeys: 4, people: 900, gas: 'piped', access: '北门进，登高面在西侧' };
  const venue = { name: '城西小学', class: 'school', organisationId: 'default', address: '城西路 8 号', ...facts };
  const written = [
    await admin.call('PUT', '/api/v1/venues/V-school', venue),
    await admin.call('PUT', '/api/v1/venues/V-school/contacts/c1', { name: '王', role: 'duty', phone: '13800000000' }),
  ];
  assert.deepEqual([...new Set(written.map(({ status }) => status))], [200]);
  await centre.provision.user('zhang', PASSWORD, 'operator');
});
after(async () => {
  detector.end();
  await browser.close();
  await centre.dispose();
  await side.close();
});

const stands = (page: Page, standing: string): Promise<void> =>
  page.locator(`[data-testid=incident-report][data-standing=${standing}]`).waitFor();

test(
  'what becomes of the message to 119 is on the page: not taken, so by telephone with the sheet; taken; taken back',
  { timeout: 4 * PATIENCE_MS },
  async () => {
    side.manner = 'fails';
    const watched = await openPage(browser, 'zh-CN', 1440, 900);
    const { page } = watched;
    await logIn(watched, centre.process.webUrl, 'zhang', PASSWORD);
    await detector.event('smoke', { point: 'smoke', level: 'alarm' });
    await page.goto(`${centre.process.webUrl}/incidents`);
    await page.locator('a[href^="/incidents/"]').first().click();
    await page.getByTestId('incident-take').click();
    const dialog = page.locator('dialog');
    const act = async (name: string, fill: () => Promise<void>): Promise<void> => {
      await page.getByTestId(`incident-${name}`).click();
      await fill();
      await page.getByTestId('incident-record').click();
      await dialog.waitFor({ state: 'detached' });
    };
    await act('call', () => Promise.resolve());
    await act('verify', () => dialog.getByText('真实火警').click());
    await stands(page, 'failing');
    await page.locator('[data-step=reported].late').waitFor();
    await shoot(page, 'fire-command-failing-zh');

    await page.getByTestId('incident-tell').click();
    const sheet = dialog.getByTestId('call-sheet');
    for (const words of ['城西路 8 号', '900', '管道', '北门进，登高面在西侧', '13800000000'])
      await sheet.getByText(words).waitFor();
    await shoot(page, 'fire-command-sheet-zh');
    await dialog.getByRole('button', { name: '取消' }).click();

    side.manner = 'takes';
    await stands(page, 'delivered');
    await page.getByTestId('incident-timeline').getByText('119 已签收，回执 119-1').waitFor();
    await page.locator('[data-testid=incident-close].primary').waitFor();
    await shoot(page, 'fire-command-delivered-zh');

    const file = { name: '值班室 03-12.wav', mimeType: 'audio/wav', buffer: recording(20) };
    await page.getByTestId('incident-file-input').setInputFiles(file);
    await page.getByTestId('incident-files').locator('audio').waitFor();
    await page.getByTestId('incident-timeline').getByText('添加录音或图片 · 值班室 03-12.wav').waitFor();
    const duration = page.evaluate(async () => {
      const audio = document.querySelector('audio');
      if (audio === null) return NaN;
      const { src } = audio;
      audio.preload = 'metadata';
      audio.src = src;
      while (Number.isNaN(audio.duration)) await new Promise((resolve) => setTimeout(resolve, 20));
      return audio.duration;
    });
    assert.equal(Math.round(await duration), 20, 'it can be heard here');
    await page.getByTestId('incident-file-input').setInputFiles({ ...file, buffer: Buffer.from('no recording') });
    await page.getByTestId('incident-files').getByText('不是录音或图片').waitFor();
    await shoot(page, 'incident-files-zh');

    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 16);
    await act('note', async () => {
      await dialog.locator('textarea').fill('手写：保安在楼顶');
      await dialog.locator('input[name=happenedAt]').fill(yesterday);
      await shoot(page, 'incident-note-late-zh');
    });
    await page.getByTestId('incident-timeline').getByText('补录（实际').waitFor();

    await act('verify', () => dialog.getByText('误报').click());
    await page.getByText('撤销报警：119 于').waitFor();
    assert.equal(side.taken.length, 2);
    await shoot(page, 'fire-command-cancelled-zh');
    await page.goto(`${centre.process.webUrl}/venues/V-school`);
    await page.getByTestId('venue-fire-facts').getByText('管道').waitFor();
    await shoot(page, 'venue-fire-facts-zh');
    // The browser tells of the file that was refused.
    const unexpected = watched.troubles.filter((words) => !words.includes('415'));
    assert.deepEqual(unexpected, []);
    await page.context().close();
  },
);
