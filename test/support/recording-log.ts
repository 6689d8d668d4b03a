/** A log that keeps the fields of its warnings. */
export class RecordingLog {
  readonly warnings: unknown[] = [];

  info(): void {}

  error(): void {}

  warn(fields: unknown): void {
    this.warnings.push(fields);
  }
}
