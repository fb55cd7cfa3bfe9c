"""Starts MiniStack behind a door.

By itself it answers whoever reaches its port: any web page that the user visits (it allows every origin), and any
other user of the machine, who could erase all results or run code through it. Here it answers only requests that
carry this home's key, come from no browser, name a loopback host, and ask for a service that is used. In a container,
DOOR_HOSTS has the names by which its neighbours know it.

By itself it also acknowledges objects that it could not write, for want of room, and forgets them at its next start.
Here what is acknowledged is on disk, and what is not has changed nothing.
"""

import hmac
import json
import os
import re

from ministack import app as ministack
from ministack.services import s3

emulator = ministack.app
access_key = os.environ["AWS_ACCESS_KEY_ID"].encode()
hosts = ["127.0.0.1", "localhost", "[::1]", *filter(None, os.environ.get("DOOR_HOSTS", "").split(","))]
own_host = re.compile(rb"(%s)(:\d+)?" % b"|".join(re.escape(host.encode()) for host in hosts))
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
    named = headers.get(b"host", [])
    if len(named) != 1 or not own_host.fullmatch(named[0]):
        return f"the host must be one of {', '.join(hosts)}"
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


class NotStored(Exception):
    pass


persist_object, write, dispatch = s3._persist_object, s3._atomic_write, s3._dispatch
# Files of the object that is being stored, written whole beside those that they are to replace.
staged = None


def stage(path, data, *, text=False):
    if staged is None:
        return write(path, data, text=text)
    beside = path + ".staged"
    write(beside, data, text=text)
    staged.append((beside, path))


def store_object(bucket, key, obj):
    """Keeps the files as they were where not all of them could be written."""
    global staged
    staged = []
    try:
        persist_object(bucket, key, obj)
        # It logs whatever goes wrong, and takes the body out of memory once that is on disk.
        if isinstance(obj, dict) and obj.get("body") is not None:
            raise NotStored
        for beside, path in staged:
            os.replace(beside, path)
    finally:
        for beside, _ in staged:
            if os.path.exists(beside):
                os.remove(beside)
        staged = None


def answer(method, bucket, key, headers, body, query):
    objects = (s3._buckets.get(bucket) or {"objects": {}})["objects"]
    before = objects.get(key)
    try:
        return dispatch(method, bucket, key, headers, body, query)
    except (NotStored, OSError):
        if before is None:
            objects.pop(key, None)
        else:
            objects[key] = before
        return s3._error("ServiceUnavailable", "It cannot be written: the log of the emulator says why.", 503)


s3._atomic_write, s3._persist_object, s3._dispatch = stage, store_object, answer
ministack.app = door
ministack.main()
