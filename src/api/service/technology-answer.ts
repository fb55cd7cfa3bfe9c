import { z } from 'zod';
import { formatNumber, formatRate } from '../../analysis/report/format.ts';
import type { TechnologyAnswer } from '../../contracts/documents/api.ts';
import type { TechnologyCard } from '../../technologies/card.ts';
import { guaranteeOf } from '../../technologies/guarantee.ts';
import type { PriceList } from '../../technologies/prices.ts';

const exampleMessageSizeBytes = 1_024;

/** A technology's card as JSON, with the schema that its settings are checked by. */
export function technologyAnswer(card: TechnologyCard, prices: PriceList = card.prices): TechnologyAnswer {
  const defaults = card.settings.parse({});
  const ceiling = card.ceiling(defaults, {
    messageSizeBytes: exampleMessageSizeBytes,
    keyBytes: null,
  });
  return {
    id: card.id,
    label: card.label,
    summary: card.summary,
    targets: card.targets as TechnologyAnswer['targets'],
    settingsSchema: z.toJSONSchema(card.settings, { io: 'input' }),
    ceiling,
    guarantee: guaranteeOf(card.acknowledgement(defaults)),
    prices,
    ceilingInWords: ceiling
      ? `${formatRate(ceiling.messagesPerSecond)} messages/s of ${formatNumber(exampleMessageSizeBytes)} B with the default settings. ${ceiling.source}.`
      : `${card.label} publishes no limit; what it can do depends on its settings and hardware.`,
  };
}
