"""Starts MiniStack behind a door.

By itself it answers whoever reaches its port: any web page that the user visits (it allows every origin), and any
other user of the machine, who could erase all results or run code through it. Here it answers only requests that
carry this home's key, come from no browser, name a loopback host, and ask for a service that is used.
"""

import hmac
import json
import os
import re

from ministack import app as ministack

emulator = ministack.app
access_key = os.environ["AWS_ACCESS_KEY_ID"].encode()
loopback_host = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
# SigV4 names the key in the header, or in the query of a presigned URL.
credential = re.compile(rb"Credential=([^/,\s]+)/")
query_credential = re.compile(rb"(?:^|&)X-Amz-Credential=([^/&%]+)(?:/|%2F)")
ready_path = "/_ministack/ready"


def refusal(scope):
    """Why a request is refused, or None."""
    headers = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.lower(), []).append(value)
    if scope["type"] != "http":
        return "only HTTP is served here"
    if b"origin" in headers or b"sec-fetch-site" in headers:
        return "requests of web pages are refused"
    hosts = headers.get(b"host", [])
    if len(hosts) != 1 or not loopback_host.fullmatch(hosts[0]):
        return "the host must be 127.0.0.1 or localhost"
    if scope["path"] == ready_path and scope["method"] == "GET":
        return None
    if scope["method"] == "OPTIONS" or scope["path"].startswith(("/_ministack", "/_localstack", "/_aws", "/health")):
        return "the emulator's own paths are not served"
    authorization = headers.get(b"authorization", [])
    given = credential.search(authorization[0]) if len(authorization) == 1 else None
    given = given or query_credential.search(scope.get("query_string", b""))
    if not given or not hmac.compare_digest(given.group(1), access_key):
        return "sign requests with the access key that stack.json of this home names"
    return None


async def door(scope, receive, send):
    reason = None if scope["type"] == "lifespan" else refusal(scope)
    if reason is None:
        return await emulator(scope, receive, send)
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1008})
    body = json.dumps({"__type": "AccessDeniedException", "message": f"Refused: {reason}."}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


ministack.app = door
ministack.main()
