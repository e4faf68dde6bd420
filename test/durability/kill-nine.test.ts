import process from 'node:process';
import { test } from 'node:test';
import { CentreProcess } from '../harness/centre-process.ts';
import { ReportingFleet } from '../harness/reporting-fleet.ts';

/** FENGSUI_KILLS=20 is the long run; every run sends 1,000 reports a second. */
const KILLS = Number(process.env['FENGSUI_KILLS'] ?? 4);

test(
  `killed ${KILLS} times at random under 1,000 reports a second, the centre has every acknowledged report once and every alarm once`,
  { timeout: 200_000 + KILLS * 100_000 },
  async (t) => {
    const centre = await CentreProcess.start();
    try {
      const token = await centre.createToken('integrator');
      const fleet = await ReportingFleet.start(centre, { count: 50, prefix: 'k', intervalMs: 50, eventEvery: 25 });
      t.after(() => fleet.cut());
      for (let kill = 0; kill < KILLS; kill++) {
        await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 3_000));
        await centre.kill9();
        await centre.up();
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await fleet.stop();
      // What was promised must survive one more kill, with nobody sending any more.
      await centre.kill9();
      await centre.up();

      t.diagnostic(`${KILLS + 1} kills: ${await fleet.assertNothingLost(centre.webUrl, token)}`);
    } finally {
      await centre.dispose();
    }
  },
);
