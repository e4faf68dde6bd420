import { logIn, openPage } from '../../../test/harness/browser.ts';
import type { CentreProcess } from '../../../test/harness/centre-process.ts';
import { alarmKey } from '../../centre/alarm-watcher.ts';
import type { Screen } from './screen.ts';

const USER = 'duty';
const PASSWORD = 'long-enough-for-night-shift';

type Alarm = { readonly id: string; readonly deviceId: string; readonly pointId: string; readonly kind: string };

/** The duty desk of somebody who is responsible for the whole city. */
export function fengsuiScreen(centre: CentreProcess, get: (path: string) => Promise<unknown>): Screen {
  return {
    async open(browser) {
      await centre.createUser(USER, 'operator', PASSWORD);
      const watched = await openPage(browser, 'en-GB');
      await logIn(watched, centre.webUrl, USER, PASSWORD);
      await watched.page.goto(`${centre.webUrl}/desk`);
      await watched.page.locator('[data-testid=feed-state][data-state=live]').waitFor();
      return watched.page;
    },
    rowSelector: '[data-testid=alarm-row]',
    rowName: 'row.dataset.alarmId',
    async keysByRow(deviceIds) {
      const keys = new Map<string, string>();
      for (const deviceId of deviceIds) {
        const { items } = (await get(`/api/v1/alarms?limit=1000&deviceId=${deviceId}`)) as { items: readonly Alarm[] };
        for (const { id, pointId, kind } of items) keys.set(id, alarmKey(deviceId, pointId, kind));
      }
      return keys;
    },
  };
}
