/** A connection to a database can't be made. Apart from `database-away`, as `npm start` runs before there is a Prisma client. */
export class DatabaseUnreachable extends Error {
  override readonly name = "DatabaseUnreachable";
}
