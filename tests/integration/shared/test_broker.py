"""Starting a broker on this machine."""



from shared.mqtt import Link
from tests.support.brokers import RunningBroker


def test_a_started_broker_lets_a_service_in_and_stops_in_order(broker: RunningBroker) -> None:
    """A broker that `inloop up` starts can be used at once, and ends with 0 on SIGTERM."""
    link = Link(broker.address("checkin"), client_id="checkin", subscriptions=[("inloop/1/+/sighting/+", 1)])
    link.start()
    try:
        assert link.wait_connected(10)
    finally:
        link.stop()
    assert broker.stop() == 0
