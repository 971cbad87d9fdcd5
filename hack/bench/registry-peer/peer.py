"""One transfer between a file and GridFS by pymongo, in a process of its own, as its users do it."""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from pathlib import Path

import gridfs
import pymongo
from bson import ObjectId


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=["put", "get", "read"])
    parser.add_argument("--path", default="")
    parser.add_argument("--ranges", default="")
    parser.add_argument("--chunk-size", type=int, default=255 * 1024)
    options = parser.parse_args()
    client: pymongo.MongoClient = pymongo.MongoClient(os.environ["BENCH_MONGODB_URI"])
    database = client.get_default_database()
    bucket = gridfs.GridFSBucket(database, "peer")
    database.command("ping")
    # The indexes are there before the clock starts, as they are for ours.
    bucket.delete(bucket.upload_from_stream("first", b"x"))
    ranges = [tuple(map(int, text.split(":"))) for text in options.ranges.split(",") if text]
    begin = time.monotonic()
    if options.action == "put":
        with open(options.path, "rb") as file:
            bucket.upload_from_stream("bench", file, chunk_size_bytes=options.chunk_size)
        count = Path(options.path).stat().st_size
    elif options.action == "get":
        with open(options.path, "wb") as file:
            bucket.download_to_stream(newest(database), file)
            count = file.tell()
            # Ours is on the disk too when it says so.
            file.flush()
            os.fsync(file.fileno())
    else:
        count = 0
        with bucket.open_download_stream(newest(database)) as stream:
            for start, end in ranges:
                stream.seek(start)
                count += len(stream.read(end - start))
    seconds = time.monotonic() - begin
    usage = resource.getrusage(resource.RUSAGE_SELF)
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    print(
        json.dumps(
            {
                "bytes": count,
                "seconds": seconds,
                "cpuSeconds": usage.ru_utime + usage.ru_stime,
                "peakBytes": peak * 1024,
            }
        )
    )


def newest(database: pymongo.database.Database) -> ObjectId:
    return database["peer.files"].find_one(sort=[("uploadDate", -1)])["_id"]


if __name__ == "__main__":
    main()
