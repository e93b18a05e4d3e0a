/** A sealed text in the table `setting`: it opens only with the key that everything else was sealed with. */
export const canary = {
  setting: "sealing_key_canary",
  owner: "setting:sealing_key_canary",
  text: "sluice",
} as const;
