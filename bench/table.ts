export const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** A line of the table: what was measured, Sluice, the reference, their ratio, what is wanted. */
export const row = (...cells: string[]) =>
  say(cells.map((cell, i) => (i === 0 ? cell.padEnd(44) : cell.padStart(14))).join(""));

export const heading = () => row("medians", "Sluice", "reference", "ratio or sum", "wanted");

export const us = (value: number) => `${value.toFixed(0)} µs`;
export const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
export const seconds = (valueMs: number) => `${(valueMs / 1000).toFixed(2)} s`;
