"""What the badge reader says, in the language of the request: `words` of `<badge-reader>`."""

from shared.web.texts import translate as _


def reader_words() -> dict[str, str]:
    """Every text by its key, as `static/reader/words.js` has them in English."""
    return {
        "start": _("Camera on"),
        "stop": _("Camera off"),
        "torch": _("Light"),
        "zoom": _("Zoom"),
        "other_camera": _("Other camera"),
        "again": _("Try again"),
        "starting": _("The camera is starting"),
        "starting_line": _("Does your phone ask whether it may? Choose: allow."),
        "reading": _("Hold the badge in front of the camera"),
        "hidden": _("The camera rests"),
        "hidden_line": _("It goes on when you are back on this page."),
        "denied": _("The camera may not be used"),
        "denied_line": _("Allow it with the lock beside the address, then try again. Search by name works without it."),
        "missing": _("There is no camera on this device"),
        "missing_line": _("Use a hand scanner, or search by name."),
        "busy": _("Another app has the camera"),
        "busy_line": _("Close that app, then try again. Meanwhile search by name."),
        "unsupported": _("The camera does not work here"),
        "unsupported_line": _("Open the page with the link that you got (https), or search by name."),
        "failed": _("The camera stopped"),
        "failed_line": _("Try again. Nothing is lost; meanwhile search by name."),
        "hint_wedge": _("A hand scanner works too."),
        "nfc_start": _("NFC on"),
        "nfc_reading": _("NFC is on: hold the card against the phone."),
        "nfc_denied": _("NFC may not be used: allow it in the browser."),
        "nfc_missing": _("NFC is off: switch it on in the phone's settings."),
    }
