/** Whether the console has a word for an identifier that the API said. */
export function isKeyOf<Words extends object>(words: Words, key: string): key is string & keyof Words {
  return Object.hasOwn(words, key);
}
