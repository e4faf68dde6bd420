import { importSheets, type ImportSheet } from '@fengsui/protocol';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The content type the API expects for a file of this name; what is no CSV is judged as a workbook by the centre. */
export const typeOfFile = (name: string): string => (/\.(csv|txt)$/i.test(name) ? 'text/csv' : XLSX);

/** Chinese names of the sheets, as the template writes them. */
const chinese: Readonly<Record<string, ImportSheet>> = {
  组织: 'organisations',
  场所: 'venues',
  联系人: 'contacts',
  区域: 'areas',
  设备: 'devices',
  回路: 'circuits',
};

/** The sheet that a CSV is named after: `devices.csv`, `设备.csv`; undefined when its name says nothing. */
export function sheetOfFile(name: string): ImportSheet | undefined {
  const stem = name.replace(/\.[^.]*$/, '').toLowerCase();
  return (
    importSheets.find((sheet) => stem.includes(sheet)) ??
    Object.entries(chinese).find(([word]) => stem.includes(word))?.[1]
  );
}
