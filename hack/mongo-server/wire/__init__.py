"""MongoDB's wire protocol: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/"""
