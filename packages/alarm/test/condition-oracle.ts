import type { ConditionEvent, SourceActive } from '../src/index.ts';

type Alive = {
  readonly entryId: string;
  count: number;
  level: number;
  fire: boolean;
  priority: number;
  live: boolean;
  acknowledged: boolean;
};

const levelRank = { attention: 1, warning: 2, alarm: 3 };
const hoursMs = 3_600_000;

/**
 * A condition told by independent flags instead of states: who says so, is there an alarm, has somebody acknowledged
 * it, why is it out of view. The state is read off at the end, as OPC UA Part 9 composes one from its sub-states. It
 * shares no code and no table with the product.
 */
export class ConditionOracle {
  readonly saying = new Set<string>();
  readonly newestAt = new Map<string, number>();
  alive: Alive | undefined;
  latched = false;
  hidden: 'shelved' | 'suppressedByDesign' | 'outOfService' | undefined;
  shelvedUntil = 0;
  owes = false;

  get state(): string {
    if (this.hidden) return this.hidden;
    if (!this.alive) return 'normal';
    if (this.latched) return this.alive.acknowledged ? 'latchedAcknowledged' : 'latchedUnacknowledged';
    if (this.saying.size > 0) return this.alive.acknowledged ? 'acknowledged' : 'unacknowledged';
    return 'returnedUnacknowledged';
  }

  /** True: done, or nothing to do. False: refused. */
  tell(event: ConditionEvent): boolean {
    switch (event.kind) {
      case 'sourceActive':
        this.#active(event);
        return true;
      case 'sourceInactive': {
        const newest = this.newestAt.get(event.source);
        if (newest !== undefined && event.at < newest && !event.live) return true;
        this.newestAt.set(event.source, event.at);
        this.saying.delete(event.source);
        this.#tidy();
        return true;
      }
      case 'acknowledge':
        if (!this.alive || this.hidden) return false;
        this.alive.acknowledged = true;
        this.#tidy();
        return true;
      case 'shelve': {
        const isAllowed =
          event.reason.trim() !== '' && event.until > event.at && event.until <= event.at + 24 * hoursMs;
        const alive = this.alive;
        if (!alive || this.hidden || this.latched || alive.fire || alive.priority === 1 || !isAllowed) return false;
        this.hidden = 'shelved';
        this.shelvedUntil = event.until;
        return true;
      }
      case 'unshelve':
        if (this.hidden !== 'shelved' || (event.by === undefined && event.at < this.shelvedUntil)) return true;
        this.#show();
        return true;
      case 'suppress':
        if (this.hidden === 'suppressedByDesign') return true;
        if (this.hidden === 'outOfService' || this.latched || event.reason.trim() === '') return false;
        this.#hide('suppressedByDesign');
        return true;
      case 'removeFromService':
        if (this.hidden === 'outOfService') return true;
        if (event.reason.trim() === '') return false;
        this.#hide('outOfService');
        return true;
      case 'unsuppress':
        if (this.hidden !== 'suppressedByDesign') return true;
        if (event.reason.trim() === '') return false;
        this.#show();
        return true;
      case 'returnToService':
        if (this.hidden !== 'outOfService') return true;
        if (event.reason.trim() === '') return false;
        this.#show();
        return true;
      case 'inspect':
        if (!this.latched || this.hidden || !this.alive?.acknowledged || event.note.trim() === '') return false;
        this.#end();
        return true;
    }
  }

  #active(event: SourceActive): void {
    const newest = this.newestAt.get(event.source);
    const isOld = event.late === true && newest !== undefined && event.at < newest;
    const wasQuiet = this.saying.size === 0;
    if (!isOld) {
      this.newestAt.set(event.source, event.at);
      this.saying.add(event.source);
    }
    const level = levelRank[event.level];
    const fire = event.classification.category === 'fire';
    const priority = Number(event.classification.priority.slice(1));
    const live = event.origin === 'live';
    const known = this.alive;
    if (!known) {
      this.alive = { entryId: event.entryId, count: 1, level, fire, priority, live, acknowledged: false };
      this.latched = event.latching === true;
      this.#tidy();
      return;
    }
    const actedAgain = this.latched && event.latching === true && !isOld && event.at !== newest;
    if (wasQuiet || actedAgain) known.count += 1;
    const latchesNow = event.latching === true && !this.latched;
    const isWorse = level > known.level || (fire && !known.fire) || priority < known.priority || (live && !known.live);
    if (isWorse || latchesNow || actedAgain) {
      known.acknowledged = false;
      if (this.hidden !== 'outOfService') {
        this.hidden = undefined;
        this.owes = false;
      }
    }
    known.level = Math.max(known.level, level);
    known.fire ||= fire;
    known.priority = Math.min(known.priority, priority);
    known.live ||= live;
    this.latched ||= latchesNow;
    this.#tidy();
  }

  #hide(how: 'suppressedByDesign' | 'outOfService'): void {
    if (this.hidden !== 'suppressedByDesign') this.owes = this.alive !== undefined && !this.alive.acknowledged;
    this.hidden = how;
  }

  #show(): void {
    this.hidden = undefined;
    if (!this.alive || this.latched) return;
    if (this.saying.size > 0) this.alive.acknowledged = false;
    else if (!this.owes) this.#end();
    this.owes = false;
  }

  /** In view, an alarm that is quiet and acknowledged is over. */
  #tidy(): void {
    if (this.alive?.acknowledged && !this.hidden && !this.latched && this.saying.size === 0) this.#end();
  }

  #end(): void {
    this.alive = undefined;
    this.latched = false;
    this.owes = false;
    this.saying.clear();
  }
}
