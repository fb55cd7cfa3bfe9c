import { HttpProblem } from './problems.ts';

/**
 * The media type that a client likes best of those there are; the first one where it does not say.
 * @throws HttpProblem 406 when it takes none
 */
export function negotiate<T extends string>(accept: string | undefined, available: readonly T[]): T {
  const ranges = (accept ?? '*/*').split(',').map(parseRange);
  const ranked = available
    .map((type, index) => ({ type, index, quality: qualityOf(type, ranges) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.index - b.index);
  if (ranked[0]) return ranked[0].type;
  throw new HttpProblem(406, `There is no ${accept}; available: ${available.join(', ')}.`);
}

interface Range {
  type: string;
  quality: number;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { type, quality: Number.isNaN(quality) ? 0 : quality };
}

/** The most specific range that a type falls into decides. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const names = [type, `${type.split('/')[0]}/*`, '*/*'];
  for (const name of names) {
    const range = ranges.find((candidate) => candidate.type === name);
    if (range) return range.quality;
  }
  return 0;
}
