"use client";

import { useState } from "react";
import { Monitor, Moon, Sun } from "lucide-react";
import { themeCookie, themes, type Theme } from "#components/shell/theme.ts";

const looks = {
  system: { title: "System", Icon: Monitor },
  light: { title: "Light", Icon: Sun },
  dark: { title: "Dark", Icon: Moon },
};

const YEAR_SECONDS = 31_536_000;

/** Light, dark, or as the system says. A cookie keeps it, so that the server's first answer has it. */
export function ThemeChoice({ initial }: { initial: Theme }) {
  const [chosen, setChosen] = useState(initial);
  const choose = (theme: Theme) => {
    setChosen(theme);
    document.cookie = `${themeCookie}=${theme};path=/;max-age=${YEAR_SECONDS};samesite=lax`;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  return (
    <fieldset className="flex w-fit rounded-md border bg-sunken p-0.5">
      <legend className="sr-only">Colours</legend>
      {themes.map((theme) => {
        const { title, Icon } = looks[theme];
        return (
          <label
            key={theme}
            title={title}
            className="flex h-6 w-8 items-center justify-center rounded-sm text-faint has-checked:bg-surface has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent max-md:h-9 max-md:w-11"
          >
            <input
              type="radio"
              name="theme"
              value={theme}
              aria-label={title}
              checked={chosen === theme}
              onChange={() => choose(theme)}
              className="sr-only"
            />
            <Icon aria-hidden className="size-4" />
          </label>
        );
      })}
    </fieldset>
  );
}
