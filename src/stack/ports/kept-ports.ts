import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';

const number = z.number().int().min(1).max(65535);
const portsSchema = z.object({ temporal: number, temporalUi: number, aws: number, workerMetrics: number });
/** Ports of the servers that the stack brings along. Kept for ever: running load generators know them. */
export type Ports = z.infer<typeof portsSchema>;

/** A port cannot be had; the message says which, why and what to do. */
export class PortError extends UserError {
  override name = 'PortError';
}

/** The ports that a home has kept; none when it has not started yet. */
export function readPorts(portsFile: string): Partial<Ports> {
  let text: string;
  try {
    text = readFileSync(portsFile, 'utf8');
  } catch {
    return {};
  }
  try {
    return portsSchema.partial().parse(JSON.parse(text));
  } catch {
    throw new PortError(
      `${portsFile} cannot be read as ports. If no experiment of this home runs, delete it.`,
    );
  }
}
