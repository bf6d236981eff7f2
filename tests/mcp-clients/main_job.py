"""The main job through the MCP client in Python that others wrote.

    python main_job.py MODE ANYON REPOSITORY

MODE is `legacy` (a session begins with `initialize`) or `auto` (the newest way that both sides know). The data folder
and the rest of the world come from the environment.
"""

import asyncio
import json
import os
import sys

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.shared.exceptions import MCPError


def read(result):
    said = json.loads(result.content[0].text)
    assert not result.is_error, said
    assert result.structured_content == said, "text and structure say the same"
    return said


async def main(mode, anyon, repository):
    server = StdioServerParameters(command=anyon, args=["--mcp"], env=dict(os.environ))
    calls = 0
    async with Client(server, mode=mode) as client:

        async def call(name, **arguments):
            nonlocal calls
            calls += 1
            return read(await client.call_tool(name, arguments))

        names = {tool.name for tool in (await client.list_tools()).tools}
        assert {"list_projects", "create_task_attempt", "wait_for_attempt", "merge_attempt"} <= names, names
        assert len((await client.list_prompts()).prompts) >= 2

        project = await call("create_project", git_repo_path=repository)
        task = await call("create_task", project_id=project["project_id"], title="Say goodbye")
        attempt = await call("create_task_attempt", task_id=task["task_id"], executor="DEMO", approve="edits")
        attempt_id = attempt["attempt_id"]
        answered = 0
        stands = await call("wait_for_attempt", attempt_id=attempt_id, timeout_seconds=45)
        while stands["status"] == "waiting":
            for approval in stands["approvals"]:
                await call("answer_approval", approval_id=approval["approval_id"], status="approved")
                answered += 1
            stands = await call("wait_for_attempt", attempt_id=attempt_id, timeout_seconds=45)
        assert stands["status"] == "idle" and answered > 0, stands
        diff = await call("get_attempt_diff", attempt_id=attempt_id, format="patch")
        assert "+++ b/" in json.dumps(diff), diff
        await call("merge_attempt", attempt_id=attempt_id)
        assert calls <= 12, calls
        assert (await call("get_task", task_id=task["task_id"]))["task"]["status"] == "done"

        resources = (await client.list_resources()).resources
        assert any(str(resource.uri) == f"anyon://attempts/{attempt_id}/diff" for resource in resources)
        patch = await client.read_resource(f"anyon://attempts/{attempt_id}/diff")
        assert "diff --git" in patch.contents[0].text

        refused = await client.call_tool("get_attempt_status", {"attempt_id": "ANY-99.1"})
        assert refused.is_error and json.loads(refused.content[0].text)["code"] == "not_found"
        for wrong in [{}, {"attempt_id": 7}, {"attempt_id": attempt_id, "more": "x" * 100_000}]:
            assert (await client.call_tool("get_attempt_status", wrong)).is_error, list(wrong)
        try:
            await client.call_tool("no_such_tool", {})
        except MCPError as error:
            assert error.code == -32602, error
        else:
            raise AssertionError("a tool that is not there was called")
        print(f"mcp for Python, {mode}, protocol {client.protocol_version}: the main job took {calls} calls in all")


asyncio.run(main(*sys.argv[1:]))
