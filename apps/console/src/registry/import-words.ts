import { zh } from '../locale/zh.ts';

type ImportCode = keyof typeof zh.importing.code;

/** Codes of docs/reference/errors.md that the screen has words and a remedy for. */
export const isImportCode = (code: string): code is ImportCode => Object.hasOwn(zh.importing.code, code);
