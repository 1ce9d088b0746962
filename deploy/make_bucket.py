"""
For development: the bucket in AWS_STORAGE_BUCKET_NAME on the server at AWS_S3_ENDPOINT_URL, with the policy of
docs/files.md. Credentials come from the environment, as boto3 reads them.
"""

import os
import re
import sys
import time
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

ATTEMPTS = 60  # one a second: a gateway answers before the store behind it is there
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "files.md"


def main() -> None:
    name = os.environ["AWS_STORAGE_BUCKET_NAME"]
    client = boto3.client("s3", endpoint_url=os.environ["AWS_S3_ENDPOINT_URL"], region_name="ap-south-1")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            if name not in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]:
                client.create_bucket(Bucket=name)
            client.put_bucket_policy(Bucket=name, Policy=policy(name))
            return
        except (BotoCoreError, ClientError) as error:
            if attempt == ATTEMPTS:
                sys.exit(f"There is no bucket {name}: {error}")
            time.sleep(1)


def policy(name: str) -> str:
    found = re.search(r"```json\n(.+?)```", DOCUMENT.read_text(), re.DOTALL)
    if not found:
        sys.exit(f"{DOCUMENT} has no policy.")
    return found[1].replace("YOUR-BUCKET", name)


if __name__ == "__main__":
    main()
