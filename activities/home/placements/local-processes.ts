import { existsSync, readdirSync } from 'node:fs';
import { relative } from 'node:path';
import type { InventoryItem } from '../../../src/contracts/documents/orphans.ts';
import { findLaunched, launchedElsewhere, launchedPaths } from '../../../src/machine/launched.ts';
import { isTerraform, terraformMachinery } from '../runs/terraform-run.ts';

/** Processes and data of an experiment on this machine; only what carries this very run folder. */
export function localInventory(home: string, runFolder: string): InventoryItem[] {
  const launched = findLaunched(runFolder).map(({ name, identity, kind, by }): InventoryItem => {
    const found = by === 'record' ? 'its record in the run folder' : 'the run folder in its environment';
    const what = kind === 'launcher' ? `launcher of ${name}` : name;
    return { kind: 'process', name: String(identity.pid), description: `${what}, alive by ${found}` };
  });
  const machinery = terraformMachinery(runFolder).map((one): InventoryItem => {
    const what = isTerraform(one) ? 'terraform' : 'a process that terraform started';
    return {
      kind: 'process',
      name: String(one.identity.pid),
      description: `${what}, alive by the run folder in its environment`,
    };
  });
  const elsewhere = launchedElsewhere(runFolder).map(({ name, identity, at }): InventoryItem => {
    const description = `${name}, started on ${at.host}: whether it lives cannot be seen from here`;
    return { kind: 'process', name: String(identity?.pid ?? name), description };
  });
  return [...launched, ...elsewhere, ...machinery, ...dataFolders(home, runFolder)];
}

function dataFolders(home: string, runFolder: string): InventoryItem[] {
  const data = launchedPaths.data(runFolder);
  if (!existsSync(data)) return [];
  return readdirSync(data).map((name) => ({
    kind: 'folder',
    name: relative(home, `${data}/${name}`),
    description: `data of ${name}, found in the run folder`,
  }));
}
