import type { z } from 'zod';
import type { Clients } from '../../src/contracts/documents/load-parts.ts';
import type { TechnologyCard } from '../../src/technologies/card.ts';
import type {
  ConsumerContext,
  Driver,
  DriverConsumer,
  DriverContext,
  DriverProducer,
  ProducerContext,
} from './driver.ts';

/** A driver's pieces, each given settings and endpoint as its card describes them. */
export interface DriverPieces<Settings, Endpoint> {
  clients(settings: Settings): Clients;
  createProducer(context: ProducerContext<Settings, Endpoint>): Promise<DriverProducer>;
  createConsumer(context: ConsumerContext<Settings, Endpoint>): Promise<DriverConsumer>;
  empty?(context: DriverContext<Settings, Endpoint>): Promise<void>;
}

/**
 * A driver from its pieces: what comes in as settings and endpoint is checked once, here.
 *
 * @example
 * export const driver = defineDriver(nats, { clients, createProducer, createConsumer });
 */
export function defineDriver<Settings extends z.ZodType, Endpoint extends z.ZodType>(
  card: Pick<TechnologyCard<Settings, Endpoint>, 'settings' | 'endpoint' | 'keepsOrder'>,
  pieces: DriverPieces<z.infer<Settings>, z.infer<Endpoint>>,
): Driver {
  const checked = <Context extends DriverContext>(context: Context) => ({
    ...context,
    settings: card.settings.parse(context.settings),
    endpoint: card.endpoint.parse(context.endpoint),
  });
  const { empty } = pieces;
  return {
    keepsOrder: card.keepsOrder,
    clients: (settings) => pieces.clients(card.settings.parse(settings)),
    createProducer: async (context) => pieces.createProducer(checked(context)),
    createConsumer: async (context) => pieces.createConsumer(checked(context)),
    ...(empty ? { empty: async (context) => empty(checked(context)) } : {}),
  };
}
