/** A field that has no counterpart, or one that is not quite the same. */
export interface LeftOut {
  /** As the foreign file has it, such as `producerConfig.buffer.memory`. */
  field: string;
  value: string;
  reason: string;
}

/** What a driver file says of a technology. */
export interface MappedDriver {
  name: string | null;
  technology: string;
  settings: Record<string, unknown>;
  left: LeftOut[];
}

/** Fields of a foreign document, of which each is asked for once, so that what nobody asked for is known. */
export class Fields {
  private readonly fields: Map<string, unknown>;
  private readonly prefix: string;
  readonly left: LeftOut[] = [];

  constructor(fields: Record<string, unknown>, prefix = '') {
    this.fields = new Map(Object.entries(fields));
    this.prefix = prefix;
  }

  /** The value of a field, which is then seen to; undefined where there is none. */
  take(name: string): unknown {
    const value = this.fields.get(name);
    this.fields.delete(name);
    return value ?? undefined;
  }

  /** A text; anything else is left out. */
  takeText(name: string): string | null {
    const value = this.take(name);
    if (value !== undefined && typeof value !== 'string') this.leave(name, value, 'is no text');
    return typeof value === 'string' ? value : null;
  }

  /** A whole or decimal number; anything else is left out. */
  takeNumber(name: string): number | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'number' ? value : Number(value);
    if (Number.isFinite(number) && String(value).trim() !== '') return number;
    this.leave(name, value, 'is no number');
    return undefined;
  }

  /** Says that a field that was taken is left out, or means something else here. */
  leave(name: string, value: unknown, reason: string): void {
    this.left.push({ field: `${this.prefix}${name}`, value: inWords(value), reason });
  }

  /** Everything that nobody has asked for is left out for this reason. */
  leaveRest(reason: string): void {
    for (const [name, value] of this.fields) this.leave(name, value, reason);
    this.fields.clear();
  }
}

function inWords(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
