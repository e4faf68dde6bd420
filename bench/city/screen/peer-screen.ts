import type { Screen } from './screen.ts';

const OPEN_TIMEOUT_MS = 20_000;

/** The page of bench/peers/diy/alarm-page.ts: a row of three cells, which are the alarm's key. */
export const peerScreen = (webUrl: string): Screen => ({
  async open(browser) {
    const page = await browser.newPage();
    const told = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${webUrl} tells nothing`)), OPEN_TIMEOUT_MS);
      page.once('websocket', (socket) =>
        socket.once('framereceived', () => {
          clearTimeout(timer);
          resolve();
        }),
      );
    });
    await Promise.all([told, page.goto(webUrl)]);
    return page;
  },
  rowSelector: 'tr',
  rowName: `[...row.cells].map((cell) => cell.textContent).join(' ')`,
});
