"""Everything in an emulated account but what every account has: a JSON document a line, by AWS's own clients."""

import json
import sys

from botocore.session import Session

session = Session()


def client(service):
    return session.create_client(
        service,
        region_name="us-east-1",
        endpoint_url=sys.argv[1],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def tell(kind, name, tags=None, vpc=None, id=None):
    print(json.dumps({"kind": kind, "name": name, "tags": tags or {}, "vpc": vpc, "id": id or name}))


def tags_of(one):
    return {tag["Key"]: tag["Value"] for tag in one.get("Tags", [])}


ec2 = client("ec2")
vpcs = [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]
own = {vpc["VpcId"] for vpc in vpcs}
for vpc in vpcs:
    tell("vpc", vpc["VpcId"], tags_of(vpc))
for kind, key, things in [
    ("subnet", "SubnetId", ec2.describe_subnets()["Subnets"]),
    ("security-group", "GroupName", ec2.describe_security_groups()["SecurityGroups"]),
    ("route-table", "RouteTableId", ec2.describe_route_tables()["RouteTables"]),
    ("vpc-endpoint", "VpcEndpointId", ec2.describe_vpc_endpoints()["VpcEndpoints"]),
]:
    for one in things:
        if one["VpcId"] in own:
            tell(kind, one[key], tags_of(one), one["VpcId"], one.get("GroupId"))
for one in ec2.describe_internet_gateways()["InternetGateways"]:
    attached = [attachment["VpcId"] for attachment in one.get("Attachments", [])]
    if not attached or attached[0] in own:
        tell("internet-gateway", one["InternetGatewayId"], tags_of(one))

ecs = client("ecs")
for cluster in ecs.list_clusters()["clusterArns"]:
    tell("cluster", cluster)
    for service in ecs.list_services(cluster=cluster)["serviceArns"]:
        tell("service", service)
for task in ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"]:
    tell("task-definition", task)

for role in client("iam").list_roles()["Roles"]:
    tell("role", role["RoleName"])
for group in client("logs").describe_log_groups()["logGroups"]:
    tell("log-group", group["logGroupName"])

kinesis = client("kinesis")
for name in kinesis.list_streams()["StreamNames"]:
    tell("stream", name)

elb = client("elbv2")
for balancer in elb.describe_load_balancers()["LoadBalancers"]:
    tell("load-balancer", balancer["LoadBalancerName"])
for group in elb.describe_target_groups()["TargetGroups"]:
    tell("target-group", group["TargetGroupName"])
for system in client("efs").describe_file_systems()["FileSystems"]:
    tell("file-system", system["FileSystemId"], tags_of(system))
for bucket in client("s3").list_buckets()["Buckets"]:
    tell("bucket", bucket["Name"])
for alarm in client("cloudwatch").describe_alarms()["MetricAlarms"]:
    tell("alarm", alarm["AlarmName"])
