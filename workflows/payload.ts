/**
 * A field of what came with a signal: Temporal's Web UI lets a person send anything with any of them, or nothing, and a
 * handler that throws stops its workflow for ever. undefined where there is no such field.
 */
export function fieldOf(payload: unknown, name: string): unknown {
  return typeof payload === 'object' && payload !== null
    ? (payload as Record<string, unknown>)[name]
    : undefined;
}
