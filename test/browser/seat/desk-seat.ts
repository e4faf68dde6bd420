import type { Browser, Locator, Page } from 'playwright-core';
import type { ContractCentre } from '../../contract/client/contract-centre.ts';
import { logIn, openPage, type WatchedPage } from '../../harness/browser.ts';

export const PASSWORD = 'long-enough-for-night-shift';

/** A row as the operator has it before him. */
export type ShownRow = {
  readonly id: string;
  readonly state: string;
  readonly priority: string;
  readonly top: number;
  readonly text: string;
};

/** A browser of its own at the duty desk, limited to some venues so that tests of one centre do not meet. */
export class DeskSeat {
  readonly page: Page;
  readonly watched: WatchedPage;

  private constructor(watched: WatchedPage) {
    this.watched = watched;
    this.page = watched.page;
  }

  static async open(
    browser: Browser,
    centre: ContractCentre,
    username: string,
    options: {
      readonly role?: string;
      readonly venueIds?: readonly string[];
      readonly locale?: 'zh-CN' | 'en-GB';
      readonly path?: string;
      readonly webUrl?: string;
    } = {},
  ): Promise<DeskSeat> {
    await centre.provision.user(username, PASSWORD, options.role ?? 'operator', options.venueIds);
    const seat = new DeskSeat(await openPage(browser, options.locale));
    const webUrl = options.webUrl ?? centre.process.webUrl;
    await logIn(seat.watched, webUrl, username, PASSWORD);
    await seat.page.goto(`${webUrl}${options.path ?? '/desk'}`);
    await seat.feed('live').waitFor();
    return seat;
  }

  /** The chip of the feed, once it says this. */
  feed(state: string): Locator {
    return this.page.locator(`[data-testid=feed-state][data-state=${state}]`);
  }

  rowOf(alarmId: string): Locator {
    return this.page.locator(`[data-testid=alarm-row][data-alarm-id="${alarmId}"]`);
  }

  get pill(): Locator {
    return this.page.locator('[data-testid=new-alarms]');
  }

  /** The rows from top to bottom as they are drawn. */
  async rows(): Promise<readonly ShownRow[]> {
    const rows = await this.page.locator('[data-testid=alarm-row]').evaluateAll((elements) =>
      elements.map((element) => ({
        id: element.getAttribute('data-alarm-id') ?? '',
        state: element.getAttribute('data-state') ?? '',
        priority: element.getAttribute('data-priority') ?? '',
        top: element.getBoundingClientRect().top,
        text: element.textContent,
      })),
    );
    return rows.sort((a, b) => a.top - b.top);
  }

  /** Id of the row drawn at a point of the screen. */
  rowAt(x: number, y: number): Promise<string | null> {
    return this.page.evaluate(
      ([left, top]) =>
        document.elementFromPoint(left, top)?.closest('[data-alarm-id]')?.getAttribute('data-alarm-id') ?? null,
      [x, y] as const,
    );
  }

  /** Share of one core that the page's main thread takes while nobody does anything, by its own CPU clock. */
  async idleShare(durationMs: number): Promise<number> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busySeconds = async (): Promise<number> =>
      (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ??
      Number.NaN;
    const [before, startedAt] = [await busySeconds(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    return (1000 * ((await busySeconds()) - before)) / (performance.now() - startedAt);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
