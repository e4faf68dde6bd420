import type { Browser, Page } from 'playwright-core';

/** The page of a system that people look at for alarms. */
export type Screen = {
  /** A page of a browser, logged in where one must; resolves when it shows what is. */
  open(browser: Browser): Promise<Page>;
  /** CSS selector of an alarm's row. */
  readonly rowSelector: string;
  /** JavaScript of the page: what tells one `row` (an element) from another. */
  readonly rowName: string;
  /** For the alarms of these devices: their keys (`alarmKey`) by the names of their rows. Absent when a name is the key. */
  keysByRow?(deviceIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
