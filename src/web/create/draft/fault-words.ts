import { inWords } from '../fields/field-words.ts';
import type { Draft } from './draft.ts';
import { partsOfPointer } from './pointer.ts';

/** Where in a draft a fault is, as a person finds it in the form: `Variant 2, Kafka: partitions`. */
export function placeInWords(pointer: string, { variants }: Pick<Draft, 'variants'>): string {
  const [group, ...rest] = partsOfPointer(pointer);
  const [index, ...below] = rest;
  switch (group) {
    case undefined:
      return 'The whole';
    case 'variants':
      return index === undefined
        ? 'Variants'
        : said([`Variant ${Number(index) + 1}`, variants[Number(index)]?.name], below);
    case 'requirements':
      return index === undefined ? 'Requirements' : said([`Requirement ${Number(index) + 1}`], below);
    case 'workload':
      return said(['Load'], rest);
    default:
      return said([inWords(group)], rest);
  }
}

const containers = ['settings', 'load', 'sweep'];

function said(place: (string | undefined)[], path: readonly string[]): string {
  const names = path
    .filter((part) => !containers.includes(part))
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : inWords(part).toLowerCase()));
  const where = place.filter(Boolean).join(', ');
  return names.length === 0 ? where : `${where}: ${names.join(' ')}`;
}
