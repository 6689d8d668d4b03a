// biome-ignore lint/suspicious/noExplicitAny: methods of any kind are wrapped
type Method = (...args: any[]) => unknown;

/** What is called in place of a method. `call` does what the method does by itself. */
type Around = (call: (...args: unknown[]) => unknown, args: unknown[]) => unknown;

/**
 * Puts a function around a method of an object, and leaves all else about it as it is: its name and length, what
 * `toString()` says, and how the property may be listed and set.
 */
export function wrap(holder: object, name: string, around: Around): void {
  const descriptor = Object.getOwnPropertyDescriptor(holder, name);
  if (typeof descriptor?.value !== 'function') return;
  const value = new Proxy(descriptor.value as Method, {
    apply: (method, self, args) => around((...others) => Reflect.apply(method, self, others), args),
  });
  Object.defineProperty(holder, name, { ...descriptor, value });
}
