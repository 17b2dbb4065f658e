import { SingleBar } from "cli-progress";

/** Hears how much of a piece of work is done. */
export type Hearing = (what: string, done: number, of: number) => void;

const TENTHS = 10;

/** Tells how far some work is on standard error: a bar on a terminal, else a line a tenth. `stop` takes the bar away. */
export function progressOn(stream: NodeJS.WriteStream): { hear: Hearing; stop: () => void } {
  const bar = stream.isTTY
    ? new SingleBar({ format: "{bar} {percentage}%  {what}", stream, hideCursor: true, clearOnComplete: true })
    : undefined;
  let told = "";
  const hear: Hearing = (what, done, of) => {
    if (bar !== undefined) {
      if (told !== what) bar.start(of, done, { what });
      else bar.update(done);
      told = what;
      return;
    }
    const line = `${what}: ${Math.floor((TENTHS * done) / of) * TENTHS}%`;
    if (line !== told) stream.write(`${line}\n`);
    told = line;
  };
  return { hear, stop: () => bar?.stop() };
}
