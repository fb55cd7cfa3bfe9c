import { useEffect } from 'react';

/** Where the focus was: an element, and those that held it, each with what stood beside it. */
type Place = { element: Element; before: Element | null; after: Element | null }[];

/** So long after a change what puts the focus somewhere of its own accord, as a dialog that closes, has done so. */
const settledAfterMs = 60;

const focusable = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary';

/**
 * What goes with the focus on it, as a row that is deleted or a button that has done its work, would leave whoever
 * presses keys at the top of the document: they go on at what stood beside it, or at the heading of the part it was in.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let place: Place = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const noteFocus = ({ target }: FocusEvent) => {
      const element = target as Element;
      // A dialog goes with what it asks; where it was opened is what counts.
      if (!element.closest('[role="alertdialog"], [role="dialog"]')) place = placeOf(element);
    };
    // Who presses beside everything wants the focus nowhere.
    const notePress = ({ target }: PointerEvent) => {
      if (target instanceof Element && !target.closest(`${focusable}, label, [tabindex]`)) place = [];
    };
    const look = () => {
      const [own] = place;
      if (!own || !isNowhere(document.activeElement) || isUsable(own.element)) return;
      goOnBeside(place);
    };
    const changed = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(look, settledAfterMs);
    });
    document.addEventListener('focusin', noteFocus);
    document.addEventListener('pointerdown', notePress);
    changed.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['disabled', 'hidden'],
    });
    return () => {
      clearTimeout(timer);
      changed.disconnect();
      document.removeEventListener('focusin', noteFocus);
      document.removeEventListener('pointerdown', notePress);
    };
  }, []);
}

function placeOf(element: Element): Place {
  const place: Place = [];
  for (let one: Element | null = element; one && one !== document.body; one = one.parentElement) {
    place.push({ element: one, before: one.previousElementSibling, after: one.nextElementSibling });
  }
  return place;
}

function isNowhere(active: Element | null): boolean {
  return active === null || active === document.body;
}

function isUsable(element: Element): boolean {
  return element.isConnected && !element.matches(':disabled') && element.getClientRects().length > 0;
}

/** Rows, items and buttons have others beside them; of a part that has gone, what holds it is left. */
function goOnBeside(place: Place): void {
  const target = besideGone(place) ?? partLeft(place);
  if (!target) return;
  if (!target.matches(`${focusable}, [tabindex]`)) target.tabIndex = -1;
  target.focus();
}

function besideGone(place: Place): HTMLElement | null {
  const gone = place.findLast(({ element }) => !isUsable(element));
  if (!gone?.element.matches('tr, li, a, button, input, select')) return null;
  for (const beside of [gone.after, gone.before]) {
    const next = beside && firstUsable(beside);
    if (next) return next;
  }
  return null;
}

function partLeft(place: Place): HTMLElement | null {
  const left = place.find(
    ({ element }) => isUsable(element) && element.matches('section, article, main, form'),
  );
  const whole = left?.element ?? document.getElementById('content');
  const heading = whole && [...whole.querySelectorAll('h1, h2, h3')].find(isUsable);
  return (heading ?? whole) as HTMLElement | null;
}

function firstUsable(element: Element): HTMLElement | null {
  const all = [element, ...element.querySelectorAll(focusable)];
  return (all.find((one) => one.matches(focusable) && isUsable(one)) as HTMLElement | undefined) ?? null;
}
