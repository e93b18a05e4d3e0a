import { compact, headers, sample, type Call } from "#components/deployments/snippet-call.ts";
import { pythonByName, typescriptByName } from "#components/deployments/snippets-by-name.ts";

export type Language = "curl" | "python" | "typescript";

/** Node reads TypeScript by itself since then; what is older refuses the file's ending. */
const howToRun = "// Saved as call.ts: node call.ts (Node 22.18 or newer)";

/** Code that calls the endpoint with the model's own example, with nothing but what the language brings along. */
export function snippet(language: Language, call: Call): string {
  switch (language) {
    case "curl":
      return call.example.sampleFile ? curlWithFile(call) : curl(call);
    case "python":
      return call.named ? pythonByName(call, call.named) : python(call);
    case "typescript":
      return `${howToRun}\n${call.named ? typescriptByName(call, call.named) : typescript(call)}`;
  }
}

function address({ url, example, named }: Call): string {
  return (named ? `https://${named.name}:${named.port}` : url.replace(/\/$/, "")) + example.path;
}

/** For a POSIX shell: nothing within single quotes means anything but itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function curl(call: Call): string {
  return [
    `${savedCertificate(call)}curl -s${trusting(call)} -X ${call.example.method} ${quoted(address(call))}`,
    ...headers(call).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`),
    `  -d ${quoted(compact(call.example.body))}`,
  ].join(" \\\n");
}

function curlWithFile(call: Call): string {
  return [
    `${savedCertificate(call)}curl -s ${quoted(sample(call))} | \\\ncurl -s${trusting(call)} -X ${call.example.method} ${quoted(address(call))}`,
    ...headers(call).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`),
    "  --data-binary @-",
  ].join(" \\\n");
}

function savedCertificate({ certificate }: Call): string {
  return certificate ? `cat > endpoint.pem <<'END'\n${certificate.trim()}\nEND\n` : "";
}

function trusting({ certificate, named }: Call): string {
  const trusted = certificate ? " --cacert endpoint.pem" : "";
  if (!named) return trusted;
  const ip = named.ip.includes(":") ? `[${named.ip}]` : named.ip;
  return `${trusted} --connect-to ${quoted(`${named.name}:${named.port}:${ip}:${named.port}`)}`;
}

function python(call: Call): string {
  const text = JSON.stringify;
  const data = call.example.sampleFile
    ? `urllib.request.urlopen(${text(sample(call))}).read()`
    : `${text(compact(call.example.body))}.encode()`;
  const secure = call.certificate
    ? [
        "",
        "context = ssl.create_default_context()",
        `context.load_verify_locations(cadata="""${call.certificate.trim()}""")`,
        // The certificate may come with who issued it, and without whoever stands above that.
        "context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN",
      ]
    : [];
  return [
    ...(call.certificate ? ["import ssl"] : []),
    "import urllib.request",
    ...secure,
    "",
    "request = urllib.request.Request(",
    `    ${text(address(call))},`,
    `    data=${data},`,
    "    headers={",
    ...headers(call).map(([name, value]) => `        ${text(name)}: ${text(value)},`),
    "    },",
    `    method=${text(call.example.method)},`,
    ")",
    `with urllib.request.urlopen(request${call.certificate ? ", context=context" : ""}) as answer:`,
    "    print(answer.read().decode())",
  ].join("\n");
}

function typescript(call: Call): string {
  return call.certificate ? trustingTypescript(call, call.certificate) : fetching(call);
}

function fetching(call: Call): string {
  const body = call.example.sampleFile
    ? `await (await fetch(${JSON.stringify(sample(call))})).blob()`
    : jsonBody(call);
  return [
    `const answer = await fetch(${JSON.stringify(address(call))}, {`,
    ...methodAndHeaders(call),
    `  body: ${body},`,
    "});",
    "console.log(await answer.text());",
    // Makes the file a module, so that it may wait at its top.
    "export {};",
  ].join("\n");
}

/** `fetch` can't be told to trust a certificate without the root of its chain. */
function trustingTypescript(call: Call, certificate: string): string {
  const body = call.example.sampleFile
    ? `Buffer.from(await (await fetch(${JSON.stringify(sample(call))})).arrayBuffer())`
    : jsonBody(call);
  return [
    `import https from "node:https";`,
    `import { text } from "node:stream/consumers";`,
    "",
    `const request = https.request(${JSON.stringify(address(call))}, {`,
    ...methodAndHeaders(call),
    `  ca: \`${certificate.trim()}\`,`,
    "  allowPartialTrustChain: true,",
    "});",
    `request.on("response", async (answer) => console.log(await text(answer)));`,
    `request.end(${body});`,
  ].join("\n");
}

function methodAndHeaders(call: Call): string[] {
  return [
    `  method: ${JSON.stringify(call.example.method)},`,
    "  headers: {",
    ...headers(call).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},`),
    "  },",
  ];
}

function jsonBody({ example }: Call): string {
  return `JSON.stringify(${example.body.replaceAll("\n", "\n  ")})`;
}
