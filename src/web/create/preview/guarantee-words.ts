import type { ComparisonDryRun, ExperimentDryRun } from '../../../contracts/documents/api.ts';
import type { Guarantee } from '../../../technologies/guarantee.ts';
import type { DraftVariant } from '../draft/draft.ts';

/**
 * What an acknowledgement of a variant is worth, by the server's answer: a line, or, where the values that it tries
 * differ in that, a line for each of them; none while it is not known.
 */
export function guaranteesInWords(
  answer: ExperimentDryRun | ComparisonDryRun | null,
  variants: readonly DraftVariant[],
  index: number,
): string[] {
  const variant = variants[index];
  if (!answer || !variant) return [];
  if ('guarantee' in answer) return variants.length === 1 ? [inWords(answer.guarantee)] : [];
  // The server takes the spaces at the ends away.
  const name = variant.name.trim();
  const others = new Set(variants.toSpliced(index, 1).map((one) => one.name.trim()));
  const isSwept = Object.keys(variant.sweep ?? {}).length > 0;
  const found = answer.guarantees.filter((one) =>
    isSwept ? one.name.startsWith(`${name}, `) && !others.has(one.name) : one.name === name,
  );
  const lines = found.map(({ name: called, guarantee }) => ({ called, text: inWords(guarantee) }));
  if (new Set(lines.map(({ text }) => text)).size <= 1) return lines.slice(0, 1).map(({ text }) => text);
  return lines.map(({ called, text }) => `${called}: ${text}`);
}

function inWords({ processCrash, powerLoss, nodeLoss, explanation }: Guarantee): string {
  const fates = [
    ['a server crash', processCrash],
    ['a power loss', powerLoss],
    ['the loss of a node', nodeLoss],
  ].map(([what, fate]) => `${fate === 'survives' ? '✓ survives' : '✗ may be lost by'} ${what}`);
  return `An acknowledged message: ${fates.join(', ')}. ${explanation}`;
}
