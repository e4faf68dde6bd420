import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { chromium, type Browser, type Page } from 'playwright-core';
import { requireProgram } from '../../tools/servers/find-or-install.ts';

/** Long against every bar: a slow machine makes a test slow, not red. */
export const PATIENCE_MS = 60_000;

export async function openBrowser(): Promise<Browser> {
  const executablePath = await requireProgram('chromium');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export type WatchedPage = {
  readonly page: Page;
  /** Errors the page wrote to its console, and requests beyond this machine: both must stay empty. */
  readonly troubles: readonly string[];
};

/** A page of its own log-in (nothing shared with another), in the language asked for. */
export async function openPage(
  browser: Browser,
  locale: 'zh-CN' | 'en-GB' = 'zh-CN',
  width = 1920,
  height = 1080,
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale, viewport: { width, height } });
  await context.addInitScript({ content: `localStorage.setItem('fengsui.language', '${locale.slice(0, 2)}')` });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const troubles: string[] = [];
  page.on('console', (message) => {
    // A refused log-in, a missing or a locked session is an answer, not a trouble of the page.
    if (message.type() === 'error' && !/status of 4(0[1349]|23)/.test(message.text())) troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && hostname !== '127.0.0.1')
      troubles.push(`request to ${hostname}`);
  });
  return { page, troubles };
}

export async function logIn(
  { page }: WatchedPage,
  webUrl: string,
  username: string,
  password: string,
  options: { readonly isFirstVisit?: boolean } = {},
): Promise<void> {
  await page.goto(`${webUrl}/login`);
  // Whoever has sat at this seat before has closed the tour.
  if (options.isFirstVisit !== true)
    await page.evaluate((name) => localStorage.setItem(`fengsui.tour.${name}`, 'over'), username);
  await page.locator('input[autocomplete=username]').fill(username);
  await page.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}

/** Kept for people to look at when FENGSUI_SHOTS names a folder. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['FENGSUI_SHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
