"""What MCP clients cost the host beside them: `python beside.py ANYON CLIENTS SECONDS`.

The host, mostly a window, has to run already; the data folder comes from the environment. Prints the processor time of
the host while nobody is connected, while the clients are connected and silent, and while each asks ten times a second;
and how long the answers took. No package is needed. Linux only.
"""

import json
import os
import pathlib
import subprocess
import sys
import threading
import time

anyon, clients, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
host = json.loads(pathlib.Path(os.environ["ANYON_DATA_DIR"], "host.json").read_text())["pid"]


def used():
    fields = pathlib.Path(f"/proc/{host}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spent(what):
    before = used()
    time.sleep(seconds)
    print(f"{what}: {(used() - before) / seconds * 1000:.1f} ms of processor time a second")


class Session:
    def __init__(self):
        self.process = subprocess.Popen([anyon, "--mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        hello = {
            "protocolVersion": "2025-03-26",
            "capabilities": {},
            "clientInfo": {"name": "beside", "version": "1"},
        }
        self.ask("initialize", hello)
        self.tell({"method": "notifications/initialized"})
        self.took_ms = []

    def tell(self, message):
        self.process.stdin.write((json.dumps({"jsonrpc": "2.0", **message}) + "\n").encode())
        self.process.stdin.flush()

    def ask(self, method, params):
        self.tell({"id": 1, "method": method, "params": params})
        while json.loads(self.process.stdout.readline()).get("id") != 1:
            pass

    def work(self, until):
        while time.monotonic() < until:
            begun = time.perf_counter()
            self.ask("tools/call", {"name": "list_agents", "arguments": {}})
            self.took_ms.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.1)


spent("alone")
sessions = [Session() for _ in range(clients)]
for session in sessions:
    session.ask("tools/call", {"name": "list_agents", "arguments": {}})
time.sleep(1)
spent(f"{clients} silent clients")
until = time.monotonic() + seconds + 1
workers = [threading.Thread(target=session.work, args=(until,)) for session in sessions]
for worker in workers:
    worker.start()
spent(f"{clients} clients that ask ten times a second")
for worker in workers:
    worker.join()
took = sorted(ms for session in sessions for ms in session.took_ms)
print(f"answers: {took[len(took) // 2]:.1f} ms in the middle, {took[len(took) * 99 // 100]:.1f} ms of 99 in 100")
for session in sessions:
    session.process.stdin.close()
    session.process.wait(10)
