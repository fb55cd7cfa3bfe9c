import type { Node, Pair, ParsedNode } from 'yaml';
import type { FileFault } from './file-fault.ts';
import { inOurWords, type Told, type YamlText } from './yaml-words.ts';

/**
 * What a person has to mend before the file is YAML. What follows from a first fault is not told: it is mostly not there
 * once that one is mended.
 */
export function syntaxFaults(yaml: YamlText): FileFault[] {
  const { errors } = yaml.document;
  const [first] = errors;
  if (!first) return aliasFaults(yaml);
  if (first.code === 'DUPLICATE_KEY') return duplicateKeyFaults(yaml);
  return [faultAt(yaml, inOurWords(first, yaml))];
}

/** Keys given twice, which are independent of each other; JSON has this fault, too, and its parsers do not see it. */
export function duplicateKeyFaults(yaml: YamlText): FileFault[] {
  return yaml.document.errors
    .filter(({ code }) => code === 'DUPLICATE_KEY')
    .map(({ pos: [offset] }) => faultAt(yaml, { offset, detail: duplicateKey(offset, yaml) }));
}

function faultAt({ placeAt }: YamlText, { offset, detail }: Told): FileFault {
  return { ...placeAt(offset), pointer: '', detail };
}

function duplicateKey(offset: number, { library, document, placeAt }: YamlText): string {
  const { isScalar, visit } = library;
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
function aliasFaults(yaml: YamlText): FileFault[] {
  const { isAlias, isCollection, visit } = yaml.library;
  const faults: FileFault[] = [];
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
