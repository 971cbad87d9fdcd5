"""The server's own tests: pymongo against a server of each class's own. Run by `hack/mongo --self-test`."""
