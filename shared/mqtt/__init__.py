"""One MQTT connection for services, scanners and web pages: the only package that knows paho."""

from shared.mqtt.address import BrokerAddress
from shared.mqtt.link import Link
from shared.mqtt.messages import MAX_PACKET, Message, Outgoing

__all__ = ["MAX_PACKET", "BrokerAddress", "Link", "Message", "Outgoing"]
