/** In British English, which has no comma before the last word. */
const lists = {
  and: new Intl.ListFormat('en-GB', { type: 'conjunction' }),
  or: new Intl.ListFormat('en-GB', { type: 'disjunction' }),
};

/**
 * Names in a sentence: `a, b and c`. Where one could be taken for several, such as `acks all, linger 5`, all stand in
 * quotation marks.
 */
export function namesInWords(names: readonly string[], last: keyof typeof lists = 'and'): string {
  const isUnclear = names.length > 1 && names.some((name) => /[,;]| and | or /.test(name));
  return lists[last].format(isUnclear ? names.map((name) => `“${name}”`) : names);
}
