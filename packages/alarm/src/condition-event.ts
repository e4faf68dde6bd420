import type { Classification } from './classification.ts';
import type { AlarmContribution } from './condition.ts';
import type { Level, Origin } from './words.ts';

/**
 * A source says that the condition is there. Sources: `device` (the device's own statement) or `rule:<id>`.
 * `late`: arrived behind newer reports of its device (design.md 5.1); without it the statement is the newest of its
 * source, whatever its `at` — a clock may have been set back.
 */
export type SourceActive = {
  readonly kind: 'sourceActive';
  readonly source: string;
  readonly level: Level;
  /** As the source names it: a point id or its prefix. */
  readonly pointId: string;
  readonly at: number;
  readonly receivedAt: number;
  /** The journal entry that carries the statement; the id of a new alarm derives from it. */
  readonly entryId: string;
  readonly origin: Origin;
  readonly classification: Classification;
  readonly unmapped?: true;
  readonly late?: true;
  /** The credential of the device may be in two hands; it raises all the same. */
  readonly identitySuspect?: true;
  /** The alarm stays until acknowledged and inspected, whatever the source says later. */
  readonly latching?: boolean;
  readonly captureId?: string;
  readonly value?: number;
  readonly limit?: number;
  /** What value and limit are when they are not the quantity of the point: `thermalStateRatio`, `arcHalfCycles`. */
  readonly measure?: string;
  readonly confidence?: number;
  /** The rule of the centre that says so. */
  readonly ruleId?: string;
  readonly contributions?: readonly AlarmContribution[];
  /** The value counts something that goes on: the alarm shows the newest, not that of its raising. */
  readonly isRunningCount?: boolean;
};

/**
 * A source says that the condition is gone. Older than the newest statement of the same source, it is ignored,
 * unless `live`: the report was the newest of its device by sequence number, so that its clock is what is wrong.
 */
export type SourceInactive = {
  readonly kind: 'sourceInactive';
  readonly source: string;
  readonly at: number;
  readonly live?: true;
};

type Act<Kind extends string> = {
  readonly kind: Kind;
  readonly at: number;
  /** The alarm the person saw. Another one alive by now refuses the act: nobody acknowledges a successor unseen. */
  readonly alarmId?: string;
};
type ServiceAct<Kind extends string> = Act<Kind> & { readonly by: string; readonly reason: string };

/** What a person does, or the end of a shelving's time. */
export type OperatorAct =
  | (Act<'acknowledge'> & { readonly by: string; readonly note?: string })
  | (Act<'shelve'> & { readonly until: number; readonly reason: string; readonly by: string })
  /** Without `by` the time has run out; before `shelvedUntil` (a timer of an earlier shelving) that does nothing. */
  | (Act<'unshelve'> & { readonly by?: string })
  | ServiceAct<'suppress'>
  | ServiceAct<'unsuppress'>
  | ServiceAct<'removeFromService'>
  | ServiceAct<'returnToService'>
  /** The recorded inspection: the only end of a latched alarm. */
  | (Act<'inspect'> & { readonly by: string; readonly note: string });

/** Everything a condition can be told. Instants are epoch ms. */
export type ConditionEvent = SourceActive | SourceInactive | OperatorAct;
