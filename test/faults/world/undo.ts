/**
 * Undoes what was done, the last first. A step that fails keeps no other from being done: a server that stays would be
 * nobody's.
 * @throws the first error, once every step was tried
 */
export async function undoAll(steps: (() => Promise<void> | void)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps.splice(0).reverse()) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
