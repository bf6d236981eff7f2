// A session with `anyon --mcp` through an MCP client that others wrote, led line by line from outside.
//
//     node by_line.mjs SDK ANYON
//
// Each line of standard input is a call, `{"tool": …, "arguments": {…}}`; each line of standard output its answer,
// `{"refused": …, "answer": {…}}`. The data folder and the rest of the world come from the environment.
import { createInterface } from "node:readline";

const [sdk, anyon] = process.argv.slice(2);
const { Client } = await import(`${sdk}/client/index.js`);
const { StdioClientTransport } = await import(`${sdk}/client/stdio.js`);

const transport = new StdioClientTransport({ command: anyon, args: ["--mcp"], env: process.env, stderr: "inherit" });
const client = new Client({ name: "others", version: "1" }, { capabilities: {} });
await client.connect(transport);
for await (const line of createInterface({ input: process.stdin })) {
  const { tool, arguments: args } = JSON.parse(line);
  const result = await client.callTool({ name: tool, arguments: args });
  console.log(JSON.stringify({ refused: result.isError === true, answer: JSON.parse(result.content[0].text) }));
}
await client.close();
