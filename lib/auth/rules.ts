import * as z from "zod";

/** Addresses are compared in lower case. */
export const emailRule = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email("This isn't an e-mail address.").max(254));

export const personNameRule = z.string().trim().min(1, "Enter a name.").max(80, "At most 80 characters.");

/** Length is what makes a password hard to guess; scrypt's cost bounds the upper end. */
export const passwordRule = z
  .string()
  .min(10, "A password has at least 10 characters.")
  .max(128, "A password has at most 128 characters.");
