"""Runs the star in Mininet: reads one verb per line, and answers each with a line of JSON. The argument is a file with the lab."""

import json
import subprocess
import sys
import time

from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.nodelib import LinuxBridge


def create(lab):
    # By default Mininet adds a controller to each bridge, which is not needed here.
    net = Mininet(controller=None, switch=LinuxBridge)
    lan = net.addSwitch("lan1")
    for host in lab["hosts"]:
        node = net.addHost(host["name"], ip=host["address"], defaultRoute=f"via {lab['gateway'].split('/')[0]}")
        net.addLink(node, lan)
    net.start()
    lan.cmd("ip", "address", "add", lab["gateway"], "dev", "lan1")
    subprocess.run(["nft", "-f", "-"], input=lab["rules"], text=True, check=True)
    return net


def destroy(net):
    subprocess.run(["nft", "-f", "-"], input=lab["unrules"], text=True, check=True)
    net.stop()


def answer(**reply):
    print(json.dumps(reply), flush=True)


setLogLevel("error")
with open(sys.argv[1], encoding="utf8") as file:
    lab = json.load(file)
net = None
answer()
for line in sys.stdin:
    start = time.monotonic()
    try:
        if line.strip() == "create":
            net = create(lab)
        else:
            destroy(net)
        ms = (time.monotonic() - start) * 1000
        answer(ms=ms, pids={host.name: host.pid for host in net.hosts})
    except Exception as error:
        answer(error=repr(error))
