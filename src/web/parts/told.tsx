import { useRef } from 'react';

/**
 * Says to those who do not see it how something goes on: nothing at first, for the page says it already, and then each
 * text once.
 */
export function Told({ text }: { text: string | null }) {
  const first = useRef(text);
  if (first.current === null) first.current = text;
  const hasChanged = useRef(false);
  if (text !== null && text !== first.current) hasChanged.current = true;
  return (
    <p role="status" className="hidden-visually">
      {hasChanged.current ? text : ''}
    </p>
  );
}
