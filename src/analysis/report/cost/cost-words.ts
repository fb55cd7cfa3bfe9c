import type { Cost } from '../../../contracts/documents/cost.ts';
import { formatNumber, formatRate } from '../format.ts';

/** USD to four digits, as prices are published: `$0.01404`, `$1,235`; `–` where not known. */
export function formatUsd(usd: number | null): string {
  if (usd === null) return '–';
  return `$${usd.toLocaleString('en-US', { maximumSignificantDigits: 4 })}`;
}

/** What it costs, in a clause. */
export function costInWords({ usdPerMillionMessages, usdPerHour, basis }: Cost): string {
  return `${basis === 'list-price' ? '' : 'about '}${formatUsd(usdPerMillionMessages)} per million messages, ${formatUsd(usdPerHour)} an hour`;
}

/** How a cost comes about, so that it can be worked out again, and what is not in it; sentences. */
export function costExplained(cost: Cost): string {
  const { messagesPerSecond, usdPerHour, usdPerMillionMessages, region, asOf, source } = cost;
  const millions = (messagesPerSecond * 3_600) / 1e6;
  return [
    basisInWords(cost),
    `${sumInWords(cost)} = ${formatUsd(usdPerHour)} an hour; ${formatRate(messagesPerSecond)} messages/s are ${digits(millions)} million an hour, so ${formatUsd(usdPerMillionMessages)} per million.`,
    `Prices of ${region} as noted on ${asOf} (${source}): check them.`,
  ].join(' ');
}

function basisInWords({ basis, vcpu, memoryGib, utilization, messagesPerSecond }: Cost): string {
  if (basis === 'list-price') {
    return 'By list prices, from the settings and the load alone; nothing that was measured is in it.';
  }
  const cores = (vcpu ?? 0) * (utilization ?? 0);
  const memory =
    memoryGib === null
      ? '; its memory could not be seen, and is not in it'
      : `, with the ${digits(memoryGib)} GiB of memory that it had at most`;
  return `An estimate from what its processes used on this machine: ${digits(cores)} cores for ${formatRate(messagesPerSecond)} messages/s, so about ${digits(vcpu ?? 0)} vCPU that are busy ${formatNumber((utilization ?? 0) * 100)}% of the time${memory}. Storage, traffic and spare machines are not in it.`;
}

function sumInWords({ arithmetic }: Cost): string {
  return arithmetic
    .map(({ quantity, unit, usdPerUnit }) => `${digits(quantity)} × ${formatUsd(usdPerUnit)} per ${unit}`)
    .join(' + ');
}

/** Four digits, as many as the prices have. */
function digits(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}
