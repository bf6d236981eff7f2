// The main job through an MCP client in TypeScript that others wrote, and what goes wrong with it.
//
//     node main_job.mjs SDK PROTOCOL ANYON REPOSITORY
//
// SDK is the package of the client, PROTOCOL the version that it has to agree on with the server. The data folder and
// the rest of the world come from the environment.
import assert from "node:assert/strict";

const [sdk, protocol, anyon, repository] = process.argv.slice(2);
const { Client } = await import(`${sdk}/client/index.js`);
const { StdioClientTransport } = await import(`${sdk}/client/stdio.js`);
const { ResourceUpdatedNotificationSchema } = await import(`${sdk}/types.js`);

const transport = new StdioClientTransport({ command: anyon, args: ["--mcp"], env: process.env, stderr: "inherit" });
// The client says what it agreed on only to its transport, and older ones to nobody.
let agreed;
const hear = transport.start.bind(transport);
transport.start = async () => {
  const heard = transport.onmessage;
  transport.onmessage = (message, extra) => {
    agreed ??= message.result?.protocolVersion;
    heard(message, extra);
  };
  await hear();
};
const client = new Client({ name: "others", version: "1" }, { capabilities: {} });
const updated = new Set();
client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.add(params.uri));
await client.connect(transport);
assert.equal(agreed, protocol);
assert.equal(client.getServerVersion().name, "anyon");

let calls = 0;
async function call(name, args = {}, options = undefined) {
  calls += 1;
  const result = await client.callTool({ name, arguments: args }, undefined, options);
  assert(!result.isError, `${name}: ${result.content?.[0]?.text}`);
  // Clients that know nothing of structured results read the text: both say the same.
  const read = JSON.parse(result.content[0].text);
  assert.deepEqual(result.structuredContent, read, name);
  return read;
}

async function refused(name, args, code) {
  const result = await client.callTool({ name, arguments: args });
  assert(result.isError, `${name} took ${JSON.stringify(args).slice(0, 200)}`);
  const said = JSON.parse(result.content[0].text);
  assert.equal(said.success, false);
  assert.equal(said.code, code, JSON.stringify(said));
}

// What there is.
const { tools } = await client.listTools();
for (const name of ["list_projects", "create_task_attempt", "wait_for_attempt", "answer_approval", "merge_attempt"]) {
  const tool = tools.find((tool) => tool.name === name);
  assert(tool?.inputSchema.type === "object" && tool.annotations, name);
}
const { prompts } = await client.listPrompts();
assert(prompts.length >= 2);
const { resourceTemplates } = await client.listResourceTemplates();
assert(resourceTemplates.some(({ uriTemplate }) => uriTemplate === "anyon://attempts/{attempt_id}/diff"));

// The main job.
const { project_id } = await call("create_project", { git_repo_path: repository });
const { task_id } = await call("create_task", { project_id, title: "Say goodbye", description: "With a check." });
await client.subscribeResource({ uri: `anyon://tasks/${task_id}` });
const { attempt_id } = await call("create_task_attempt", { task_id, executor: "DEMO", base_branch: "main", approve: "edits" });
let beats = 0;
let answered = 0;
const told = { onprogress: () => void (beats += 1) };
let stands = await call("wait_for_attempt", { attempt_id, timeout_seconds: 45 }, told);
while (stands.status === "waiting") {
  for (const { approval_id } of stands.approvals) {
    await call("answer_approval", { approval_id, status: "approved" });
    answered += 1;
  }
  stands = await call("wait_for_attempt", { attempt_id, timeout_seconds: 45 }, told);
}
assert.equal(stands.status, "idle", JSON.stringify(stands));
assert(answered > 0, "nothing was asked");
assert(beats > 0, "a call that takes long tells how it goes");
const diff = await call("get_attempt_diff", { attempt_id });
assert(diff.files.length > 0 && diff.additions > 0, JSON.stringify(diff));
const merged = await call("merge_attempt", { attempt_id });
assert.match(merged.commit, /^[0-9a-f]{40}$/);
assert(calls <= 12, `${calls} calls`);

// What is told and what can be read of it.
assert.equal((await call("get_task", { task_id })).task.status, "done");
assert(updated.has(`anyon://tasks/${task_id}`), "a subscriber hears of it");
const { resources } = await client.listResources();
assert(resources.some(({ uri }) => uri === `anyon://attempts/${attempt_id}/log`));
const log = await client.readResource({ uri: `anyon://attempts/${attempt_id}/log` });
assert(log.contents[0].text.includes("demo agent"));
const prompt = await client.getPrompt({ name: "review_attempt", arguments: { attempt_id } });
assert(prompt.messages.length > 0);

// What goes wrong says so, and nothing ends of it.
await refused("get_task", { task_id: "00000000-0000-7000-8000-000000000000" }, "not_found");
await refused("get_task", {}, "invalid_request");
await refused("create_task", { project_id, title: "x".repeat(5_000) }, "invalid_request");
await refused("create_project", { git_repo_path: "../../etc" }, "invalid_request");
await refused("merge_attempt", { attempt_id }, "wrong_state");
await assert.rejects(client.callTool({ name: "no_such_tool", arguments: {} }), { code: -32602 });
await assert.rejects(client.readResource({ uri: "file:///etc/passwd" }));

// A call that nobody waits for any more.
const { attempt_id: second } = await call("create_task_attempt", {
  task_id: (await call("create_task", { project_id, title: "Another" })).task_id,
  executor: "DEMO",
  approve: "ask",
});
const signal = AbortSignal.timeout(20);
await assert.rejects(client.callTool({ name: "wait_for_attempt", arguments: { attempt_id: second } }, undefined, { signal }));
assert.equal((await call("stop_attempt", { attempt_id: second })).attempt_id, second);
await call("drop_attempt", { attempt_id: second });

await client.close();
console.log(`${sdk}, protocol ${protocol}: the main job took ${calls} calls in all`);
