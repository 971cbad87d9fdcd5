"""Who a client is: SCRAM-SHA-256 or the certificate of its TLS connection."""
