import type { ImportProblem } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { TableHead } from '../shell/table-head.tsx';

export type ProblemTableProps = {
  readonly problems: readonly ImportProblem[];
  readonly testId: string;
  /** What is wrong, in the language of the screen. */
  readonly wordsOf: (problem: ImportProblem) => string;
  /** What the centre says to do. */
  readonly remedyOf: (problem: ImportProblem) => string;
};

/** Everything that is wrong with a file: by sheet, row and column, with the value that stands there. */
export function ProblemTable({ problems, testId, wordsOf, remedyOf }: ProblemTableProps) {
  const { t } = useTranslation();
  return (
    <div className="table-scroll">
      <table className="problem-table">
        <TableHead
          columns={[
            t('importing.sheet'),
            { number: t('importing.row') },
            t('importing.column'),
            t('importing.value'),
            t('importing.problem'),
          ]}
        />
        <tbody>
          {problems.map((problem, index) => {
            const { sheet, row, column, value, code } = problem;
            return (
              <tr key={index} data-testid={testId} data-code={code} data-row={row}>
                <td>{sheet}</td>
                <td className="number">{row ?? '–'}</td>
                <td>{column ?? '–'}</td>
                <td className="mono">{value ?? '–'}</td>
                <td>
                  {wordsOf(problem)}
                  <span className="sub muted">{t('importing.api', { fix: remedyOf(problem) })}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
