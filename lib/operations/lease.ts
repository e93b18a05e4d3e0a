import { Prisma } from "#prisma/generated/client.ts";

/** How long a worker owns an operation after its last beat. It beats three times as often. */
export const leaseMs = 9_000;

/** Until when a lease holds that is taken or renewed now: by the database's clock, since those of workers differ. */
export const leaseEnd = Prisma.sql`now() + ${leaseMs}::int * interval '1 millisecond'`;

/** Of an `operation`: its worker has stopped beating. */
export const isLeaseOver = Prisma.sql`status = 'running' and lease_until < now()`;
