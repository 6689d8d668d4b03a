/** What the keys of the page do; `?` lists them. */
export type Shortcuts = Record<string, () => void>;

/** Binds single keys, but not while the person types, chooses from a list, or holds a modifier. */
export function bindShortcuts(shortcuts: Shortcuts): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const act = shortcuts[event.key.toLowerCase()];
    if (!act || takesKeys(event.target, event.key)) return;
    event.preventDefault();
    act();
  });
}

/** Whether an element makes use of a key itself. */
function takesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, select, textarea')) return true;
  return (key === ' ' || key === 'Enter') && target.closest('button, a, summary') !== null;
}
