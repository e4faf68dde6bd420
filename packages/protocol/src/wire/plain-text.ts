// C0 and C1 control characters: no name or word on the wire holds one, and PostgreSQL text cannot hold NUL.
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;
const controlCharacters = new RegExp(controlCharacter, 'g');

/** True for a string of 1…maxLength characters without control characters and lone surrogates. */
export function isPlainText(value: unknown, maxLength: number): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= maxLength &&
    value.isWellFormed() &&
    !controlCharacter.test(value)
  );
}

/** Point ids and event kinds: plain text of at most 64 characters; `__proto__` is nobody's name. */
export function isName(value: unknown): value is string {
  return isPlainText(value, 64) && value !== '__proto__';
}

/** The first characters of a foreign text, safe to store, log and show: no control character, no lone surrogate. */
export function printable(text: string, maxLength: number): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
  return cut.toWellFormed().replace(controlCharacters, '\ufffd');
}
