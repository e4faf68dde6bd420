import type { GbRelay, RelayChange } from '@fengsui/protocol';
import { withRelayDefaults, type RelayLine, type RelayTarget } from '../registry/relay-targets.ts';
import type { RelayCounts } from '../relay/relay.ts';
import type { Relays } from '../relay/relays.ts';
import { relayBearer } from '../situation/gb-relay/apply-relay.ts';
import type { Situation } from '../situation/situation.ts';

const iso = (at: number): string => new Date(at).toISOString();
const faultKinds = ['relayAway', 'relayBacklog', 'relayLoss'] as const;

/** Nothing is counted while a relay is off: `owedCount` comes from its rows. */
const stillCounts = (owedCount: number): RelayCounts => ({
  connections: 0,
  owedCount,
  owedFireCount: 0,
  deliveredCount: 0,
  resentCount: 0,
  confirmedForItCount: 0,
});

/** A relay with how it stands. */
export function relayView(
  situation: Situation,
  relays: Pick<Relays, 'relay' | 'ordersOf' | 'devicesOf'>,
  target: RelayTarget,
  owedRows: number,
): GbRelay {
  const { changes, mode, ...settings } = withRelayDefaults(target);
  const relay = relays.relay(target.id);
  const { oldestOwedAt, lastDeliveredAt, ...counts } = relay?.counts ?? stillCounts(owedRows);
  const { link, lostCount = 0, setAsideCount = 0 } = situation.relayStates.get(target.id) ?? {};
  const { state, error } = relay?.standing ?? { state: 'off' as const, error: undefined };
  const { passed, refused, lastRefused } = relays.ordersOf(target.id);
  const isOpen = (kind: string): boolean => {
    const condition = situation.condition(`${relayBearer(target.id)}//${kind}`)?.condition;
    return condition?.alarm !== undefined;
  };
  return {
    ...settings,
    mode,
    ...(relay !== undefined && relay.target.mode !== mode && { actsAs: relay.target.mode }),
    state: state === 'connecting' ? 'idle' : state,
    ...(link !== undefined && link.state === state && { stateSince: iso(link.since) }),
    ...(error !== undefined && { error }),
    faults: faultKinds.filter(isOpen),
    deviceCount: relays.devicesOf(target.id).length,
    ...counts,
    ...(oldestOwedAt !== undefined && { oldestOwedAt: iso(oldestOwedAt) }),
    ...(lastDeliveredAt !== undefined && { lastDeliveredAt: iso(lastDeliveredAt) }),
    lostCount,
    setAsideCount,
    ordersPassed: passed,
    ordersRefused: refused,
    ...(lastRefused !== undefined && { lastRefusedOrder: { ...lastRefused, at: iso(lastRefused.at) } }),
    changes: changes.map(lineView),
  };
}

const lineView = ({ at, ...line }: RelayLine): RelayChange => ({ ...line, at: iso(at) });
