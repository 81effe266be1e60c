"""The pages and the API of check-in; `checkin.web.app` puts them together."""
