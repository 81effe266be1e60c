"""What every test may ask for."""

pytest_plugins = [
    "tests.support.brokers",
    "tests.support.databases",
    "tests.support.pages",
    "tests.support.reader",
    "tests.support.run_page",
]
