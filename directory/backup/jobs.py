"""What keeps backups without anybody thinking of it."""

from flask import current_app

from directory.backup import making
from directory.config import Settings
from directory.db import now


def back_up() -> str:
    """A backup into BACKUP_FOLDER, and the old ones thinned out; nothing where it is not set."""
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.backup_folder
    if folder is None:
        return "BACKUP_FOLDER is not set"
    path = making.create(settings, folder, making.recipients(settings.backup_for))
    dropped, gone = making.thin(folder, now()), making.drop_files(folder, now())
    return f"made {path.name}, dropped {dropped} backups and {gone} copies of files"
