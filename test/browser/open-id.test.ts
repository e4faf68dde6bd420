import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Provision } from '../contract/client/provision.ts';
import { logIn, openBrowser, openPage, PATIENCE_MS, shoot } from '../harness/browser.ts';
import { CentreProcess } from '../harness/centre-process.ts';
import { CLIENT, OpenIdProvider } from '../harness/open-id-provider.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let browser: Browser;
let centre: CentreProcess;
let provider: OpenIdProvider;

before(async () => {
  // The address of the centre is known when it has started.
  const env: Record<string, string> = {};
  centre = await CentreProcess.start({ env });
  const redirectUrl = `${centre.webUrl}/open-id`;
  provider = await OpenIdProvider.start([redirectUrl]);
  Object.assign(env, {
    FENGSUI_OIDC_ISSUER: provider.issuer,
    FENGSUI_OIDC_CLIENTID: CLIENT.id,
    FENGSUI_OIDC_CLIENTSECRET: CLIENT.secret,
    FENGSUI_OIDC_REDIRECTURL: redirectUrl,
    FENGSUI_OIDC_NAME: '统一认证',
  });
  await centre.stop();
  await centre.up();
  await new Provision(centre).user('li', PASSWORD, 'operator');
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await centre?.dispose();
  await provider?.down();
});

for (const locale of ['zh-CN', 'en-GB'] as const)
  test(
    `an account is linked under one’s own name, opened by the provider, and unlinked (${locale})`,
    { timeout: 5 * PATIENCE_MS },
    async () => {
      const isZh = locale === 'zh-CN';
      const linking = await openPage(browser, locale, 1440, 900);
      await logIn(linking, centre.webUrl, 'li', PASSWORD);
      await linking.page.goto(`${centre.webUrl}/account`);
      const panel = linking.page.getByTestId('open-id');
      await panel.getByRole('button').click();
      await panel.getByText('subject-1').waitFor();
      await shoot(linking.page, `open-id-linked-${locale}`);

      const coming = await openPage(browser, locale, 1440, 900);
      await coming.page.goto(`${centre.webUrl}/login`);
      const button = coming.page.getByRole('button', { name: '统一认证' });
      await button.waitFor();
      await shoot(coming.page, `open-id-login-${locale}`);
      await button.click();
      await coming.page.waitForURL((url) => url.pathname === '/desk');
      await coming.page.goto(`${centre.webUrl}/account`);
      await coming.page.getByTestId('open-id').waitFor();

      await panel.getByRole('button').click();
      await linking.page.getByRole('dialog').locator('button.primary').click();
      await panel.getByText('subject-1').waitFor({ state: 'detached' });

      const refused = await openPage(browser, locale, 390, 844);
      await refused.page.goto(`${centre.webUrl}/login`);
      await refused.page.getByRole('button', { name: '统一认证' }).click();
      const words = isZh ? '没有可用的账号与这个身份关联' : 'No open account is linked to this identity';
      await refused.page.getByText(words).waitFor();
      await shoot(refused.page, `open-id-refused-${locale}`);
      await refused.page.getByRole('link').click();
      await refused.page.getByRole('button', { name: '统一认证' }).waitFor();
      for (const { troubles } of [linking, coming, refused]) assert.deepEqual(troubles, []);
    },
  );
