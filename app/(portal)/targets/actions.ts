"use server";

import { changeTarget } from "#lib/targets/change-target.ts";
import { checkTarget } from "#lib/targets/check-target.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { removeTarget } from "#lib/targets/remove-target.ts";
import { defineAction } from "#lib/web/define-action.ts";

const registerAction = defineAction(registerTarget);

export async function register(input: Record<string, string>) {
  return registerAction(input);
}

const changeAction = defineAction(changeTarget);

export async function change(target: string, input: Record<string, string>) {
  return changeAction(target, input);
}

const checkAction = defineAction(checkTarget);

export async function check(target: string) {
  return checkAction(target);
}

const removeAction = defineAction(removeTarget);

export async function remove(target: string) {
  return removeAction(target);
}
