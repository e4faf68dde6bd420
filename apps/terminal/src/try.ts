import { createTerminal, createScenarioSource } from './index.ts';
import { parseCitySource } from '@fengsui/city';
const sent: { kind: string; bytes: number; text: string }[] = [];
const uplink = {
  start() {},
  send(r: any) {
    sent.push({
      kind: r.kind,
      bytes: r.packets.reduce((s: number, p: any) => s + p.payload.length, 0),
      text: Buffer.from(r.packets[0].payload).toString('utf8').slice(0, 500),
    });
  },
  hasRoom: () => true,
  status: () => ({}) as any,
  stop: async () => 0,
};
const src = createScenarioSource(
  parseCitySource('city:overload?seed=7&ratedA=16&after=2&speed=0&duration=6'),
  Date.now(),
);
const t = createTerminal({ source: src, deviceId: 'D1', uplink, speed: Infinity, durationMs: 30000 });
const c0 = process.cpuUsage();
const t0 = performance.now();
t.start();
await t.ended;
const c = process.cpuUsage(c0);
console.log('cpu ms', (c.user + c.system) / 1000, 'wall', performance.now() - t0, t.counts());
for (const s of sent) if (s.kind !== 'telemetry') console.log(s.kind, s.bytes, s.text);
console.log(sent[3]);
