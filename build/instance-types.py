#!/usr/bin/env python3
"""Writes the packaged table of instance types from what EC2's DescribeInstanceTypes answered.

    build/instance-types.py SOURCE ORIGIN > eni-manager/src/main/resources/io/vpceni/eni/instance-types.csv

SOURCE is either of these, also with gzip around it; ORIGIN says in the table's head where it is from.
  - the JSON of `aws ec2 describe-instance-types --output json`
  - moto/ec2/resources/instance_types.json.gz of a moto or moto-ext wheel: recorded answers of EC2, by type. The wheel
    that integration-tests/localstack/requirements.lock pins has it:
        pip download --no-deps --require-hashes -r integration-tests/localstack/requirements.lock
"""

import gzip
import json
import sys

# In "Maximum IP addresses per network interface" of the EC2 user guide, and not in what was recorded.
GUIDE = {"i3.metal": ("none", 50, [15])}


def described(path):
    with open(path, "rb") as source:
        data = source.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    answer = json.loads(data)
    if "InstanceTypes" in answer:
        return {one["InstanceType"]: one for one in answer["InstanceTypes"]}
    return answer


def row(one):
    network = one["NetworkInfo"]
    cards = sorted(network["NetworkCards"], key=lambda card: card["NetworkCardIndex"])
    if [card["NetworkCardIndex"] for card in cards] != list(range(len(cards))):
        raise ValueError(f"{one['InstanceType']}: the network cards are not numbered from 0")
    enis = [card["MaximumNetworkInterfaces"] for card in cards]
    hypervisor = "none" if one.get("BareMetal") else one.get("Hypervisor", "none")
    return hypervisor, network["Ipv4AddressesPerInterface"], enis


def main(path, origin):
    rows = dict(GUIDE)
    rows.update({name: row(one) for name, one in described(path).items()})
    print("# What EC2 instance types allow. Written by build/instance-types.py; do not edit.")
    print(f"# Source: {origin}")
    print(f"# Besides, from the EC2 user guide: {', '.join(sorted(GUIDE))}")
    print("# enis: by network card, from card 0; addresses: IPv4 on each ENI, its own included; hypervisor none: metal.")
    print("type,hypervisor,addresses,enis")
    for name in sorted(rows):
        hypervisor, addresses, enis = rows[name]
        print(f"{name},{hypervisor},{addresses},{'+'.join(map(str, enis))}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
