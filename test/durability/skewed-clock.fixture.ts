// Loaded into a centre before its own code (NODE_OPTIONS=--import): at SIGUSR2 the machine's clock, as the process sees
// it, is set an hour ahead; at the next one it is set right again.
import process from 'node:process';

const HOUR_MS = 3_600_000;
const realNow = Date.now.bind(Date);
const RealDate = Date;
let aheadMs = 0;

const now = (): number => realNow() + aheadMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
  get: (target, name, receiver): unknown => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});
process.on('SIGUSR2', () => (aheadMs = aheadMs === 0 ? HOUR_MS : 0));
