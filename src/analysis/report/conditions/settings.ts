import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { Result } from '../../../contracts/documents/result.ts';
import { findTechnology } from '../../../technologies/registry.ts';

type Settings = Record<string, unknown>;

/** Settings that differ from the technology's defaults. */
export function changedSettings({ technology, settings }: Result['spec']): Settings {
  const defaults = findTechnology(technology)?.settings.safeParse({}).data as object | undefined;
  const preset = new Map(
    Object.entries(defaults ?? {}).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => preset.get(name) !== JSON.stringify(value)),
  );
}

/**
 * Columns of one technology beside each other: what one has changed is told of all, for what the others have is their
 * default, and that is what it is compared with.
 * @param results of each column, null where it has none
 */
export function withOthersSettings(
  columns: readonly ReportColumn[],
  results: readonly (Result | null)[],
): ReportColumn[] {
  const changed = Map.groupBy(columns, ({ technology }) => technology);
  return columns.map((column, index) => {
    const all: Settings = results[index]?.spec.settings ?? {};
    const names = changed.get(column.technology)?.flatMap(({ settings }) => Object.keys(settings)) ?? [];
    const told = [...new Set(names)].flatMap((name) => (name in all ? [[name, all[name]] as const] : []));
    return { ...column, settings: { ...Object.fromEntries(told), ...column.settings } };
  });
}
