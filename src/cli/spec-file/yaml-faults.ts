import {
  type Document,
  isAlias,
  isCollection,
  isScalar,
  type Node,
  type Pair,
  type ParsedNode,
  visit,
  type YAMLError,
} from 'yaml';
import type { PlaceAt, SpecFault } from './faults.ts';

/** A parsed text, for saying what is wrong with it. */
export interface YamlText {
  text: string;
  document: Document.Parsed;
  placeAt: PlaceAt;
}

/** Where a fault is, as an offset of the text, and what is wrong and what to do. */
interface Told {
  offset: number;
  detail: string;
}

/**
 * What a person has to mend before the file is YAML. What follows from a first fault is not told: it is mostly not there
 * once that one is mended.
 */
export function syntaxFaults(yaml: YamlText): SpecFault[] {
  const { errors } = yaml.document;
  const [first] = errors;
  if (!first) return aliasFaults(yaml);
  if (first.code === 'DUPLICATE_KEY') return duplicateKeyFaults(yaml);
  return [faultAt(yaml, inOurWords(first, errors, yaml))];
}

/** Keys given twice, which are independent of each other; JSON has this fault, too, and its parsers do not see it. */
export function duplicateKeyFaults(yaml: YamlText): SpecFault[] {
  return yaml.document.errors
    .filter(({ code }) => code === 'DUPLICATE_KEY')
    .map(({ pos: [offset] }) => faultAt(yaml, { offset, detail: duplicateKey(offset, yaml) }));
}

function faultAt({ placeAt }: YamlText, { offset, detail }: Told): SpecFault {
  return { ...placeAt(offset), pointer: '', detail };
}

function inOurWords(error: YAMLError, errors: readonly YAMLError[], yaml: YamlText): Told {
  const { code, message, pos } = error;
  const [offset] = pos;
  const { text } = yaml;
  switch (code) {
    case 'MULTIPLE_DOCS':
      return {
        offset,
        detail:
          'a second document begins here; a file holds one experiment or comparison, so give each a file of its own',
      };
    case 'TAB_AS_INDENT':
      return { offset, detail: 'a tab is used to indent; use spaces' };
    case 'BAD_INDENT':
      return { offset, detail: message.startsWith('Flow') ? unclosed(message) : misaligned };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return nested(offset, text, yaml);
    case 'MULTILINE_IMPLICIT_KEY':
      return errors.some((other) => other.code === 'BLOCK_AS_IMPLICIT_KEY' && other.pos[0] === offset)
        ? nested(offset, text, yaml)
        : { offset, detail: noColon };
    case 'MISSING_CHAR':
      return missing(error, yaml);
    case 'BAD_SCALAR_START':
      return { offset, detail: `a text cannot begin with ${text[offset]}; put it in quotes` };
    case 'BAD_DQ_ESCAPE':
      return {
        offset,
        detail: `${text.slice(offset, offset + 2)} is no escape; write \\\\ for a backslash, or put the text in single quotes`,
      };
    case 'UNEXPECTED_TOKEN':
      return { offset, detail: unexpected(message, text, offset) };
    case 'BLOCK_IN_FLOW':
      return { offset, detail: 'between [ ] or { } items are separated by commas, without "-"' };
    case 'KEY_OVER_1024_CHARS':
      return { offset, detail: 'a key is longer than 1,024 characters' };
    case 'ALIAS_PROPS':
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'BAD_PROP_ORDER':
      return { offset, detail: 'anchors (&), aliases (*) and tags (!) do not fit here; write the value out' };
    default:
      return { offset, detail: `this is not YAML: ${message}` };
  }
}

const misaligned =
  'this line is indented unlike the keys before it; those of one object all begin in the same column';
const noItem =
  'this belongs to no item of the list before it; begin it with "- ", or indent it like that item';
const noColon = 'this has no colon; a key and its value are written as "key: value"';

function unclosed(message: string): string {
  const [open, close] = message.startsWith('Flow map') ? ['{', '}'] : ['[', ']'];
  return `a ${open} is not closed before here; end it with ${close}, and indent its lines more than its key`;
}

/** A value where there is one already: by a colon within a text, or by a line that is indented too far. */
function nested(offset: number, text: string, { placeAt }: YamlText): Told {
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(offset, lineEnd < 0 ? undefined : lineEnd);
  if (/:(\s|$)/.test(line)) {
    return { offset, detail: 'the text holds a colon; put it in quotes: "a: b"' };
  }
  const next = lineEnd + 1 + (/^\s*/.exec(text.slice(lineEnd + 1))?.[0].length ?? 0);
  return {
    offset: next,
    detail: `this line is indented more than line ${placeAt(offset).line}, which has a value already; begin it in the same column as the keys it belongs to`,
  };
}

function missing({ message, pos }: YAMLError, { document }: YamlText): Told {
  const [offset] = pos;
  if (message.startsWith('Missing closing')) {
    let opening = offset;
    visit(document, {
      Scalar(_, { range, type }) {
        if (type?.startsWith('QUOTE') && range && range[0] < offset && range[2] >= offset) opening = range[0];
      },
    });
    return { offset: opening, detail: 'the quote that begins here is not closed' };
  }
  if (message.startsWith('Sequence item')) {
    return {
      offset,
      detail:
        'this belongs to no item of the list before it; begin it with "- ", or indent it like that item',
    };
  }
  return { offset, detail: noColon };
}

function unexpected(message: string, text: string, offset: number): string {
  const character = text[offset] ?? '';
  if (message.includes('on same line with key')) return 'a list begins on the line below its key';
  if (message.includes('at node end')) {
    const begins = /^\s*$/.test(text.slice(text.lastIndexOf('\n', offset) + 1, offset));
    if (begins) return noItem;
    return 'nothing can follow here, for the value before it has ended; put a text with such characters in quotes';
  }
  if (/flow-(seq|map)-end/.test(message)) return `this ${character} closes nothing`;
  return `${JSON.stringify(character)} is not expected here; put a text with such characters in quotes`;
}

function duplicateKey(offset: number, { document, placeAt }: YamlText): string {
  let detail = 'this key is given twice; keep one of the two';
  visit(document, {
    Map(_, { items }) {
      const pairs = items as Pair<ParsedNode>[];
      const second = pairs.find(({ key }) => key.range[0] === offset);
      if (!second || !isScalar(second.key)) return;
      const { value } = second.key;
      const first = pairs.find(({ key }) => isScalar(key) && key.value === value);
      const where = first ? ` (first in line ${placeAt(first.key.range[0]).line})` : '';
      detail = `the key ${JSON.stringify(value)} is given twice${where}; keep one of the two`;
    },
  });
  return detail;
}

/** Aliases of nothing, and of what they are in. */
function aliasFaults(yaml: YamlText): SpecFault[] {
  const faults: SpecFault[] = [];
  const anchors = new Set<string>();
  visit(yaml.document, {
    Node(_, node, path) {
      if (!isAlias(node)) {
        if ('anchor' in node && node.anchor) anchors.add(node.anchor);
        return;
      }
      const { source } = node;
      const offset = node.range?.[0] ?? 0;
      if (!anchors.has(source)) {
        const detail = `*${source} stands for what was named &${source} before, and nothing was; write the value out, or put a text that begins with * in quotes`;
        faults.push(faultAt(yaml, { offset, detail }));
      } else if (
        path.some((above) => isCollection(above) && (above as Node & { anchor?: string }).anchor === source)
      ) {
        const detail = `*${source} stands for a value that it is itself a part of; write the value out`;
        faults.push(faultAt(yaml, { offset, detail }));
      }
    },
  });
  return faults;
}
