import type { TechnologyId } from '../../src/technologies/registry.ts';
import type { Driver } from './driver.ts';

/** The module of each technology's driver; threads load only the one they need. */
export const driverModules = {
  kafka: new URL('./kafka/driver.ts', import.meta.url).href,
  kinesis: new URL('./kinesis/driver.ts', import.meta.url).href,
  nats: new URL('./nats/driver.ts', import.meta.url).href,
} as const satisfies Record<TechnologyId, string>;

/** Loads a driver from its module. */
export async function loadDriver(moduleUrl: string): Promise<Driver> {
  const { driver } = (await import(moduleUrl)) as { driver?: Driver };
  if (!driver) throw new Error(`${moduleUrl} exports no driver`);
  return driver;
}
