import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startNatsCluster, type NatsCluster, type NatsServer } from '../../../../../tools/servers/nats-server.ts';
import { eventually, readAll, textEntry, textOf } from '../journal-conformance.ts';
import { openJetStreamJournal } from './jetstream-journal.ts';
import { openNatsLink } from './nats-link.ts';

let cluster: NatsCluster;
before(async () => {
  cluster = await startNatsCluster();
});
after(() => cluster.stop());

test(
  'on three nodes the journal has three replicas: killed while it is written, the leader takes nothing with it and nothing is doubled',
  { timeout: 300_000 },
  async (t) => {
    const common = {
      url: cluster.url,
      prefix: 'three',
      startAfter: { alarm: 0, bulk: 0 },
      warn: () => {},
      retryMs: 50,
    };
    const journal = await openJetStreamJournal({ ...common, onHeld: () => {} });
    t.after(() => journal.close());
    const link = await openNatsLink(cluster.url, { name: 'test', onState: () => {} });
    t.after(() => link.close());
    const stream = 'three-journal-bulk';
    const leader = async (): Promise<NatsServer> => {
      const { config, cluster: at } = await link.manager.streams.info(stream);
      assert.equal(config.num_replicas, 3);
      const found = cluster.nodes.find(({ name }) => name === at?.leader);
      assert.ok(found !== undefined);
      return found;
    };
    const appended: Promise<readonly number[]>[] = [];
    let isStopped = false;
    const writer = (async () => {
      for (let i = 0; !isStopped; i++) {
        appended.push(journal.append('bulk', [textEntry(`e${i}`), textEntry(`f${i}`)]));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    const written = async (more: number): Promise<void> => {
      const from = journal.lastSequence('bulk');
      await eventually('entries to be written', () => journal.lastSequence('bulk') > from + more * 4096);
    };
    await written(20);
    const killed = await leader();
    const since = performance.now();
    await killed.kill9();
    await written(20);
    t.diagnostic(`written again ${((performance.now() - since) / 1_000).toFixed(1)} s after the leader's death`);
    await killed.restart();
    await written(20);
    isStopped = true;
    await writer;
    const sequences = (await Promise.all(appended)).flat();
    await journal.close();
    const reopened = await openJetStreamJournal({ ...common, onHeld: () => {} });
    t.after(() => reopened.close());
    // The node that came back may tell at first what it had when it was killed; what the others have follows.
    const newest = sequences.at(-1) ?? 0;
    await eventually('all to be seen', () => reopened.lastSequence('bulk') >= newest);
    const read = await readAll(reopened, 'bulk');
    const expected = sequences.map((sequence, i) => `${i % 2 === 0 ? 'e' : 'f'}${i >> 1} ${sequence}`);
    const found = read.map((entry) => `${textOf(entry)} ${entry.sequence}`);
    // Thousands of lines of differences help nobody.
    const differsAt = expected.findIndex((one, i) => one !== found[i]);
    assert.equal(differsAt, -1, `at ${differsAt}: ${found[differsAt]}, expected ${expected[differsAt]}`);
    assert.equal(found.length, expected.length);
    t.diagnostic(`${read.length} entries`);
  },
);
