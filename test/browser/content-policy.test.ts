import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Provision } from '../contract/client/provision.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS } from '../harness/browser.ts';
import { CentreProcess } from '../harness/centre-process.ts';

const PASSWORD = 'quartz-lamp 58 violet';
const limits = { timeout: 6 * PATIENCE_MS };

/** Pages and who sees them. */
const seen: Readonly<Record<string, readonly string[]>> = {
  shiftLeader: [
    ...['/wall', '/desk', '/venues', '/devices', '/areas', '/blind-spots', '/rules', '/isolations'],
    ...['/commissioning', '/work-orders', '/duty-rounds', '/account'],
  ],
  systemAdmin: ['/import', '/foreign', '/relays', '/rollouts', '/factory'],
  securityAdmin: ['/accounts'],
  auditor: ['/audit'],
};

let browser: Browser;
let centre: CentreProcess;

before(async () => {
  [browser, centre] = await Promise.all([openBrowser(), CentreProcess.start({ demo: true })]);
  const provision = new Provision(centre);
  for (const role of Object.keys(seen)) await provision.user(`policy-${role}`, PASSWORD, role);
});
after(async () => {
  await browser.close();
  await centre.dispose();
});

test(
  'no page needs what the policy of the centre forbids: nothing inline, nothing from elsewhere',
  limits,
  async () => {
    for (const [role, paths] of Object.entries(seen)) {
      const watched = await openPage(browser);
      const { page } = watched;
      const violations: string[] = [];
      await page.exposeFunction('violated', (words: string) => violations.push(words));
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) => {
          const { violated } = globalThis as unknown as { violated: (words: string) => void };
          violated(`${location.pathname}: ${effectiveDirective} ${blockedURI} ${sourceFile}`);
        });
      });
      await logIn(watched, centre.webUrl, `policy-${role}`, PASSWORD);
      for (const path of paths) {
        await page.goto(centre.webUrl + path);
        await page.locator('#root :is(h1, h2, main)').first().waitFor();
        await page.waitForLoadState('networkidle');
        assert.equal(new URL(page.url()).pathname, path, `${role} is let in at ${path}: ${page.url()}`);
      }
      if (role === 'shiftLeader') {
        // That the policy is there, and is heard of.
        await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p style="color: red">inline</p>'));
        await page.waitForFunction(
          () => getComputedStyle(document.querySelector('body > p') as Element).color !== 'red',
        );
        assert.equal(violations.length, 1, violations.join('\n'));
        assert.match(violations.pop() ?? '', /style-src-attr inline/);
      } else assert.deepEqual(watched.troubles, []);
      assert.deepEqual(violations, [], role);
      await page.context().close();
    }
  },
);
