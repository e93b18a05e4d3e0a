import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Who may import what (docs/architecture.md). A pattern says what a folder may not import, and the message what
// to do instead.
const noApp = {
  regex: "^#app/|^(\\.\\./)+app/",
  message: "Nothing imports app: move what is needed to components (if it renders) or lib (if it doesn't).",
};
const noComponents = {
  regex: "^#components/|^(\\.\\./)+components/",
  message: "Only app and components import components: logic that is needed here belongs in lib.",
};
const noInfra = {
  regex: "^#infra/|^(\\.\\./)+infra/",
  message:
    "Pages and lib never import infra: they read rows that the worker and the runtime write. Types that both need belong in lib.",
};
const noPulumi = {
  regex: "^@pulumi/",
  message: "Only infra imports Pulumi. A page shows what the worker wrote down.",
};
const noReact = {
  regex: "^react(-dom)?(/|$)",
  message: "lib has no React: rendering belongs in components.",
};
const noNext = {
  regex: "^next(/|$)",
  message: "In lib, Next is known to lib/web alone: take what you need as an argument.",
};
const noSpawning = {
  regex: "^(node:)?child_process$",
  message: "Only infra starts processes: write a row and let the worker or the runtime do it.",
};
const clientSafe = {
  regex: "^#lib/(db|env)\\.ts$|^#lib/(auth|audit|secrets|tools|web)/|^#prisma/",
  message: "A component may run in the browser: take data as props, or import types only (import type).",
  allowTypeImports: true,
};

const restrict = (files, ...patterns) => ({
  files,
  rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
});

const noProcessEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "Settings are read once, by lib/env.ts: take what you need as an argument.",
};

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      ".next/",
      "prisma/generated/",
      "next-env.d.ts",
      "test-results/",
      "playwright-report/",
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingUnknown: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Pids, ports that were asked for and rows that were just counted are there: `!` says so.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["app/**", "components/**"],
    plugins: { "react-hooks": reactHooks },
    rules: { "react-hooks/rules-of-hooks": "error", "react-hooks/exhaustive-deps": "error" },
  },

  restrict(["app/**"], noInfra, noPulumi, noSpawning),
  restrict(["components/**"], noApp, noInfra, noPulumi, noSpawning, clientSafe),
  restrict(["lib/**"], noApp, noComponents, noInfra, noPulumi, noSpawning, noReact, noNext),
  // React's own `cache` belongs to a request, which is what lib/web is about.
  restrict(["lib/web/**"], noApp, noComponents, noInfra, noPulumi, noSpawning),
  restrict(["infra/**"], noApp, noComponents, noReact, noNext),
  restrict(["prisma/**"], noApp, noComponents, noReact, noNext, noPulumi),

  {
    files: ["app/**", "components/**", "lib/**", "infra/**"],
    ignores: [
      "lib/env.ts",
      // the entries of processes, what builds a child's environment, and tests
      "infra/**/main.ts",
      "infra/models/serve.ts",
      "infra/start/**",
      "infra/postgres/embedded.ts",
      "infra/tools/run.ts",
      "infra/worker/runner-process.ts",
      "infra/local-runtime/replicas/environment.ts",
      "infra/local-runtime/haproxy/process.ts",
      "**/*.test.ts",
      "**/*-for-test.ts",
    ],
    rules: { "no-restricted-syntax": ["error", noProcessEnv] },
  },
);
