"""Drives the simulator with aliyun-python-sdk-ecs: signature version 1, by POST and by GET."""
import json
import sys

from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkecs.request.v20140526 import (
    AssignPrivateIpAddressesRequest as assign_,
    AttachNetworkInterfaceRequest as attach_,
    CreateNetworkInterfaceRequest as create_,
    DeleteNetworkInterfaceRequest as delete_,
    DescribeInstancesRequest as instances_,
    DescribeInstanceTypesRequest as types_,
    DescribeNetworkInterfacesRequest as interfaces_,
    DetachNetworkInterfaceRequest as detach_,
    UnassignPrivateIpAddressesRequest as unassign_,
)

endpoint = sys.argv[1]


def client(secret):
    made = AcsClient("ak", secret, "cn-hangzhou", auto_retry=False)
    return made


acs = client("sk")


def prepared(request, **values):
    request.set_endpoint(endpoint)
    request.set_protocol_type("http")
    for name, value in values.items():
        getattr(request, "set_" + name)(value)
    return request


def call(request, **values):
    return json.loads(acs.do_action_with_exception(prepared(request, **values)))


def create(token, **values):
    request = create_.CreateNetworkInterfaceRequest()
    request.set_Tags([{"Key": "creator", "Value": "c=平面+*~/ x"}])
    return call(request, VSwitchId="vsw-a", SecurityGroupIdss=["sg-1"], ClientToken=token, **values)


made = create("t-1", SecondaryPrivateIpAddressCount=2)
assert create("t-1", SecondaryPrivateIpAddressCount=2)["NetworkInterfaceId"] == made["NetworkInterfaceId"]
eni = made["NetworkInterfaceId"]
assert made["MacAddress"] and made["Status"] == "Available", made
assert len(made["PrivateIpSets"]["PrivateIpSet"]) == 3, made
for i in range(2, 14):
    create("t-%d" % i)

call(attach_.AttachNetworkInterfaceRequest(), NetworkInterfaceId=eni, InstanceId="i-1")
shown = call(interfaces_.DescribeNetworkInterfacesRequest(), NetworkInterfaceIds=[eni])
shown = shown["NetworkInterfaceSets"]["NetworkInterfaceSet"][0]
assert shown["Status"] == "InUse" and shown["InstanceId"] == "i-1", shown
assert shown["Attachment"]["InstanceId"] == "i-1" and shown["Attachment"]["DeviceIndex"] == 1, shown
assert shown["Tags"]["Tag"] == [{"TagKey": "creator", "TagValue": "c=平面+*~/ x"}], shown

answer = call(assign_.AssignPrivateIpAddressesRequest(), NetworkInterfaceId=eni, SecondaryPrivateIpAddressCount=1)
added = answer["AssignedPrivateIpAddressesSet"]["PrivateIpSet"]["PrivateIpAddress"]
assert len(added) == 1, answer
call(unassign_.UnassignPrivateIpAddressesRequest(), NetworkInterfaceId=eni, PrivateIpAddresss=added)

# Both ways of paging.
seen, token = [], ""
while True:
    values = {"MaxResults": 10}
    if token:
        values["NextToken"] = token
    page = call(interfaces_.DescribeNetworkInterfacesRequest(), **values)
    seen += [e["NetworkInterfaceId"] for e in page["NetworkInterfaceSets"]["NetworkInterfaceSet"]]
    token = page["NextToken"]
    if not token:
        break
numbered, number = [], 1
while True:
    page = call(interfaces_.DescribeNetworkInterfacesRequest(), PageNumber=number, PageSize=10)
    numbered += [e["NetworkInterfaceId"] for e in page["NetworkInterfaceSets"]["NetworkInterfaceSet"]]
    if len(numbered) >= page["TotalCount"]:
        break
    number += 1
assert seen == numbered and len(set(seen)) == 14, (seen, numbered)

by_get = instances_.DescribeInstancesRequest()
by_get.set_method("GET")
assert call(by_get, InstanceIds='["i-1"]')["Instances"]["Instance"][0]["Status"] == "Running"

types = call(types_.DescribeInstanceTypesRequest(), InstanceTypess=["ecs.g7.xlarge"])
assert types["InstanceTypes"]["InstanceType"][0]["EniPrivateIpAddressQuantity"] == 15, types

call(detach_.DetachNetworkInterfaceRequest(), NetworkInterfaceId=eni, InstanceId="i-1")
call(delete_.DeleteNetworkInterfaceRequest(), NetworkInterfaceId=eni)
gone = call(interfaces_.DescribeNetworkInterfacesRequest(), NetworkInterfaceIds=[eni])
assert gone["TotalCount"] == 0, gone

try:
    call(delete_.DeleteNetworkInterfaceRequest(), NetworkInterfaceId="eni-none")
    raise AssertionError("deleting nothing was accepted")
except ServerException as refused:
    assert refused.get_http_status() == 404 and refused.get_error_code() == "InvalidEniId.NotFound", refused
    assert refused.get_request_id(), refused

try:
    client("wrong").do_action_with_exception(prepared(instances_.DescribeInstancesRequest()))
    raise AssertionError("a wrong secret was accepted")
except (ServerException, ClientException) as refused:
    # The SDK found the server's string to sign equal to its own.
    assert refused.get_error_code() in ("InvalidAccessKeySecret", "SDK.InvalidAccessKeySecret"), refused

print("old sdk ok")
