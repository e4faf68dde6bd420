import type { BatchImport, EndOfLineRow, ImportProblem, NewBatch } from '@fengsui/protocol';
import type { RowPlace } from './findings.ts';

/** One device as it was sent, and where each part of it stands. */
export type DraftRow = {
  readonly row: EndOfLineRow;
  readonly place: RowPlace;
  readonly testPlaces?: readonly RowPlace[];
  readonly channelPlaces?: readonly RowPlace[];
};

/** A batch as it was sent: by a tester as JSON, or as sheets of a workbook. */
export type BatchDraft = {
  /** Absent: what there was of it could not be read, and `problems` say why. */
  readonly batch?: NewBatch;
  readonly batchPlace: RowPlace;
  readonly rows: readonly DraftRow[];
  readonly problems: readonly ImportProblem[];
};

export const draftOf = ({ batch, devices }: BatchImport): BatchDraft => ({
  batch,
  batchPlace: { sheet: 'batch', row: 1 },
  rows: devices.map((row, index) => ({ row, place: { sheet: 'devices', row: index + 1 } })),
  problems: [],
});
