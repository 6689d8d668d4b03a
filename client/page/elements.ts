/** Finds an element of this page by id. @throws TypeError where the page and its script do not match */
export function element<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new TypeError(`Cannot find #${id}: expected ${kind.name}, found ${found?.tagName ?? 'nothing'}`);
}
