import { SluiceError } from "#lib/errors.ts";
import { problemResponse } from "#lib/web/problem.ts";

const all = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof all)[number];

/**
 * Handlers for the methods that an address doesn't take, which say so as a problem: Next's own answer is empty.
 * `export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");`
 *
 * @param taken the methods that the address takes
 */
export function otherMethods<T extends Method>(...taken: T[]): Record<Exclude<Method, T>, () => Response> {
  const allow = taken.join(", ");
  const refuse = () =>
    problemResponse(
      new SluiceError("method_not_allowed", `This address takes ${taken.join(" and ")} alone.`),
      { allow },
    );
  const others = all.filter((method) => !taken.some((one) => one === method));
  return Object.fromEntries(others.map((method) => [method, refuse])) as Record<
    Exclude<Method, T>,
    () => Response
  >;
}
