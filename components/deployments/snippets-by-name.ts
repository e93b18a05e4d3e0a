import { compact, headers, sample, type Call } from "#components/deployments/snippet-call.ts";

type Named = NonNullable<Call["named"]>;

const text = (value: string) => JSON.stringify(value);

/** Connects to the address, and checks the certificate for the name that it is for. */
export function pythonByName(call: Call, { name, ip, port }: Named): string {
  const { example } = call;
  const body = example.sampleFile
    ? `urllib.request.urlopen(${text(sample(call))}).read()`
    : `${text(compact(example.body))}.encode()`;
  return [
    "import http.client, socket, ssl",
    ...(example.sampleFile ? ["import urllib.request"] : []),
    "",
    `context = ssl.create_default_context(cadata="""${(call.certificate ?? "").trim()}""")`,
    // The certificate may come with who issued it, and without whoever stands above that.
    "context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN",
    `connection = http.client.HTTPSConnection(${text(name)}, ${port})`,
    `plain = socket.create_connection((${text(ip)}, ${port}))`,
    `connection.sock = context.wrap_socket(plain, server_hostname=${text(name)})`,
    "connection.request(",
    `    ${text(example.method)},`,
    `    ${text(example.path)},`,
    `    body=${body},`,
    "    headers={",
    ...headers(call).map(([header, value]) => `        ${text(header)}: ${text(value)},`),
    "    },",
    ")",
    "print(connection.getresponse().read().decode())",
  ].join("\n");
}

/** The same; `fetch` alone can't tell the name from the address. */
export function typescriptByName(call: Call, { name, ip, port }: Named): string {
  const { example } = call;
  const body = example.sampleFile
    ? `new Uint8Array(await (await fetch(${text(sample(call))})).arrayBuffer())`
    : `JSON.stringify(${example.body})`;
  return [
    `import https from "node:https";`,
    "",
    "const request = https.request({",
    `  host: ${text(ip)},`,
    `  port: ${port},`,
    `  servername: ${text(name)},`,
    `  ca: \`${(call.certificate ?? "").trim()}\`,`,
    "  allowPartialTrustChain: true,",
    `  method: ${text(example.method)},`,
    `  path: ${text(example.path)},`,
    "  headers: {",
    `    Host: ${text(`${name}:${port}`)},`,
    ...headers(call).map(([header, value]) => `    ${text(header)}: ${text(value)},`),
    "  },",
    "});",
    `request.on("response", (answer) => answer.pipe(process.stdout));`,
    `request.end(${body});`,
  ].join("\n");
}
