import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../../test/harness/browser.ts';
import { monotonicMs } from '../../load/monotonic-ms.ts';
import type { Screen } from './screen.ts';

const EDGES_MS = 50;

/** Largest difference between the clock that counts whole milliseconds of the day and another one, over 50 ms. */
const CLOCK_IN_PAGE = `(() => {
  let offset = -Infinity;
  for (const until = performance.now() + ${EDGES_MS}; performance.now() < until;)
    offset = Math.max(offset, Date.now() - performance.now());
  return offset;
})()`;

function clockHere(): number {
  let offset = -Infinity;
  for (const until = monotonicMs() + EDGES_MS; monotonicMs() < until;)
    offset = Math.max(offset, Date.now() - monotonicMs());
  return offset;
}

/** Runs in the page: when each row came into the document, by the page's own clock, first time only. */
const watchScript = ({ rowSelector, rowName }: Screen): string => `(() => {
  const seen = new Map(), selector = ${JSON.stringify(rowSelector)};
  let wanted = Infinity, told = () => undefined;
  const take = (row, at) => {
    const name = ${rowName};
    if (name && !seen.has(name)) seen.set(name, at);
  };
  new MutationObserver((records) => {
    const at = performance.now();
    for (const { addedNodes } of records) for (const node of addedNodes) {
      if (!(node instanceof Element)) continue;
      if (node.matches(selector)) take(node, at);
      for (const row of node.querySelectorAll(selector)) take(row, at);
    }
    if (seen.size >= wanted) told();
  }).observe(document.documentElement, { childList: true, subtree: true });
  window.rowWatch = {
    rows: () => [...seen],
    size: () => seen.size,
    until: (count, timeoutMs) => new Promise((resolve) => {
      wanted = count;
      told = resolve;
      setTimeout(resolve, timeoutMs);
      if (seen.size >= count) resolve();
    }),
  };
})()`;

/** When alarms were on the screen. */
export type Shown = {
  /** `monotonicMs` by alarm key; an alarm that was never a row is not in it. */
  readonly atMs: ReadonlyMap<string, number>;
  /** By so much the two clocks came apart meanwhile: the error of each moment, beside the 0.1 ms of the page's clock. */
  readonly clockErrorMs: number;
};

/** A real browser on a system's page that notes, in the page itself, when each alarm's row came into the document. */
export class ScreenWatch {
  readonly #screen: Screen;
  readonly #browser: Browser;
  readonly #page: Page;
  /** From the page's clock to `monotonicMs`, and how many rows there were, at `begin`. */
  #offsetMs = NaN;
  #rowsBefore = 0;

  private constructor(screen: Screen, browser: Browser, page: Page) {
    this.#screen = screen;
    this.#browser = browser;
    this.#page = page;
  }

  static async open(screen: Screen): Promise<ScreenWatch> {
    const browser = await openBrowser();
    try {
      const page = await screen.open(browser);
      await page.evaluate(watchScript(screen));
      return new ScreenWatch(screen, browser, page);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Before the alarms are raised. */
  async begin(): Promise<void> {
    this.#offsetMs = await this.#pageOffsetMs();
    this.#rowsBefore = await this.#page.evaluate<number>('window.rowWatch.size()');
  }

  /** Waits in the page until `count` rows more than at `begin` have been there, or `timeoutMs` are over. */
  async shown(count: number, deviceIds: readonly string[], timeoutMs: number): Promise<Shown> {
    await this.#page.evaluate(`window.rowWatch.until(${this.#rowsBefore + count}, ${timeoutMs})`);
    const rows = await this.#page.evaluate<readonly (readonly [string, number])[]>('window.rowWatch.rows()');
    const offsetMs = await this.#pageOffsetMs();
    const middleMs = (this.#offsetMs + offsetMs) / 2;
    const keys = await this.#screen.keysByRow?.(deviceIds);
    const atMs = new Map<string, number>();
    for (const [name, at] of rows) {
      const key = keys === undefined ? name : keys.get(name);
      if (key !== undefined) atMs.set(key, at + middleMs);
    }
    return { atMs, clockErrorMs: Math.abs(offsetMs - this.#offsetMs) };
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #pageOffsetMs(): Promise<number> {
    return (await this.#page.evaluate<number>(CLOCK_IN_PAGE)) - clockHere();
  }
}
