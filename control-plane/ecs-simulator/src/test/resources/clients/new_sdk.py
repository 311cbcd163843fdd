"""Drives the simulator with alibabacloud_ecs20140526, today's SDK: signature version 3."""
import sys

from alibabacloud_ecs20140526 import models as m
from alibabacloud_ecs20140526.client import Client
from alibabacloud_tea_openapi import models as open_api

config = open_api.Config(
    access_key_id="ak", access_key_secret="sk", endpoint=sys.argv[1], protocol="http", region_id="cn-hangzhou"
)
ecs = Client(config)
R = "cn-hangzhou"

made = ecs.create_network_interface(
    m.CreateNetworkInterfaceRequest(
        region_id=R,
        v_switch_id="vsw-a",
        security_group_ids=["sg-1"],
        client_token="new-1",
        secondary_private_ip_address_count=1,
        tag=[m.CreateNetworkInterfaceRequestTag(key="creator", value="c=平面+*~/ x")],
    )
).body
eni = made.network_interface_id
ecs.attach_network_interface(m.AttachNetworkInterfaceRequest(region_id=R, network_interface_id=eni, instance_id="i-1"))
shown = ecs.describe_network_interfaces(
    m.DescribeNetworkInterfacesRequest(region_id=R, network_interface_id=[eni])
).body.network_interface_sets.network_interface_set[0]
assert shown.status == "InUse" and shown.attachment.device_index == 1, shown
assert shown.tags.tag[0].tag_value == "c=平面+*~/ x", shown
added = ecs.assign_private_ip_addresses(
    m.AssignPrivateIpAddressesRequest(region_id=R, network_interface_id=eni, secondary_private_ip_address_count=2)
).body.assigned_private_ip_addresses_set.private_ip_set.private_ip_address
assert len(added) == 2, added
ecs.unassign_private_ip_addresses(
    m.UnassignPrivateIpAddressesRequest(region_id=R, network_interface_id=eni, private_ip_address=added)
)
instance = ecs.describe_instances(m.DescribeInstancesRequest(region_id=R, instance_ids='["i-1"]')).body
assert instance.instances.instance[0].instance_type == "ecs.g7.large", instance
types = ecs.describe_instance_types(m.DescribeInstanceTypesRequest(instance_types=["ecs.g7.large"])).body
assert types.instance_types.instance_type[0].eni_quantity == 3, types
vswitches = ecs.describe_vswitches(m.DescribeVSwitchesRequest(region_id=R, v_switch_id="vsw-a")).body
assert vswitches.v_switches.v_switch[0].cidr_block == "10.1.0.0/24", vswitches
ecs.detach_network_interface(m.DetachNetworkInterfaceRequest(region_id=R, network_interface_id=eni, instance_id="i-1"))
ecs.delete_network_interface(m.DeleteNetworkInterfaceRequest(region_id=R, network_interface_id=eni))
try:
    ecs.detach_network_interface(
        m.DetachNetworkInterfaceRequest(region_id=R, network_interface_id=eni, instance_id="i-1")
    )
    raise AssertionError("detaching nothing was accepted")
except Exception as refused:
    assert getattr(refused, "code", None) == "InvalidEniId.NotFound", refused

print("new sdk ok")
