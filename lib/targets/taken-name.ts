import { SluiceError } from "#lib/errors.ts";
import { Prisma } from "#prisma/generated/client.ts";

/**
 * Does what gives a target its name. Of what is written there, only the name can be there already.
 *
 * @throws SluiceError `name_taken`
 */
export async function refusingTakenName<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== "P2002") throw error;
    const message = `The name "${name}" is taken by another target. Choose another.`;
    throw new SluiceError("name_taken", message, { fields: [{ field: "name", message }] });
  }
}
