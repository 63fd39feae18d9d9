import os

from aws_cdk import Stack
from aws_cdk.aws_ecr_assets import DockerImageAsset
from constructs import Construct


class Web(Stack):
    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        DockerImageAsset(self, "image", directory=".", build_args={"NPM_TOKEN": os.environ["NPM_TOKEN"]})
