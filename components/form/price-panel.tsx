import { Disclosure } from "#components/ui/disclosure.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { hoursPerMonth, priceInWords, type Price, type PriceLine } from "#lib/targets/gke/price.ts";

/** What it costs while it is there, line by line, and where each price is from. */
export function PricePanel({ price }: { price: Price }) {
  const { lines, notes, isComplete } = price;
  const rows = [...new Set(lines.flatMap((line) => line.rows))];
  return (
    <Panel title="Price" about={firstUpper(priceInWords(price))}>
      <table aria-label="Price by the hour and by the month" className="w-full text-small">
        <thead>
          <tr className="text-faint">
            <th scope="col" className="pb-1 text-left font-normal">
              In US dollars
            </th>
            <th scope="col" className="pb-1 pl-3 text-right font-normal whitespace-nowrap">
              an hour
            </th>
            <th scope="col" className="pb-1 pl-3 text-right font-normal whitespace-nowrap">
              a month
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.what} className="border-t align-top">
              <th scope="row" className="py-1 text-left font-normal break-words">
                {line.what}
              </th>
              {line.least === null ? (
                <td colSpan={2} className="py-1 pl-3 text-right text-warn">
                  price unknown
                </td>
              ) : (
                <Amounts {...line} />
              )}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-edge align-top font-medium">
            <th scope="row" className="py-1 text-left">
              {isComplete ? "In all" : "At least"}
            </th>
            <Amounts least={price.least} most={price.most} />
          </tr>
        </tfoot>
      </table>
      <ul className="mt-2 flex flex-col gap-1 text-small text-faint">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      {rows.length > 0 && (
        <Disclosure className="mt-2 text-small" title="Where the prices are from">
          <ul aria-label="Sources of the prices" className="flex flex-col gap-2 text-muted">
            {rows.map((row) => (
              <li key={row.item}>
                <span className="font-medium text-ink">{row.item}</span>
                {row.region ? ` in ${row.region}` : ""}:{" "}
                <span className="figures">
                  ${row.usd} {row.per === "hour" ? "an hour" : "a gigabyte and month"}
                </span>
                , looked up on {row.lookedUp} at{" "}
                <a
                  href={row.source}
                  className="break-all text-accent underline"
                  rel="noreferrer"
                  target="_blank"
                >
                  {row.source.replace("https://", "")}
                </a>
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </Panel>
  );
}

function Amounts({ least, most }: Pick<PriceLine, "least" | "most">) {
  return (
    <>
      <td className="figures py-1 pl-3 text-right whitespace-nowrap">{between(least, most, 1, 3)}</td>
      <td className="figures py-1 pl-3 text-right whitespace-nowrap">
        {between(least, most, hoursPerMonth, 2)}
      </td>
    </>
  );
}

/** With as few nodes as the autoscaler leaves, and with as many as it makes. */
function between(least: number | null, most: number | null, factor: number, digits: number): string {
  const [low, high] = [least, most].map((usd) => ((usd ?? 0) * factor).toFixed(digits));
  return low === high ? `${low}` : `${low}–${high}`;
}

function firstUpper(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
