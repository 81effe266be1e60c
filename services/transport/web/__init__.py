"""The API of transport below `/transport`; `transport.web.app` puts it together."""
