const conjunction = { and: 'conjunction', or: 'disjunction' } as const;
const wordsOf = (last: keyof typeof conjunction) =>
  new Intl.ListFormat('en-GB', { style: 'long', type: conjunction[last] });

/**
 * Names in a sentence: `a, b and c`. Where one could be taken for several, such as `acks all, linger 5`, all stand in
 * quotation marks.
 */
export function namesInWords(names: readonly string[], last: keyof typeof conjunction = 'and'): string {
  const isUnclear = names.length > 1 && names.some((name) => /[,;]| and | or /.test(name));
  return wordsOf(last).format(isUnclear ? names.map((name) => `“${name}”`) : names);
}
