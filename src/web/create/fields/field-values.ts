import type { FieldSpec } from './schema-fields.ts';

/** What a person typed, as the value that is sent; undefined for nothing, and the text itself where it is none. */
export function valueOfText(field: FieldSpec, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (field.kind) {
    case 'number':
      // Of a whole number, a point is mostly one of thousands.
      if (field.isWhole && numberWithPoints.test(trimmed)) return text;
      return numberOfText(trimmed) ?? text;
    case 'choice':
      return field.choices.find((choice) => String(choice) === trimmed) ?? text;
    case 'switch':
      return trimmed === 'true' ? true : trimmed === 'false' ? false : text;
    case 'object':
      try {
        return JSON.parse(trimmed);
      } catch {
        return text;
      }
    case 'list':
      return valuesOfText(field.item ?? field, text);
    case 'text':
      return text;
  }
}

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** A comma anywhere else may be meant as a decimal point. */
const numberWithThousands = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/;
const numberWithPoints = /^[+-]?\d{1,3}(\.\d{3})+$/;

/** null for what could be meant in two ways, and for what is no number. */
function numberOfText(text: string): number | null {
  if (!plainNumber.test(text) && !numberWithThousands.test(text)) return null;
  const value = Number(text.replaceAll(',', ''));
  return Number.isFinite(value) ? value : null;
}

/**
 * Values that were typed one after another. A comma separates them, but one that may be of thousands only where a space
 * follows it: `1,000, 2,000` are two, `1,4,16` are three, and `1,000` alone stays a text, of which `faultOf` says so.
 */
export function valuesOfText(item: FieldSpec, text: string): unknown[] {
  const isSpaced = /[;\s]/.test(text.trim());
  const isEither = item.kind === 'number' && numberWithThousands.test(text.trim());
  const parts = isSpaced ? text.split(/\s*;\s*|,?\s+/) : isEither ? [text] : text.split(',');
  return parts.flatMap((part) => {
    const value = isEither ? part : valueOfText(item, part.replace(/,$/, ''));
    return value === undefined ? [] : [value];
  });
}

/** A value as a person reads and types it. */
export function textOfValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(textOfValue).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What is wrong with a value, as one types; null where nothing is that the schema tells. The server has the last word. */
export function faultOf(field: FieldSpec, value: unknown): string | null {
  const { kind, isWhole, lowest, highest, isLowestExcluded, choices, isRequired, preset } = field;
  if (value === undefined) return isRequired && preset === undefined ? 'is needed' : null;
  switch (kind) {
    case 'number': {
      if (typeof value !== 'number') return numberFault(value, isWhole);
      if (isWhole && !Number.isInteger(value)) return 'must be a whole number';
      if (lowest !== null && (isLowestExcluded ? value <= lowest : value < lowest)) {
        return `must be ${isLowestExcluded ? 'more than' : 'at least'} ${lowest.toLocaleString('en-US')}`;
      }
      return highest !== null && value > highest
        ? `must be at most ${highest.toLocaleString('en-US')}`
        : null;
    }
    case 'choice':
      return choices.includes(value) ? null : `must be one of ${choices.join(', ')}`;
    case 'switch':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'object':
      return typeof value === 'object' ? null : 'must be a JSON object, such as {"a": 1}';
    case 'list': {
      if (!Array.isArray(value)) return 'must be a list';
      const faults = value.map((one) => faultOf(field.item ?? field, one));
      const at = faults.findIndex((fault) => fault !== null);
      return at === -1 ? null : `${textOfValue(value[at])} ${faults[at]}`;
    }
    case 'text':
      return null;
  }
}

function numberFault(value: unknown, isWhole: boolean): string {
  // What a requirement needs is kept as an empty text.
  if (value === '') return 'is needed';
  if (typeof value === 'string' && numberWithPoints.test(value.trim())) {
    return 'must be a whole number: a point is not of thousands; write 1500 or 1,500';
  }
  if (typeof value !== 'string' || !value.includes(',')) {
    return isWhole ? 'must be a whole number, such as 4 or 1500' : 'must be a number, such as 1500 or 2.5';
  }
  return numberWithThousands.test(value.trim())
    ? 'may be one value or several: write 1500 without a comma, or a space after each comma'
    : 'must be a number: a comma is of thousands only, as in 1,500; write 2.5 with a point';
}
